"""The question log as trails: what one conversation asked, in order, with what it was offered and how it voted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.tables import outbox, questions, votes

TRIALS = "terminal"
"""The channel of `banhoi ask` and `banhoi chat`: an operator tries things there, no citizen asks."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a conversation and how it ended. `text` is redacted."""

    conversation_id: int
    text: str
    at: datetime
    tapped: bool
    """Whether it is a button's label and not the citizen's own words."""
    outcome: str
    code: str | None = None
    """The procedure that was answered about."""
    aspects: tuple[str, ...] = ()
    candidates: frozenset[str] = frozenset()
    """Procedures that were considered."""
    offered: frozenset[str] = frozenset()
    """Procedures that were offered when it was asked back."""
    useful: bool | None = None
    """The citizen's vote on the answer."""


async def trails(connection: AsyncConnection, since: datetime | None = None) -> AsyncIterator[list[Step]]:
    """Each conversation's steps from `since` on, oldest first; without votes, failures and an operator's trials."""
    trail: list[Step] = []
    async for row in await connection.stream(_statement(since)):
        step = _step(row)
        if trail and trail[0].conversation_id != step.conversation_id:
            yield trail
            trail = []
        trail.append(step)
    if trail:
        yield trail


def _statement(since: datetime | None) -> Select[Any]:
    asked_back = and_(outbox.c.inbox_id == questions.c.inbox_id, outbox.c.seq == 0, questions.c.outcome == "ask_back")
    statement = (
        select(
            *(questions.c[name] for name in ("conversation_id", "text", "asked_at", "choice", "outcome")),
            *(questions.c[name] for name in ("procedure_code", "aspects", "candidates")),
            outbox.c.payload,
            votes.c.useful,
        )
        .outerjoin(outbox, asked_back)
        .outerjoin(votes, votes.c.question_id == questions.c.id)
        .where(questions.c.outcome != "vote", ~questions.c.failed, questions.c.channel != TRIALS)
        .order_by(questions.c.conversation_id, questions.c.id)
    )
    return statement if since is None else statement.where(questions.c.asked_at >= since)


def _step(row: Row[Any]) -> Step:
    choices = (row.payload or {}).get("choices", ())
    return Step(
        conversation_id=row.conversation_id,
        text=row.text,
        at=row.asked_at,
        tapped=row.choice is not None,
        outcome=row.outcome,
        code=row.procedure_code,
        aspects=tuple(row.aspects),
        candidates=frozenset(candidate["code"] for candidate in row.candidates),
        offered=frozenset(choice["code"] for choice in choices if choice.get("code")),
        useful=row.useful,
    )
