"""What was said in a conversation, in order: for the web chat, and for a repeated request's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.tables import conversations, inbox, outbox, questions


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and its replies."""

    inbox_id: int
    text: str
    """As it was stored: redacted. For a tap the label of the choice, once it was handled."""
    choice: str | None
    received_at: datetime
    payloads: tuple[dict[str, Any], ...]
    """The replies in order; none while the message waits."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """A reply that answers no message: a reminder, an official's word."""

    id: int
    at: datetime
    payload: dict[str, Any]


async def unasked(connection: AsyncConnection, channel: str, chat_id: str, limit: int) -> list[Unasked]:
    """The newest `limit` of a chat, oldest first."""
    statement = (
        select(outbox.c.id, outbox.c.created_at, outbox.c.payload)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(conversations.c.channel == channel, conversations.c.chat_id == chat_id, outbox.c.inbox_id.is_(None))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [Unasked(*row) for row in (await connection.execute(statement)).all()][::-1]


async def exists(connection: AsyncConnection, channel: str, chat_id: str) -> bool:
    """Whether anything was ever said in this chat."""
    where = (conversations.c.channel == channel) & (conversations.c.chat_id == chat_id)
    return (await connection.execute(select(conversations.c.id).where(where))).first() is not None


async def latest(
    connection: AsyncConnection, channel: str, chat_id: str, limit: int, *, hidden: str | None = None
) -> list[Exchange]:
    """The newest `limit` exchanges of a chat, oldest first, without taps of choices whose id begins with `hidden`."""
    ids = (
        select(inbox.c.id)
        .join(conversations, conversations.c.id == inbox.c.conversation_id)
        .where(conversations.c.channel == channel, conversations.c.chat_id == chat_id)
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    if hidden is not None:
        ids = ids.where(inbox.c.choice.is_(None) | ~inbox.c.choice.startswith(hidden, autoescape=True))
    return await _exchanges(connection, list((await connection.execute(ids)).scalars()))


async def of_message(connection: AsyncConnection, inbox_id: int) -> Exchange | None:
    """The exchange that a message began."""
    found = await _exchanges(connection, [inbox_id])
    return found[0] if found else None


async def open_rows(connection: AsyncConnection) -> dict[str, dict[str, int]]:
    """Messages and replies that still wait, by table and status; counted through the partial indexes."""
    new = select(func.count()).select_from(inbox).where(inbox.c.status == "new")
    waiting = (
        select(outbox.c.status, func.count().label("rows"))
        .where(outbox.c.status.in_(("pending", "failed")))
        .group_by(outbox.c.status)
    )
    return {
        "inbox": {"new": (await connection.execute(new)).scalar_one()},
        "outbox": {row.status: row.rows for row in await connection.execute(waiting)},
    }


async def _exchanges(connection: AsyncConnection, ids: Sequence[int]) -> list[Exchange]:
    payloads: dict[int, list[dict[str, Any]]] = {row_id: [] for row_id in ids}
    replies = select(outbox.c.inbox_id, outbox.c.payload).where(outbox.c.inbox_id.in_(ids)).order_by(outbox.c.seq)
    for row_id, payload in await connection.execute(replies):
        payloads[row_id].append(payload)
    said = (
        select(inbox.c.id, inbox.c.text, questions.c.text, inbox.c.choice, inbox.c.received_at)
        .outerjoin(questions, questions.c.inbox_id == inbox.c.id)
        .where(inbox.c.id.in_(ids))
        .order_by(inbox.c.id)
    )
    return [
        Exchange(row_id, logged or text, choice, at, tuple(payloads[row_id]))
        for row_id, text, logged, choice, at in await connection.execute(said)
    ]
