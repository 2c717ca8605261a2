"""One turn about plan documents: is it one, what is asked, what is answered, what is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.composer import Composer
from bot.plan_answers import unknown
from bot.plan_asking import PlanAsk, Wanted, follow, go_on, read_ask
from bot.plan_cues import PlanCues, find_plan_cues
from bot.plan_gate import Certainty, certainty, is_answered, is_near
from bot.plan_lookup import field_of, look_up
from bot.plan_memory import quoted_before, remember, remembered
from bot.plan_result import Quoted, Result, Shape
from bot.types import Outcome, PlanMemory, RecordKind, RecordRef, Reply
from index.library import Library
from index.plan_duties import find_duties
from index.plan_names import NameKind
from index.query import Query
from knowledge.models import Plan

_CLAUSES = re.compile(r"[,;?](?!\d)")
_OF_QUOTED = (Wanted.LEAD, Wanted.COORDINATING, Wanted.DEADLINE, Wanted.SOURCE)
_SHORT = 4
"""So few telling words may go on with what was talked about, though nothing links them to it."""
_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer of a turn about plans."""

    reply: Reply
    outcome: Outcome
    memory: PlanMemory
    plan_id: str | None
    """The document answered from."""
    sources: tuple[RecordRef, ...]
    score: float


class PlanTurn:
    """Answers messages on plan documents from a library; the composer words what was found."""

    def __init__(self, library: Library, composer: Composer) -> None:
        self._library = library
        self._index = library.plan_index
        self._composer = composer

    def answer(self, query: Query, memory: PlanMemory | None) -> Planned | None:
        """The answer to a message on plan documents; None for any other. `memory` is set in a talk on them."""
        cues = find_plan_cues(query)
        if memory is not None:
            if "more" in cues and memory.more:
                return self.more(memory.more)
            followed = self._follow_up(query, cues, memory)
            if followed is not None:
                return followed
        ask = read_ask(query, self._index, cues)
        sure = certainty(self._index, ask, cues)
        if sure is Certainty.NO:
            return None
        last = quoted_before(self._index, memory) if memory else None
        before = last.plan.id if last else None
        result = self._two_figures(query, before) or look_up(self._index, ask, before)
        if is_answered(self._index, ask, result, sure):
            return self._planned(ask, result)
        return self._not_known(ask, result) if sure is Certainty.SURE else None

    def last_resort(self, query: Query) -> Planned | None:
        """The answer of the documents to a message that nothing else answers; None when no statement is near."""
        cues = find_plan_cues(query)
        ask = read_ask(query, self._index, cues)
        if cues.any_of(("personal", "procedural")) or not ask.has_matter:
            return None
        result = look_up(self._index, ask)
        return self._planned(ask, result) if is_near(self._index, ask, result, cues) else None

    def more(self, choice: str) -> Planned | None:
        """The next tasks of a folded list; None when the documents hold it no more."""
        pointed, _, start = choice.partition(":")[2].rpartition(":")
        own = find_duties(self._index.plans.values(), pointed)
        if own is None or not start.isdecimal() or int(start) >= len(own.statements):
            return None
        ask = PlanAsk(wanted=Wanted.DUTIES, plans=frozenset({own.plan.id}), named=NameKind.DOCUMENT)
        return self._planned(ask, Result(Shape.DUTIES, duties=(own,), start=int(start), score=1.0))

    def _follow_up(self, query: Query, cues: PlanCues, memory: PlanMemory) -> Planned | None:
        """The answer to a message that needs the one before it to be understood; None when it does not."""
        ask, before = read_ask(query, self._index, cues), remembered(self._index, memory)
        quoted = quoted_before(self._index, memory)
        asks = cues.any_of(tuple(wanted.value for wanted in Wanted)) or ask.periods or ask.plans or ask.units
        if "procedural" in cues or not (asks or "follow" in cues or len(ask.words) <= _SHORT):
            return None
        if not ask.has_matter and not (ask.periods or ask.plans) and ask.wanted in _OF_QUOTED and quoted:
            result = field_of(quoted, ask.wanted)
            return self._worded(ask, result, replace(before, wanted=ask.wanted))
        whole = follow(ask, before)
        result = look_up(self._index, whole, quoted.plan.id if quoted else None)
        if ask.words and "follow" not in cues and not _goes_on(ask, result, quoted):
            return None
        if result.shape is Shape.NOTHING:
            return None if ask.words else self._not_known(whole, result)
        return self._planned(whole, result)

    def _two_figures(self, query: Query, before: str | None) -> Result | None:
        """The answer to two questions in one message, the second on what the first is on: "bao nhiêu, thứ mấy?"."""
        clauses = [clause for clause in _CLAUSES.split(query.text) if clause.strip()]
        if len(clauses) != 2:
            return None
        first, second = (read_ask(self._library.analyse(clause), self._index) for clause in clauses)
        if {first.wanted, second.wanted} != {Wanted.FIGURE} or not (first.words and second.words):
            return None
        own = replace(second, plans=second.plans or first.plans, named=second.named or first.named)
        results = [look_up(self._index, ask, before) for ask in (first, own)]
        if results[1].coverage < _ALL:
            results[1] = look_up(self._index, go_on(second, first), before)
        if any(result.shape is not Shape.FIGURES for result in results):
            return None
        both = tuple(dict.fromkeys(result.quoted[0] for result in results))
        return replace(results[0], quoted=(*both, *results[0].quoted[1:])) if len(both) > 1 else None

    def _planned(self, ask: PlanAsk, result: Result) -> Planned:
        return self._worded(ask, result, ask)

    def _worded(self, ask: PlanAsk, result: Result, kept: PlanAsk) -> Planned:
        """The answer to `ask`, after which `kept` is remembered as what was asked."""
        reply = self._composer.quote(result, ask)
        quoted = [(item.plan.id, item.statement.id) for item in result.quoted]
        quoted += [(own.plan.id, statement.id) for own in result.duties for statement in own.statements]
        memory = remember(kept, quoted, next((choice.id for choice in reply.choices), None))
        score = min(1.0, max(0.0, result.score))
        return Planned(reply, Outcome.ANSWER, memory, quoted[0][0], _refs(quoted), score)

    def _not_known(self, ask: PlanAsk, result: Result) -> Planned:
        everything = list(self._index.plans.values())
        named = [self._index.plans[plan] for plan in sorted(ask.plans)] if ask.named is not None else []
        reply = unknown(named, everything, duties=result.lacks == "duties")
        sources = _refs(map(_first, named or everything))
        plan_id = named[0].id if named else None
        return Planned(reply, Outcome.OUT_OF_SCOPE, remember(ask, (), None), plan_id, sources, 0.0)


def _goes_on(ask: PlanAsk, result: Result, quoted: Quoted | None) -> bool:
    """Whether a few words without a link are on the document talked about: "riêng đất đai?"."""
    same = quoted is not None and bool(result.quoted) and result.quoted[0].plan.id == quoted.plan.id
    return same and len(ask.words) <= _SHORT and result.coverage >= _ALL


def _first(plan: Plan) -> tuple[str, str]:
    """The record that stands for a document of which only the name is told."""
    return plan.id, plan.statements[0].id


def _refs(quoted: Iterable[tuple[str, str]]) -> tuple[RecordRef, ...]:
    return tuple(RecordRef(kind=RecordKind.STATEMENT, id=f"{plan}/{statement}") for plan, statement in quoted)
