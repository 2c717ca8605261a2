"""Answers for the guard to check: of a procedure, of statements, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.answers import answer
from bot.composer import FieldComposer
from bot.plan_answers import FOLD_AT, compose
from bot.plan_asking import PlanAsk, Wanted
from bot.plan_result import Quoted, Result, Shape
from bot.types import Block, RecordKind, RecordRef, Reply
from index.aspects import Aspect
from index.plan_duties import duty_lists
from index.plan_units import unit_key
from knowledge.database import KnowledgeBase
from knowledge.models import Plan, Procedure, Statement

Answer = tuple[Reply, tuple[RecordRef, ...]]


def ref(kind: RecordKind, ident: str) -> tuple[RecordRef, ...]:
    """One source."""
    return (RecordRef(kind=kind, id=ident),)


def answers_about(procedure: Procedure) -> Iterator[Answer]:
    """What can be said about a procedure: the summary, each aspect in short and in full, and all of it at once."""
    sources = ref(RecordKind.PROCEDURE, procedure.code)
    yield answer(procedure, ()), sources
    yield answer(procedure, (Aspect.DOCUMENTS,)), sources
    yield answer(procedure, tuple(Aspect)), sources
    for aspect in Aspect:
        yield answer(procedure, (aspect,), unfold=True), sources


def answers_from_plans(knowledge: KnowledgeBase, at_once: int = 4) -> Iterator[Answer]:
    """All statements of all plans, some at a time, in every shape; the tasks of each unit, page by page."""
    for plan in knowledge.plans.values():
        for first in range(0, len(plan.statements), at_once):
            quoted = tuple(Quoted(plan, statement) for statement in plan.statements[first : first + at_once])
            for shape in (Shape.STATEMENTS, Shape.FIGURES, Shape.COMPARISON, Shape.DOCUMENT):
                for wanted in (Wanted.ANYTHING, Wanted.SOURCE, Wanted.NUMBER):
                    sources = _sources(plan, (item.statement for item in quoted))
                    yield compose(Result(shape, quoted), PlanAsk(wanted=wanted)), sources
        for duties in duty_lists([plan], {unit_key(unit) for item in plan.statements for unit in item.lead}):
            for start in range(0, len(duties.statements), FOLD_AT):
                result = Result(Shape.DUTIES, duties=(duties,), start=start)
                yield compose(result, PlanAsk(wanted=Wanted.DUTIES)), _sources(plan, duties.statements)


def _sources(plan: Plan, statements: Iterable[Statement]) -> tuple[RecordRef, ...]:
    return tuple(RecordRef(kind=RecordKind.STATEMENT, id=f"{plan.id}/{item.id}") for item in statements)


def saying(*texts: str) -> Reply:
    """A reply of plain paragraphs."""
    return Reply(blocks=tuple(Block(kind="text", text=text) for text in texts))


class Liar(FieldComposer):
    """A composer that adds a day: the field composer's words with a fault."""

    def answer(self, procedure: Procedure, aspects: Sequence[Aspect], *, unfold: bool = False) -> Reply:
        reply = super().answer(procedure, aspects, unfold=unfold)
        return reply.model_copy(update={"blocks": (*reply.blocks, *saying("Chỉ mất 99 ngày.").blocks)})
