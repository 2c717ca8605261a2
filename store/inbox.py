"""What arrived, each message once: duplicates stop here, and a crash leaves its work to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert_new
from store.tables import inbox

NEW, DONE, FAILED = "new", "done", "failed"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it stands in the inbox; `text` is redacted. Without conversation it has been deleted.

    `labels` are what was seen in it before it was redacted; they are gone when it has been handled.
    """

    id: int
    channel: str
    conversation_id: int | None
    text: str
    choice: str | None
    received_at: datetime
    status: str
    attempts: int
    labels: dict[str, Any] | None


_COLUMNS = (
    inbox.c.id,
    inbox.c.channel,
    inbox.c.conversation_id,
    inbox.c.text,
    inbox.c.choice,
    inbox.c.received_at,
    inbox.c.status,
    inbox.c.attempts,
    inbox.c.labels,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the door hands in: already cleaned and redacted."""

    channel: str
    external_id: str
    conversation_id: int
    text: str
    choice: str | None
    received_at: datetime
    labels: dict[str, Any] | None = None


async def add(connection: AsyncConnection, arrival: Arrival, lease_until: datetime | None) -> tuple[int, bool]:
    """Stores a message and returns its id and whether it was there already.

    With `lease_until` the caller promises to handle it at once, and no worker takes it before then.
    """
    values = {
        "channel": arrival.channel,
        "external_id": arrival.external_id,
        "conversation_id": arrival.conversation_id,
        "text": arrival.text,
        "choice": arrival.choice,
        "received_at": arrival.received_at,
        "status": NEW,
        "lease_until": lease_until,
        "attempts": 0 if lease_until is None else 1,
        "labels": arrival.labels,
    }
    added = await insert_new(connection, inbox, values, ["channel", "external_id"])
    if added is not None:
        return added, False
    key = (inbox.c.channel == arrival.channel) & (inbox.c.external_id == arrival.external_id)
    known: int = (await connection.execute(select(inbox.c.id).where(key))).scalar_one()
    return known, True


async def load(connection: AsyncConnection, inbox_id: int) -> Received | None:
    """One message."""
    row = (await connection.execute(select(*_COLUMNS).where(inbox.c.id == inbox_id))).one_or_none()
    return None if row is None else Received(*row)


async def oldest_open(connection: AsyncConnection, conversation_id: int) -> int | None:
    """The message of a conversation that has to be handled first, if any is left."""
    statement = select(func.min(inbox.c.id)).where(inbox.c.conversation_id == conversation_id, inbox.c.status == NEW)
    oldest: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return oldest


async def claim(connection: AsyncConnection, now: datetime, lease_until: datetime, limit: int) -> list[int]:
    """Takes the oldest open message of up to `limit` conversations that nobody else is working on."""
    ids = list((await connection.execute(_claimable(now, limit))).scalars())
    if ids:
        await connection.execute(
            update(inbox).where(inbox.c.id.in_(ids)).values(lease_until=lease_until, attempts=inbox.c.attempts + 1)
        )
    return ids


def _claimable(now: datetime, limit: int) -> Select[int]:
    heads = select(func.min(inbox.c.id)).where(inbox.c.status == NEW).group_by(inbox.c.conversation_id)
    return (
        select(inbox.c.id)
        .where(
            inbox.c.id.in_(heads),
            inbox.c.status == NEW,
            or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= now),
        )
        .order_by(inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


async def close(connection: AsyncConnection, inbox_id: int, now: datetime, error: str | None) -> None:
    """Marks a message as handled; with `error`, as one that the engine could not answer."""
    await connection.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id)
        .values(
            status=DONE if error is None else FAILED,
            handled_at=now,
            error=None if error is None else error[:100],
            lease_until=None,
            labels=None,
        )
    )


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """Messages by status, for metrics."""
    rows = await connection.execute(select(inbox.c.status, func.count()).group_by(inbox.c.status))
    return {row[0]: row[1] for row in rows}
