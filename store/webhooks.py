"""Webhooks and their queue: each event once for each webhook, tried until it was taken or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.export_tables import webhook_deliveries, webhooks
from store.rows import insert_into, insert_new

PENDING, SENT, DEAD = "pending", "sent", "dead"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events go. Its secret is read only to send."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event that is due, with what its sender needs."""

    id: int
    url: str
    secret: str
    event: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime


_COLUMNS = tuple(column for column in webhooks.c if column.name != "secret")


async def add(connection: AsyncConnection, name: str, url: str, secret: str, events: list[str], now: datetime) -> bool:
    """Registers a webhook; False where the name is taken."""
    values = {"name": name, "url": url, "secret": secret, "events": events, "created_at": now}
    return await insert_new(connection, webhooks, values, ["name"]) is not None


async def everyone(connection: AsyncConnection) -> list[Webhook]:
    """All webhooks by name, stopped ones too."""
    rows = await connection.execute(select(*_COLUMNS).order_by(webhooks.c.name))
    return [Webhook(**dict(row._mapping) | {"events": tuple(row.events)}) for row in rows]


async def stop(connection: AsyncConnection, name: str, now: datetime) -> bool:
    """Sends nothing more there; False where there is none of that name in use."""
    mine = (webhooks.c.name == name) & webhooks.c.stopped_at.is_(None)
    result = await connection.execute(update(webhooks).where(mine).values(stopped_at=now))
    return result.rowcount == 1


async def queue(
    connection: AsyncConnection, hook: Webhook, event: str, subject_id: int, payload: dict[str, Any], now: datetime
) -> bool:
    """Queues an event for a webhook; False where it was queued before."""
    values = {
        "webhook_id": hook.id,
        "event": event,
        "subject_id": subject_id,
        "payload": payload,
        "status": PENDING,
        "created_at": now,
        "next_at": now,
    }
    statement = insert_into(connection, webhook_deliveries).values(**values).on_conflict_do_nothing()
    found = await connection.execute(statement.returning(webhook_deliveries.c.id))
    return found.scalar_one_or_none() is not None


async def claim(connection: AsyncConnection, now: datetime, lease_until: datetime, limit: int) -> list[Delivery]:
    """Takes due events until `lease_until`; other replicas leave them alone until then."""
    queued = webhook_deliveries.c
    due = (
        select(queued.id)
        .join(webhooks, webhooks.c.id == queued.webhook_id)
        .where(
            queued.status == PENDING,
            queued.next_at <= now,
            or_(queued.lease_until.is_(None), queued.lease_until <= now),
            webhooks.c.stopped_at.is_(None),
        )
        .order_by(queued.next_at, queued.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=webhook_deliveries)
    )
    ids = list((await connection.execute(due)).scalars())
    if not ids:
        return []
    await connection.execute(update(webhook_deliveries).where(queued.id.in_(ids)).values(lease_until=lease_until))
    columns = (
        queued.id,
        webhooks.c.url,
        webhooks.c.secret,
        queued.event,
        queued.payload,
        queued.attempts,
        queued.created_at,
    )
    joined = select(*columns).join(webhooks, webhooks.c.id == queued.webhook_id)
    rows = await connection.execute(joined.where(queued.id.in_(ids)).order_by(queued.id))
    return [Delivery(*row) for row in rows]


async def mark_sent(connection: AsyncConnection, delivery: Delivery, now: datetime) -> None:
    """The other side took it."""
    await _settle(connection, delivery, status=SENT, sent_at=now, last_error=None)


async def mark_failed(connection: AsyncConnection, delivery: Delivery, why: str, next_at: datetime | None) -> None:
    """It will be tried again at `next_at`, or never."""
    again = {"next_at": next_at} if next_at else {"status": DEAD}
    await _settle(connection, delivery, last_error=why[:100], **again)


async def _settle(connection: AsyncConnection, delivery: Delivery, **values: Any) -> None:
    mine = (webhook_deliveries.c.id == delivery.id) & (webhook_deliveries.c.status == PENDING)
    attempts = webhook_deliveries.c.attempts + 1
    changed = update(webhook_deliveries).where(mine).values(attempts=attempts, lease_until=None, **values)
    await connection.execute(changed)


async def forget(connection: AsyncConnection, before: datetime) -> None:
    """Deletes settled events that were queued before."""
    settled = webhook_deliveries.c.status != PENDING
    await connection.execute(delete(webhook_deliveries).where(settled, webhook_deliveries.c.created_at < before))


async def counts(connection: AsyncConnection) -> dict[tuple[int, str], int]:
    """Events by webhook and status."""
    keys = webhook_deliveries.c.webhook_id, webhook_deliveries.c.status
    rows = await connection.execute(select(*keys, func.count()).group_by(*keys))
    return {(row[0], row[1]): row[2] for row in rows}
