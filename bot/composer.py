"""The seam between what an answer is made from and how it is worded.

The engine decides which records answer a message and hands them to a composer; whatever a composer writes goes
through the guard. The one composer that exists words answers field by field. Another, such as one that lets a
language model phrase them, would be given to the engine in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot import answers, plan_answers
from bot.plan_asking import PlanAsk
from bot.plan_result import Result
from bot.types import Reply
from index.aspects import Aspect
from knowledge.models import Procedure


class Composer(Protocol):
    """Words answers. Has no say in which records they come from."""

    def answer(self, procedure: Procedure, aspects: Sequence[Aspect], *, unfold: bool = False) -> Reply:
        """The answer about a procedure; a summary when no aspect is named, all papers with `unfold`."""
        ...

    def quote(self, result: Result, ask: PlanAsk) -> Reply:
        """The answer from what was found in plan documents."""
        ...


class FieldComposer:
    """Words answers from the records' fields alone."""

    def answer(self, procedure: Procedure, aspects: Sequence[Aspect], *, unfold: bool = False) -> Reply:
        """The answer, a block per aspect."""
        return answers.answer(procedure, aspects, unfold=unfold)

    def quote(self, result: Result, ask: PlanAsk) -> Reply:
        """Figures, statements and tasks from their fields, with document and section."""
        return plan_answers.compose(result, ask)
