"""What a look-up in plan documents found, and how the answer is to be put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.plan_duties import DutyList
from index.plans import Found
from knowledge.models import Plan, Statement

_SHOWN = 4


class Shape(StrEnum):
    """How the answer is to be put together."""

    FIGURES = "figures"
    STATEMENTS = "statements"
    COMPARISON = "comparison"
    DUTIES = "duties"
    DOCUMENT = "document"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A statement to quote, with its document."""

    plan: Plan
    statement: Statement


@dataclass(frozen=True, slots=True)
class Result:
    """What was found. With shape `NOTHING` there is nothing to quote."""

    shape: Shape
    quoted: tuple[Quoted, ...] = ()
    lacks: str | None = None
    """What was asked for and the documents do not say: a field's name, or the years."""
    score: float = 0.0
    coverage: float = 0.0
    """Share of the telling words that the first statement covers."""
    pairs: float = 0.0
    """Share of the neighbouring words that it covers."""
    told: float = 0.0
    """Share of the telling words that its own text holds."""
    duties: tuple[DutyList, ...] = ()
    start: int = 0
    """Of long lists of tasks, the one to begin with."""


NOTHING = Result(Shape.NOTHING)


def quote(item: Found) -> Quoted:
    """A statement found, to be quoted."""
    return Quoted(item.plan, item.statement)


def result_of(shape: Shape, quoted: Sequence[Quoted], best: Found, lacks: str | None = None) -> Result:
    """A result of the first statements quoted, as good as the best one found."""
    return Result(shape, tuple(quoted[:_SHOWN]), lacks, best.score, best.coverage, best.pairs, best.told)
