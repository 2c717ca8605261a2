"""What citizens are told without asking: reminders, moves, seats that became free. Each once, also after a crash.

A notice is a row from the moment it is known; sending puts a reply into the outbox and marks the row in one
transaction. The unique constraint (appointment, kind, sequence) keeps it from being written twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from booking import calendars, records
from booking.context import Context
from booking.policy import BookingPolicy
from booking.quiet import is_quiet, quiet_ends, reminder_time
from booking.records import Record
from booking.types import Notice, NoticeKind, State
from store import conversations, outbox
from store.booking_tables import appointments, notices
from store.engine import read, write_repeatable
from store.rows import insert_new

Renderer = Callable[[Notice], dict[str, Any]]
"""Makes the payload of a reply; booking knows neither the office's name nor the form of replies."""

_log = structlog.get_logger("booking.notices")
_RATED_WITHIN = timedelta(days=2)
"""Nobody is asked about a visit that was longer ago."""
SENT, SKIPPED, FAILED = "sent", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    appointment_id: int
    conversation_id: int | None


async def schedule(connection: AsyncConnection, record: Record, policy: BookingPolicy, now: datetime) -> None:
    """Plans the reminders of a confirmed appointment anew. Without conversation there is nobody to remind."""
    await withdraw(connection, record)
    view = record.view
    if view.conversation_id is None:
        return
    hours = {NoticeKind.REMIND_DAY: policy.remind_day_hours, NoticeKind.REMIND_HOURS: policy.remind_hours}
    for kind, before in hours.items():
        due_at = reminder_time(policy, view.starts_at - timedelta(hours=before), view.starts_at)
        if due_at > now:
            await add(connection, record, kind, due_at)


async def add(connection: AsyncConnection, record: Record, kind: NoticeKind, due_at: datetime) -> None:
    """Plans one notice; a second one of the same kind and sequence is none. Nothing without conversation."""
    if record.view.conversation_id is None:
        return
    values = {"appointment_id": record.id, "kind": kind, "sequence": record.view.sequence, "due_at": due_at}
    await insert_new(connection, notices, values, ["appointment_id", "kind", "sequence"])


async def withdraw(connection: AsyncConnection, record: Record) -> None:
    """Takes back what was not sent yet."""
    await connection.execute(delete(notices).where(_of(record), notices.c.sent_at.is_(None)))


async def send_due(engine: AsyncEngine, context: Context, render: Renderer, limit: int = 100) -> int:
    """Sends what is due, each in a transaction of its own; returns how many notices were sent."""
    async with read(engine) as connection:
        due = await _due(connection, context.now(), limit)
    sent = 0
    for notice in due:
        async with write_repeatable(engine) as connection:
            sent += await _send(connection, context, notice, render)
    return sent


async def _due(connection: AsyncConnection, now: datetime, limit: int) -> list[_Due]:
    statement = (
        select(notices.c.id, notices.c.appointment_id, appointments.c.conversation_id)
        .join(appointments, appointments.c.id == notices.c.appointment_id)
        .where(notices.c.sent_at.is_(None), notices.c.due_at <= now)
        .order_by(notices.c.due_at, notices.c.id)
        .limit(limit)
    )
    return [_Due(*row) for row in await connection.execute(statement)]


async def _send(connection: AsyncConnection, context: Context, due: _Due, render: Renderer) -> bool:
    """Looks again under the locks (conversation, appointment, notice, in this order), then sends or skips."""
    conversation = None
    if due.conversation_id is not None:
        conversation = await conversations.load_locked(connection, due.conversation_id)
    record = await records.one(connection, appointments.c.id == due.appointment_id, locked=True)
    statement = select(notices).where(notices.c.id == due.id, notices.c.sent_at.is_(None)).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    if row is None or record is None:
        return False
    kind, now = NoticeKind(row.kind), context.now()
    true = _still_true(kind, row.sequence, record, now) and not await _outdated(connection, row, now)
    if conversation is None or not true:
        return await _close(connection, due.id, now, SKIPPED)
    policy = await calendars.policy_of(connection, context, record.view.office_id)
    if is_quiet(policy, now):
        later = update(notices).where(notices.c.id == due.id)
        await connection.execute(later.values(due_at=quiet_ends(policy, now)))
        return False
    payload = _rendered(render, Notice(kind, record.ticket(context.key)))
    if payload is None:
        return await _close(connection, due.id, now, FAILED)
    await outbox.add(connection, outbox.Draft(conversation.id, conversation.channel, payload), now)
    return await _close(connection, due.id, now, SENT)


def _still_true(kind: NoticeKind, sequence: int, record: Record, now: datetime) -> bool:
    view = record.view
    if kind is NoticeKind.CANCELLED:
        return view.state is State.CANCELLED
    if kind is NoticeKind.RATE:
        return view.state is State.DONE and now < view.ends_at + _RATED_WITHIN
    if kind is NoticeKind.SEAT_FREE:
        return view.state is State.HELD and view.expires_at is not None and view.expires_at > now
    return view.state is State.CONFIRMED and view.sequence == sequence and view.starts_at > now


def _rendered(render: Renderer, notice: Notice) -> dict[str, Any] | None:
    """The payload; a renderer's defect must not keep other notices from being sent."""
    try:
        return render(notice)
    except Exception:
        _log.exception("notice_unreadable", kind=notice.kind.value, reference=notice.ticket.reference)
        return None


async def _outdated(connection: AsyncConnection, row: Any, now: datetime) -> bool:
    """After an outage both reminders may be due: the later one is enough."""
    if NoticeKind(row.kind) is not NoticeKind.REMIND_DAY:
        return False
    later = (notices.c.appointment_id == row.appointment_id) & (notices.c.kind == NoticeKind.REMIND_HOURS)
    due = select(notices.c.id).where(later, notices.c.sequence == row.sequence, notices.c.due_at <= now)
    return (await connection.execute(due)).first() is not None


async def _close(connection: AsyncConnection, notice_id: int, now: datetime, outcome: str) -> bool:
    await connection.execute(
        update(notices).where(notices.c.id == notice_id).values(sent_at=now, outcome=outcome)
    )
    return outcome == SENT


def _of(record: Record) -> Any:
    return notices.c.appointment_id == record.id
