"""Looks up in plan documents what is asked: a figure, a field of a task, the tasks of a unit, the document itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.plan_asking import PlanAsk, Wanted
from bot.plan_compare import comparison
from bot.plan_result import NOTHING, Quoted, Result, Shape, quote, result_of
from bot.plan_search import FIELDS, MIN_COVERAGE, has_figure, is_for, search, wish_of
from index.plan_duties import DutyList, duty_lists
from index.plan_names import NameKind
from index.plans import Found, PlanIndex, Wish, is_abroad
from knowledge.models import Statement, StatementKind

_ALL_DUTIES = 0.6
"""Coverage of all the tasks of a unit, where none of them is on the matter named."""
_CLEARLY = 0.2
"""By so much more coverage a statement without a figure shows that the figures found are on something else."""
_NEAR, _FAIRLY_NEAR = 0.9, 0.7
"""Statements within this share of the best score are quoted too; the second where they add what the best lacks."""
_DOCUMENT_TAGS: Mapping[Wanted, frozenset[str]] = {
    Wanted.SIGNER: frozenset({"người ký", "ai ký", "ai trình bày", "tác giả"}),
    Wanted.ISSUED: frozenset({"ngày ban hành", "ai ban hành"}),
    Wanted.NUMBER: frozenset({"ngày ban hành", "ai ban hành"}),
}
"""Keywords of the statements about the document itself."""
_MONEY = re.compile(r"\b(?:đồng|tỷ|triệu)\b(?! lệ| trọng)", re.IGNORECASE)
_DIGITAL = ("_số", "_so")


def look_up(index: PlanIndex, ask: PlanAsk, before: str | None = None) -> Result:
    """The answer to a question. `before` is the document talked about before."""
    if ask.wanted is Wanted.DUTIES:
        return _duties(index, ask, before)
    if ask.wanted in _DOCUMENT_TAGS:
        return _document(index, ask, before)
    if ask.compares:
        result = comparison(index, ask)
        if result.shape is not Shape.NOTHING:
            return result
    if ask.wanted in FIELDS:
        return _field(index, ask, before)
    if ask.wanted is Wanted.FIGURE:
        return _figures(index, ask, before)
    return _statements(index, ask, before)


def field_of(quoted: Quoted, wanted: Wanted) -> Result:
    """What was quoted before, asked about its lead, its helpers, its time or its place in the document."""
    name = FIELDS.get(wanted)
    lacks = name if name and not _holds(quoted.statement, name) else None
    return Result(Shape.STATEMENTS, (quoted,), lacks, score=1.0, coverage=1.0, pairs=1.0, told=1.0)


# -- figures


def _figures(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    all_found = search(index, ask, wish_of(ask, before, StatementKind.TARGET))
    found = [item for item in all_found if has_figure(item) and _measures(index, ask, item)]
    if not found or all_found[0].coverage > found[0].coverage + _CLEARLY:
        return _statements(index, replace(ask, wanted=Wanted.ANYTHING), before, lacks="figure")
    best = found[0]
    if ask.money and not _MONEY.search(best.statement.value or best.statement.text):
        return result_of(Shape.FIGURES, [quote(best)], best, lacks="money")
    near = [item for item in found if item.score >= best.score * _NEAR or _adds(index, ask, best, item)]
    family = _family(best)
    if not ask.periods:
        return result_of(Shape.FIGURES, [*family, *_others(near, family)], best)
    candidates = dict.fromkeys((*family, *map(quote, near)))
    wanted = [item for item in candidates if is_for(index, item.statement, ask.periods)]
    if not wanted:
        return result_of(Shape.FIGURES, family, best, lacks="period")
    return result_of(Shape.FIGURES, wanted, best)


def _measures(index: PlanIndex, ask: PlanAsk, item: Found) -> bool:
    """Whether a figure can be of the matter: keywords alone do not make it so, and "kinh tế" is not kinh tế số."""
    digital = {pair for pair in ask.pairs if pair.endswith(_DIGITAL) and index.knows(pair)}
    return (item.told > 0 or len(ask.words) > 2) and digital <= index.words_of(item.statement)


def _adds(index: PlanIndex, ask: PlanAsk, best: Found, item: Found) -> bool:
    """Whether a statement of the same section holds words that the best one lacks: two figures asked for at once."""
    if item.score < best.score * _FAIRLY_NEAR or item.statement.section != best.statement.section:
        return False
    return bool((frozenset(ask.words) - index.words_of(best.statement)) & index.words_of(item.statement))


def _family(best: Found) -> list[Quoted]:
    """The best statement and, for an indicator, the same one in other years of the document, in their order."""
    subject = best.statement.subject
    if subject is None:
        return [quote(best)]
    same = [item for item in best.plan.statements if item.subject == subject and item.scope == best.statement.scope]
    return [Quoted(best.plan, item) for item in same]


def _others(near: Sequence[Found], family: Sequence[Quoted]) -> list[Quoted]:
    return [item for item in map(quote, near) if item not in family]


# -- fields of tasks


def _field(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    found = search(index, ask, wish_of(ask, before, StatementKind.TASK))
    if not found:
        return NOTHING
    name = FIELDS[ask.wanted]
    best = found[0]
    near = [item for item in found if item.score >= best.score * _NEAR]
    told = max(found, key=_closeness)
    if not _holds(told.statement, name) and _closeness(told) > _closeness(best) + _CLEARLY:
        return result_of(Shape.STATEMENTS, [quote(told)], told)
    having = [item for item in near if _holds(item.statement, name)]
    if not having:
        return result_of(Shape.STATEMENTS, list(map(quote, near)), best, lacks=name)
    return result_of(Shape.STATEMENTS, list(map(quote, having)), having[0])


def _closeness(item: Found) -> float:
    """How close the words are, whatever the statement holds."""
    return item.coverage + 0.3 * item.pairs


def _holds(statement: Statement, name: str) -> bool:
    if name == "deadline":
        return bool(statement.deadline or statement.period)
    return bool(getattr(statement, name))


# -- anything else


def _statements(index: PlanIndex, ask: PlanAsk, before: str | None, lacks: str | None = None) -> Result:
    found = search(index, ask, wish_of(ask, before))
    if not found:
        return NOTHING
    best = found[0]
    near = [item for item in found if item.score >= best.score * _NEAR]
    shape = Shape.FIGURES if best.statement.kind is StatementKind.TARGET else Shape.STATEMENTS
    return result_of(shape, list(map(quote, near)), best, lacks=lacks)


def _duties(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    binding = ask.plans if ask.named in (NameKind.DOCUMENT, NameKind.PLACE) else frozenset[str]()
    plans = [plan for plan in index.plans.values() if not binding or plan.id in binding]
    if not ask.units:
        return replace(NOTHING, lacks="duties")
    lists = duty_lists(sorted(plans, key=lambda plan: (plan.id != before, is_abroad(plan))), ask.units)
    if not lists:
        return replace(NOTHING, lacks="duties")
    on_matter = _on_matter(index, ask, lists) if ask.words else []
    missed = bool(ask.words) and not on_matter
    return Result(Shape.DUTIES, duties=tuple(on_matter or lists), score=1.0, coverage=_ALL_DUTIES if missed else 1.0)


def _on_matter(index: PlanIndex, ask: PlanAsk, lists: Sequence[DutyList]) -> list[DutyList]:
    """The lists with only the tasks on the matter that the question names; empty where none is."""
    wish = Wish(plans=frozenset(duties.plan.id for duties in lists), units=ask.units)
    found = index.search(ask.words, ask.pairs, wish, limit=30)
    near = [item for item in found if item.coverage >= MIN_COVERAGE and item.pairs > 0]
    kept = {(item.plan.id, item.statement.id) for item in near}
    cut = [
        replace(duties, statements=tuple(s for s in duties.statements if (duties.plan.id, s.id) in kept))
        for duties in lists
    ]
    return [duties for duties in cut if duties.statements]


def _document(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    """What is asked about the document itself: who signed, when and by whom issued, its number."""
    named = sorted(ask.plans) or ([before] if before else [])
    if not named:
        found = index.search(ask.words, ask.pairs, Wish(), limit=1)
        named = [item.plan.id for item in found if ask.words and item.coverage >= MIN_COVERAGE]
    tagged = [
        Quoted(index.plans[plan], statement)
        for plan in named
        for statement in index.plans[plan].statements
        if _DOCUMENT_TAGS[ask.wanted] & set(statement.keywords)
    ]
    return Result(Shape.DOCUMENT, tuple(tagged), score=1.0, coverage=1.0) if tagged else NOTHING
