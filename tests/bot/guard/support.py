"""Answers for the guard to check: of a procedure, of statements, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers import answer
from bot.composer import FieldComposer
from bot.plan_answers import compose
from bot.types import Block, RecordKind, RecordRef, Reply
from index.aspects import Aspect
from index.plans import Found
from knowledge.database import KnowledgeBase
from knowledge.models import Procedure

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
    """All statements of all plans, some at a time, quoted and as duties."""
    for plan in knowledge.plans.values():
        for first in range(0, len(plan.statements), at_once):
            found = [Found(plan, statement, 1.0, 1.0) for statement in plan.statements[first : first + at_once]]
            sources = tuple(RecordRef(kind=RecordKind.STATEMENT, id=f"{plan.id}/{item.statement.id}") for item in found)
            for duties in (False, True):
                yield compose(found, duties), sources


def saying(*texts: str) -> Reply:
    """A reply of plain paragraphs."""
    return Reply(blocks=tuple(Block(kind="text", text=text) for text in texts))


class Liar(FieldComposer):
    """A composer that adds a day: the field composer's words with a fault."""

    def answer(self, procedure: Procedure, aspects: Sequence[Aspect], *, unfold: bool = False) -> Reply:
        reply = super().answer(procedure, aspects, unfold=unfold)
        return reply.model_copy(update={"blocks": (*reply.blocks, *saying("Chỉ mất 99 ngày.").blocks)})
