"""What has to be sent, each row at least once, in order within a conversation.

A row is `pending`, then `sent`; or `failed` while it waits for its next attempt; or `dead` when given up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert, insert_into
from store.tables import channel_pauses, conversations, outbox

PENDING, SENT, FAILED, DEAD = "pending", "sent", "failed", "dead"
_OPEN = (PENDING, FAILED)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed row with what its sender needs."""

    id: int
    conversation_id: int
    channel: str
    chat_id: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply to be sent. Without `inbox_id` it answers no message: a reminder, an official's word."""

    conversation_id: int
    channel: str
    payload: dict[str, Any]
    inbox_id: int | None = None
    seq: int = 0


async def add(connection: AsyncConnection, draft: Draft, now: datetime, *, delivered: bool = False) -> int:
    """Puts a reply in the outbox; `delivered` when the caller hands it over itself (synchronous channels)."""
    values = {
        "inbox_id": draft.inbox_id,
        "seq": draft.seq,
        "conversation_id": draft.conversation_id,
        "channel": draft.channel,
        "payload": draft.payload,
        "status": SENT if delivered else PENDING,
        "created_at": now,
        "next_at": now,
        "sent_at": now if delivered else None,
    }
    return await insert(connection, outbox, values)


async def payload_of(connection: AsyncConnection, inbox_id: int) -> dict[str, Any] | None:
    """The first reply to a message."""
    statement = select(outbox.c.payload).where(outbox.c.inbox_id == inbox_id, outbox.c.seq == 0)
    payload: dict[str, Any] | None = (await connection.execute(statement)).scalar_one_or_none()
    return payload


async def claim(
    connection: AsyncConnection,
    channels: Collection[str],
    owner: str,
    now: datetime,
    lease_until: datetime,
    limit: int,
) -> list[Outgoing]:
    """Takes due rows for `owner`: only the oldest of each conversation, none of a paused channel."""
    ids = list((await connection.execute(_due(channels, now, limit))).scalars())
    if not ids:
        return []
    lease = {"lease_owner": owner, "lease_until": lease_until}
    await connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**lease))
    columns = (
        outbox.c.id,
        outbox.c.conversation_id,
        outbox.c.channel,
        conversations.c.chat_id,
        outbox.c.payload,
        outbox.c.attempts,
    )
    rows = await connection.execute(
        select(*columns)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(outbox.c.id.in_(ids))
        .order_by(outbox.c.id)
    )
    return [Outgoing(*row) for row in rows]


def _due(channels: Collection[str], now: datetime, limit: int) -> Select[int]:
    older = outbox.alias("older")
    blocked = exists().where(
        older.c.conversation_id == outbox.c.conversation_id,
        older.c.id < outbox.c.id,
        older.c.status.in_(_OPEN),
    )
    paused = exists().where(channel_pauses.c.channel == outbox.c.channel, channel_pauses.c.until > now)
    return (
        select(outbox.c.id)
        .where(
            outbox.c.status.in_(_OPEN),
            outbox.c.channel.in_(channels),
            outbox.c.next_at <= now,
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now),
            ~blocked,
            ~paused,
        )
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )


async def mark_sent(connection: AsyncConnection, row_id: int, external_message_id: str, now: datetime) -> None:
    """The platform took it."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(
            status=SENT,
            sent_at=now,
            external_message_id=external_message_id[:200],
            attempts=outbox.c.attempts + 1,
            last_error=None,
            lease_owner=None,
            lease_until=None,
        )
    )


async def mark_failed(connection: AsyncConnection, row_id: int, owner: str, kind: str, next_at: datetime) -> None:
    """It will be tried again at `next_at`."""
    await _release(connection, row_id, owner, status=FAILED, attempts=1, last_error=kind, next_at=next_at)


async def mark_dead(connection: AsyncConnection, row_id: int, owner: str, kind: str) -> bool:
    """It will not be tried again; False when somebody else has taken the row over."""
    return await _release(connection, row_id, owner, status=DEAD, attempts=1, last_error=kind)


async def postpone(connection: AsyncConnection, row_id: int, owner: str, next_at: datetime) -> None:
    """It was not the message's fault: the attempt does not count."""
    await _release(connection, row_id, owner, attempts=0, next_at=next_at)


async def _release(connection: AsyncConnection, row_id: int, owner: str, *, attempts: int, **values: Any) -> bool:
    if "last_error" in values:
        values["last_error"] = values["last_error"][:100]
    mine = (outbox.c.id == row_id) & (outbox.c.lease_owner == owner) & outbox.c.status.in_(_OPEN)
    result = await connection.execute(
        update(outbox)
        .where(mine)
        .values(attempts=outbox.c.attempts + attempts, lease_owner=None, lease_until=None, **values)
    )
    return result.rowcount == 1


async def pause(connection: AsyncConnection, channel: str, until: datetime) -> None:
    """Nothing of this channel is claimed before `until`, by any replica. A longer pause stands."""
    statement = insert_into(connection, channel_pauses).values(channel=channel, until=until)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel"],
            set_={"until": statement.excluded.until},
            where=channel_pauses.c.until < statement.excluded.until,
        )
    )


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """Rows by status, for metrics and for the page of dead letters."""
    rows = await connection.execute(select(outbox.c.status, func.count()).group_by(outbox.c.status))
    return {row[0]: row[1] for row in rows}
