"""Searches the statements for a question: what it binds, what it only prefers, and what is close enough."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.plan_asking import PlanAsk, Wanted
from index.plan_names import NameKind
from index.plan_periods import Period
from index.plans import Found, PlanIndex, Wish
from knowledge.models import Statement, StatementKind

MIN_COVERAGE = 0.55
"""A statement that covers less of the telling words does not answer."""
FIELDS = {Wanted.LEAD: "lead", Wanted.COORDINATING: "coordinating", Wanted.DEADLINE: "deadline"}
"""The field of a task that holds the thing asked for."""


def wish_of(ask: PlanAsk, before: str | None, kind: StatementKind | None = None) -> Wish:
    """What the question binds or prefers; `before` is the document talked about before."""
    binding = ask.named in (NameKind.DOCUMENT, NameKind.PLACE, NameKind.ISSUER)
    hint = next(iter(ask.plans), None) if not binding else None
    return Wish(
        plans=ask.plans if binding else frozenset(),
        period=ask.periods[0] if ask.periods else None,
        kind=kind,
        field=FIELDS.get(ask.wanted),
        units=ask.units,
        before=hint or before,
        level=ask.levels[0] if len(ask.levels) == 1 else None,
    )


def search(index: PlanIndex, ask: PlanAsk, wish: Wish) -> list[Found]:
    """The statements that cover enough of the question, best first."""
    found = index.search(ask.words, ask.pairs, wish, limit=12)
    if not ask.words:
        return [item for item in found if ask.units or ask.periods]
    return [item for item in found if item.coverage >= MIN_COVERAGE and (item.pairs > 0 or not ask.pairs)]


def has_figure(item: Found) -> bool:
    """Whether the statement tells a figure."""
    return item.statement.value is not None or bool(re.search(r"\d", item.statement.text))


def is_for(index: PlanIndex, statement: Statement, periods: Iterable[Period]) -> bool:
    """Whether a statement may be for one of the years asked."""
    return any(index.fit(period, statement) >= 0.5 for period in periods)
