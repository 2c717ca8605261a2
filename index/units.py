"""The short texts that a question is held against: titles, aliases, life situations, and what groups are asked by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.models import Elsewhere, Faq, Group, Procedure

_OUTSIDE_FILE = Path(__file__).parent / "data" / "outside.txt"
_TITLE_NOISE = re.compile(r"^\s*thủ tục(?: hành chính)?\s+", re.IGNORECASE)


class UnitKind(StrEnum):
    """An official title, a name people use, a life situation, a question as typed, or the body of a record."""

    TITLE = "title"
    ALIAS = "alias"
    SITUATION = "situation"
    EXAMPLE = "example"
    BODY = "body"


class TargetKind(StrEnum):
    """What a unit leads to. The first letter of a target's id says it, procedures are named by their code."""

    PROCEDURE = "procedure"
    GROUP = "group"
    ELSEWHERE = "elsewhere"
    FAQ = "faq"
    NONE = "none"


OUTSIDE = "n:outside"
"""The target of what people ask that is none of ours."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One text and the target it leads to: a procedure's code, `g:`, `e:` or `f:` and an id, or `OUTSIDE`."""

    target: str
    kind: UnitKind
    text: str


_ORDER = {UnitKind.TITLE: 0, UnitKind.ALIAS: 1, UnitKind.SITUATION: 2, UnitKind.EXAMPLE: 3}


def searched(units: Sequence[Unit]) -> list[int]:
    """Ids of the units that questions are held against, all but bodies, by target (as they come) and kind."""
    places: dict[str, int] = {}
    for unit in units:
        places.setdefault(unit.target, len(places))
    short = [number for number, unit in enumerate(units) if unit.kind is not UnitKind.BODY]
    return sorted(short, key=lambda number: (places[units[number].target], _ORDER[units[number].kind], number))


def target_kind(target: str) -> TargetKind:
    """What a target id stands for."""
    prefixes = {"g:": TargetKind.GROUP, "e:": TargetKind.ELSEWHERE, "f:": TargetKind.FAQ, "n:": TargetKind.NONE}
    return prefixes.get(target[:2], TargetKind.PROCEDURE)


def procedure_units(procedure: Procedure) -> Iterator[Unit]:
    """Title, aliases, situations, examples and body of one procedure."""
    code = procedure.code
    yield Unit(code, UnitKind.TITLE, _TITLE_NOISE.sub("", procedure.name))
    if procedure.title and procedure.title.casefold() not in procedure.name.casefold():
        yield Unit(code, UnitKind.ALIAS, procedure.title)
    yield from (Unit(code, UnitKind.ALIAS, alias) for alias in procedure.aliases)
    yield from (Unit(code, UnitKind.SITUATION, situation) for situation in procedure.situations)
    yield from (Unit(code, UnitKind.EXAMPLE, example) for example in procedure.examples)
    yield Unit(code, UnitKind.BODY, _body(procedure))


def other_units(groups: Iterable[Group], elsewhere: Iterable[Elsewhere], faqs: Iterable[Faq]) -> Iterator[Unit]:
    """What groups of siblings are asked by, what is handled elsewhere, and answered questions."""
    for group in groups:
        yield from (Unit(f"g:{group.id}", UnitKind.ALIAS, ask) for ask in group.asks)
        yield from (Unit(f"g:{group.id}", UnitKind.EXAMPLE, example) for example in group.examples)
    for entry in elsewhere:
        yield from (Unit(f"e:{entry.id}", UnitKind.ALIAS, ask) for ask in entry.asks)
    for faq in faqs:
        yield from (Unit(f"f:{faq.id}", UnitKind.EXAMPLE, question) for question in faq.questions)


def outside_units() -> Iterator[Unit]:
    """What people ask that no service of ours could answer, in words of our own."""
    lines = _OUTSIDE_FILE.read_text(encoding="utf-8").splitlines()
    yield from (Unit(OUTSIDE, UnitKind.EXAMPLE, line) for line in lines if line and not line.startswith("#"))


def _body(procedure: Procedure) -> str:
    parts = [procedure.field, procedure.summary or "", *procedure.result]
    parts += [document.name for document in procedure.dossier[:20]]
    parts += [f"{case.when}. {case.then}" for case in procedure.cases]
    parts += procedure.conditions[:6]
    return ". ".join(part for part in parts if part)[:3000]
