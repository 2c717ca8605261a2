"""Comparisons: the figure of each year, document or level that a question sets against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.plan_asking import PlanAsk
from bot.plan_result import NOTHING, Result, Shape, quote, result_of
from bot.plan_search import has_figure, is_for, search, wish_of
from index.plan_names import NameKind
from index.plans import Found, PlanIndex
from knowledge.models import StatementKind


def comparison(index: PlanIndex, ask: PlanAsk) -> Result:
    """The best figure for each year, document or level that is compared, or two figures of one document."""
    parts = _parts(ask)
    if not parts:
        both = list(map(quote, _complements(index, ask)))
        return Result(Shape.COMPARISON, tuple(both), score=1.0, coverage=1.0, pairs=1.0, told=1.0) if both else NOTHING
    best = [_best_figure(index, part) for part in parts]
    picked = list({(item.plan.id, item.statement.id): item for item in best if item}.values())
    if not picked or (len(picked) == 1 and not _lacks_year(ask, best)):
        return NOTHING
    weakest = min(picked, key=lambda item: item.coverage)
    lacks = "side" if None in best else None
    return result_of(Shape.COMPARISON, list(map(quote, picked)), weakest, lacks)


def _lacks_year(ask: PlanAsk, best: Sequence[Found | None]) -> bool:
    """Whether years are compared and the documents have no figure for one of them."""
    return len(ask.periods) > 1 and None in best


def _best_figure(index: PlanIndex, ask: PlanAsk) -> Found | None:
    """The best statement for one side of a comparison, one with a figure before others."""
    found = search(index, ask, wish_of(ask, None, StatementKind.TARGET))
    fitting = [item for item in found if not ask.periods or is_for(index, item.statement, ask.periods)]
    return next((item for item in fitting if item.statement.value), next(iter(fitting), None))


def _complements(index: PlanIndex, ask: PlanAsk) -> list[Found]:
    """Two figures that only together hold what is asked: "ở đô thị và nông thôn"."""
    wish = wish_of(ask, None, StatementKind.TARGET)
    found = [item for item in index.search(ask.words, ask.pairs, wish, limit=30) if has_figure(item)]
    if not found:
        return []
    first = found[0]
    missing = frozenset(ask.words) - index.words_of(first.statement)
    own = [item for item in found[1:] if item.plan.id == first.plan.id]
    second = next((item for item in own if missing and missing & index.words_of(item.statement)), None)
    both = index.words_of(first.statement) | (index.words_of(second.statement) if second else frozenset())
    if second is None or not frozenset(ask.words) <= both:
        return []
    return [first, second]


def _parts(ask: PlanAsk) -> list[PlanAsk]:
    if len(ask.periods) > 1:
        return [replace(ask, periods=(period,)) for period in ask.periods]
    if len(ask.sides) > 1:
        return [replace(ask, plans=side, named=NameKind.DOCUMENT, sides=(side,)) for side in ask.sides]
    if len(ask.levels) > 1:
        return [replace(ask, levels=(level,)) for level in ask.levels]
    return []
