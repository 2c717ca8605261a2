"""Moving and cancelling an appointment, by the citizen and by the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, limits, notices, records, seats
from booking.context import Context
from booking.errors import TooLate, WrongState
from booking.holds import clear, expire, open_secret
from booking.offers import check_time, visit
from booking.records import CITIZEN, Record
from booking.seats import Place
from booking.types import ZONE, Appointment, NoticeKind, State, Ticket


async def reschedule(connection: AsyncConnection, context: Context, secret: str, starts_at: datetime) -> Ticket:
    """See `BookingService.reschedule`."""
    now = context.now()
    opened = await open_secret(connection, context, secret)
    record, policy = opened.record, opened.rules.policy
    _check_to_come(record, now)
    check_time(policy, starts_at, now)
    moved = await move(connection, context, record, starts_at, CITIZEN)
    await limits.check_other_day(connection, policy, moved, now)
    return moved.ticket(context.key)


async def cancel(connection: AsyncConnection, context: Context, secret: str) -> Appointment:
    """See `BookingService.cancel`."""
    now = context.now()
    opened = await open_secret(connection, context, secret)
    record = opened.record
    if record.view.state in (State.CANCELLED, State.EXPIRED):
        return record.view
    if record.view.state is State.HELD:
        await expire(connection, record, now, CITIZEN, "given back")
        return (await open_secret(connection, context, secret)).record.view
    _check_to_come(record, now)
    return (await end(connection, context, record, CITIZEN, "")).view


async def move(
    connection: AsyncConnection, context: Context, record: Record, starts_at: datetime, actor: str
) -> Record:
    """Takes seats at another time of a locked office and gives the old ones back. Raises `SlotClosed`, `SlotFull`."""
    now, view = context.now(), record.view
    if starts_at == view.starts_at:
        return record
    day = starts_at.astimezone(ZONE).date()
    rules = await calendars.load(connection, context, view.office_id, day, day)
    slots = visit(rules.calendar, starts_at, view.minutes)
    place = Place(view.office_id, view.group_id, view.share)
    await clear(connection, place, slots, now)
    await seats.take(connection, record.id, place, slots, place.capacity(rules.calendar), None)
    await seats.give_back(connection, record.id, now + context.release_delay(rules.policy), but=slots)
    ends_at = slots[-1] + timedelta(minutes=rules.calendar.slot_minutes)
    when: dict[str, Any] = {"day": day, "starts_at": starts_at, "ends_at": ends_at, "sequence": view.sequence + 1}
    moved = await records.change(connection, record, State.CONFIRMED, now, actor, **when)
    await notices.schedule(connection, moved, rules.policy, now)
    return moved


async def end(connection: AsyncConnection, context: Context, record: Record, actor: str, why: str) -> Record:
    """Cancels at a locked office; the seats return after the random delay."""
    now = context.now()
    cancelled = await records.change(
        connection, record, State.CANCELLED, now, actor, why, sequence=record.view.sequence + 1
    )
    await notices.withdraw(connection, record)
    policy = await calendars.policy_of(connection, context, record.view.office_id)
    await seats.give_back(connection, record.id, now + context.release_delay(policy))
    return cancelled


async def tell(connection: AsyncConnection, context: Context, record: Record, kind: NoticeKind) -> None:
    """Lets the citizen know what the office did."""
    await notices.add(connection, record, kind, context.now())


def _check_to_come(record: Record, now: datetime) -> None:
    if record.view.state is not State.CONFIRMED:
        raise WrongState(record.view.state)
    if record.view.starts_at <= now:
        raise TooLate(0)
