"""Looks up in plan documents what is asked: a figure, a field of a task, the tasks of a unit, a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.plan_asking import PlanAsk, Wanted
from index.plan_duties import DutyList, duty_lists
from index.plan_names import NameKind
from index.plan_periods import Period
from index.plans import Found, PlanIndex, Wish, is_abroad
from index.text import is_accented
from knowledge.models import Plan, Statement, StatementKind

MIN_COVERAGE = 0.55
"""A statement that covers less of the telling words does not answer."""
_ALL_DUTIES = 0.6
"""Coverage of all the tasks of a unit, where none of them is on the matter named."""
_CLEARLY = 0.2
"""By so much more coverage a statement without a figure shows that the figures found are on something else."""
_NEAR, _FAIRLY_NEAR = 0.9, 0.7
"""Statements within this share of the best score are quoted too; the second where they add what the best lacks."""
_FIELDS = {Wanted.LEAD: "lead", Wanted.COORDINATING: "coordinating", Wanted.DEADLINE: "deadline"}
_DOCUMENT_TAGS: Mapping[Wanted, frozenset[str]] = {
    Wanted.SIGNER: frozenset({"người ký", "ai ký", "ai trình bày", "tác giả"}),
    Wanted.ISSUED: frozenset({"ngày ban hành", "ai ban hành"}),
    Wanted.NUMBER: frozenset({"ngày ban hành", "ai ban hành"}),
}
"""Keywords of the statements about the document itself."""
_MONEY = re.compile(r"\b(?:đồng|tỷ|triệu)\b(?! lệ| trọng)", re.IGNORECASE)
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


def look_up(index: PlanIndex, ask: PlanAsk, before: str | None = None) -> Result:
    """The answer to a question. `before` is the document talked about before."""
    if ask.wanted is Wanted.DUTIES:
        return _duties(index, ask, before)
    if ask.wanted in _DOCUMENT_TAGS:
        return _document(index, ask, before)
    if ask.compares:
        result = _comparison(index, ask)
        if result.shape is not Shape.NOTHING:
            return result
    if ask.wanted in _FIELDS:
        return _field(index, ask, before)
    if ask.wanted is Wanted.FIGURE:
        return _figures(index, ask, before)
    return _statements(index, ask, before)


def field_of(quoted: Quoted, wanted: Wanted) -> Result:
    """What was quoted before, asked about its lead, its helpers, its time or its place in the document."""
    name = _FIELDS.get(wanted)
    lacks = name if name and not _holds(quoted.statement, name) else None
    return Result(Shape.STATEMENTS, (quoted,), lacks, score=1.0, coverage=1.0, pairs=1.0, told=1.0)


def _wish(ask: PlanAsk, before: str | None, kind: StatementKind | None = None) -> Wish:
    binding = ask.named in (NameKind.DOCUMENT, NameKind.PLACE, NameKind.ISSUER)
    hint = next(iter(ask.plans), None) if not binding else None
    return Wish(
        plans=ask.plans if binding else frozenset(),
        period=ask.periods[0] if ask.periods else None,
        kind=kind,
        field=_FIELDS.get(ask.wanted),
        units=ask.units,
        before=hint or before,
        level=ask.levels[0] if len(ask.levels) == 1 else None,
    )


def _search(index: PlanIndex, ask: PlanAsk, wish: Wish) -> list[Found]:
    """The statements that cover enough of the question, best first."""
    found = index.search(ask.words, ask.pairs, wish, limit=12)
    if not ask.words:
        return [item for item in found if ask.units or ask.periods]
    needs_pair = len(ask.pairs) > 1 or (ask.pairs and not any(map(is_accented, ask.words)))
    return [item for item in found if item.coverage >= MIN_COVERAGE and (item.pairs > 0 or not needs_pair)]


# -- figures


def _figures(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    all_found = _search(index, ask, _wish(ask, before, StatementKind.TARGET))
    found = [item for item in all_found if _has_figure(item)]
    if not found or all_found[0].coverage > found[0].coverage + _CLEARLY:
        return _statements(index, replace(ask, wanted=Wanted.ANYTHING), before, lacks="figure")
    best = found[0]
    if ask.money and not _MONEY.search(best.statement.value or best.statement.text):
        return _result(Shape.FIGURES, [_quoted(best)], best, lacks="money")
    near = [item for item in found if item.score >= best.score * _NEAR or _adds(index, ask, best, item)]
    family = _family(best)
    if not ask.periods:
        return _result(Shape.FIGURES, [*family, *_others(near, family)], best)
    wanted = [item for item in dict.fromkeys((*family, *map(_quoted, near))) if _is_for(index, item, ask.periods)]
    if not wanted:
        return _result(Shape.FIGURES, family, best, lacks="period")
    return _result(Shape.FIGURES, wanted, best)


def _adds(index: PlanIndex, ask: PlanAsk, best: Found, item: Found) -> bool:
    """Whether a statement of the same section holds words that the best one lacks: two figures asked for at once."""
    if item.score < best.score * _FAIRLY_NEAR or item.statement.section != best.statement.section:
        return False
    return bool((frozenset(ask.words) - index.words_of(best.statement)) & index.words_of(item.statement))


def _has_figure(item: Found) -> bool:
    return item.statement.value is not None or bool(re.search(r"\d", item.statement.text))


def _family(best: Found) -> list[Quoted]:
    """The best statement and, for an indicator, the same one in other years of the document, in their order."""
    subject = best.statement.subject
    if subject is None:
        return [_quoted(best)]
    same = [item for item in best.plan.statements if item.subject == subject and item.scope == best.statement.scope]
    return [Quoted(best.plan, item) for item in same]


def _others(near: Sequence[Found], family: Sequence[Quoted]) -> list[Quoted]:
    return [item for item in map(_quoted, near) if item not in family]


def _is_for(index: PlanIndex, item: Quoted, periods: Iterable[Period]) -> bool:
    return any(index.fit(period, item.statement) >= 0.5 for period in periods)


# -- fields of tasks


def _field(index: PlanIndex, ask: PlanAsk, before: str | None) -> Result:
    found = _search(index, ask, _wish(ask, before, StatementKind.TASK))
    if not found:
        return NOTHING
    name = _FIELDS[ask.wanted]
    best = found[0]
    near = [item for item in found if item.score >= best.score * _NEAR]
    told = max(found, key=_closeness)
    if not _holds(told.statement, name) and _closeness(told) > _closeness(best) + _CLEARLY:
        return _result(Shape.STATEMENTS, [_quoted(told)], told)
    having = [item for item in near if _holds(item.statement, name)]
    if not having:
        return _result(Shape.STATEMENTS, list(map(_quoted, near)), best, lacks=name)
    return _result(Shape.STATEMENTS, list(map(_quoted, having)), having[0])


def _closeness(item: Found) -> float:
    """How close the words are, whatever the statement holds."""
    return item.coverage + 0.3 * item.pairs


def _holds(statement: Statement, name: str) -> bool:
    if name == "deadline":
        return bool(statement.deadline or statement.period)
    return bool(getattr(statement, name))


# -- anything else


def _statements(index: PlanIndex, ask: PlanAsk, before: str | None, lacks: str | None = None) -> Result:
    found = _search(index, ask, _wish(ask, before))
    if not found:
        return NOTHING
    best = found[0]
    near = [item for item in found if item.score >= best.score * _NEAR]
    shape = Shape.FIGURES if best.statement.kind is StatementKind.TARGET else Shape.STATEMENTS
    return _result(shape, list(map(_quoted, near)), best, lacks=lacks)


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
    near = [item for item in index.search(ask.words, ask.pairs, wish, limit=30) if item.coverage >= MIN_COVERAGE]
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
    return Result(Shape.DOCUMENT, tuple(tagged[:_SHOWN]), score=1.0, coverage=1.0) if tagged else NOTHING


# -- comparisons


def _comparison(index: PlanIndex, ask: PlanAsk) -> Result:
    """The best figure for each year, document or level that is compared, or two figures of one document."""
    parts = _parts(ask)
    best = [_best_figure(index, part) for part in parts] if parts else _complements(index, ask)
    picked = list({(item.plan.id, item.statement.id): item for item in best if item}.values())
    if len(picked) < 2:
        return NOTHING
    weakest = min(picked, key=lambda item: item.coverage)
    result = _result(Shape.COMPARISON, list(map(_quoted, picked)), weakest)
    return result if parts else replace(result, coverage=1.0, pairs=1.0, told=1.0)


def _best_figure(index: PlanIndex, ask: PlanAsk) -> Found | None:
    """The best statement for one side of a comparison, one with a figure before others."""
    found = _search(index, ask, _wish(ask, None, StatementKind.TARGET))
    fitting = [item for item in found if not ask.periods or _is_for(index, _quoted(item), ask.periods)]
    return next((item for item in fitting if item.statement.value), next(iter(fitting), None))


def _complements(index: PlanIndex, ask: PlanAsk) -> list[Found]:
    """Two figures that only together hold what is asked: "ở đô thị và nông thôn"."""
    wish = _wish(ask, None, StatementKind.TARGET)
    found = [item for item in index.search(ask.words, ask.pairs, wish, limit=30) if _has_figure(item)]
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


def _quoted(item: Found) -> Quoted:
    return Quoted(item.plan, item.statement)


def _result(shape: Shape, quoted: Sequence[Quoted], best: Found, lacks: str | None = None) -> Result:
    return Result(shape, tuple(quoted[:_SHOWN]), lacks, best.score, best.coverage, best.pairs, best.told)
