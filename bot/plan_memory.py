"""What a conversation keeps of its last question on plan documents."""

from __future__ import annotations

from collections.abc import Sequence

from bot.plan_asking import PlanAsk, Wanted
from bot.plan_result import Quoted
from bot.types import PlanMemory
from index.plan_names import NameKind
from index.plan_periods import Period
from index.plans import PlanIndex

_KEPT = 4
"""So many of the statements quoted are remembered."""


def remember(ask: PlanAsk, quoted: Sequence[tuple[str, str]], more: str | None) -> PlanMemory:
    """The question and what it was answered with, plan and statement each; `more` is the choice that unfolds it."""
    return PlanMemory(
        words=ask.words,
        pairs=ask.pairs,
        wanted=ask.wanted.value,
        periods=tuple((period.start, period.end) for period in ask.periods),
        plans=tuple(sorted(ask.plans)),
        named=ask.named,
        levels=ask.levels,
        units=tuple(sorted(ask.units)),
        quoted=tuple(quoted[:_KEPT]),
        more=more,
    )


def remembered(index: PlanIndex, memory: PlanMemory) -> PlanAsk:
    """The question that was remembered, without documents that are gone."""
    plans = frozenset(memory.plans) & index.plans.keys()
    return PlanAsk(
        words=memory.words,
        pairs=memory.pairs,
        wanted=Wanted(memory.wanted),
        periods=tuple(Period(*years) for years in memory.periods),
        plans=plans,
        named=NameKind(memory.named) if memory.named and plans else None,
        levels=memory.levels,
        units=frozenset(memory.units),
    )


def quoted_before(index: PlanIndex, memory: PlanMemory) -> Quoted | None:
    """What the last answer quoted first, if the documents still hold it."""
    for plan_id, statement_id in memory.quoted[:1]:
        plan = index.plans.get(plan_id)
        for statement in plan.statements if plan else ():
            if plan and statement.id == statement_id:
                return Quoted(plan, statement)
    return None
