"""What is kept of one conversation, and its deletion when the citizen asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit, confided, report_retention
from store.report_tables import ratings
from store.tables import conversations, inbox, outbox, questions, votes

EMPTIED = {"text": "", "choice": None, "conversation_id": None, "lease_until": None, "labels": None}
"""What stays of a message: the platform's id, so that one which comes again is not taken for a new question."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the log holds of a conversation. `recent` are its newest texts as stored, oldest first."""

    since: datetime
    messages: int
    recent: tuple[str, ...]
    votes: int
    """Votes and ratings."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was deleted."""

    messages: int
    votes: int


async def kept_of(connection: AsyncConnection, conversation_id: int, recent: int) -> Kept:
    """What is kept of a conversation, with its newest `recent` texts that somebody typed."""
    mine = questions.c.conversation_id == conversation_id
    since = select(conversations.c.created_at).where(conversations.c.id == conversation_id)
    typed = select(questions.c.text).where(mine, questions.c.choice.is_(None), questions.c.text != "")
    texts = (await connection.execute(typed.order_by(questions.c.id.desc()).limit(recent))).scalars().all()
    return Kept(
        since=(await connection.execute(since)).scalar_one(),
        messages=await _count(connection, select(func.count()).select_from(questions).where(mine)),
        recent=tuple(texts[::-1]),
        votes=await _count(connection, _voted(mine)) + await _count(connection, _rated(conversation_id)),
    )


async def erase(connection: AsyncConnection, conversation_id: int, message_id: int, now: datetime) -> Erased:
    """Deletes all that was said before the message `message_id`, in which the citizen asks for it, with an audit entry.

    The caller holds the conversation's lock, and writes that message's turn afterwards: its reply needs the chat's
    address, so that the conversation itself goes later, by `store.retention`. Later messages stay to be answered.
    """
    mine = questions.c.conversation_id == conversation_id
    erased = Erased(
        messages=await _count(connection, select(func.count()).select_from(questions).where(mine)),
        votes=await _count(connection, _voted(mine)) + await _count(connection, _rated(conversation_id)),
    )
    await report_retention.erase(connection, conversation_id)
    await connection.execute(delete(questions).where(mine))  # votes go with them
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation_id))
    earlier = (inbox.c.conversation_id == conversation_id) & (inbox.c.id < message_id)
    await connection.execute(update(inbox).where(earlier).values(**EMPTIED, status="done"))
    await confided.forget(connection, conversation_id)
    anew = update(conversations).where(conversations.c.id == conversation_id)
    await connection.execute(anew.values(state={}, created_at=now))
    subject = f"conversation:{conversation_id}"
    counts = {"messages": erased.messages, "votes": erased.votes}
    await audit.record(connection, now, "citizen", "conversation_erased", subject, **counts)
    return erased


def _voted(where: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(votes.join(questions, questions.c.id == votes.c.question_id)).where(where)


def _rated(conversation_id: int) -> Select[int]:
    return select(func.count()).select_from(ratings).where(ratings.c.conversation_id == conversation_id)


async def _count(connection: AsyncConnection, statement: Select[int]) -> int:
    counted: int = (await connection.execute(statement)).scalar_one()
    return counted
