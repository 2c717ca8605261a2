"""Personal data goes when its purpose is over: by itself after some days, and when a citizen asks for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, records
from booking.context import Context
from booking.policy import BookingPolicy
from booking.records import CITIZEN, SYSTEM
from booking.types import Appointment, State, Ticket
from store import audit
from store.booking_tables import appointments, booking_calendars, notices, waits

_NAMELESS = {"name": None, "phone": None, "conversation_id": None, "holder_hash": None}
_STILL_TO_COME = (State.CONFIRMED, State.CHECKED_IN, State.SERVING)


async def delete_overdue(connection: AsyncConnection, context: Context) -> int:
    """Deletes names and phones whose time is over, hashes that no rule needs, and old expired holds.

    Returns how many people were forgotten. The rows stay, for the figures.
    """
    now = context.now()
    own = await connection.execute(select(booking_calendars.c.office_id, booking_calendars.c.policy))
    changed = {office: calendars.overridden(context.policy, changes) for office, changes in own if changes}
    usual = appointments.c.office_id.not_in(changed)
    forgotten = await _forget_old(connection, context.policy, usual, now)
    for office_id, policy in changed.items():
        forgotten += await _forget_old(connection, policy, appointments.c.office_id == office_id, now)
    await _delete_expired_holds(connection, now - timedelta(days=context.policy.keep_days))
    if forgotten:
        await audit.record(connection, now, SYSTEM, "personal_data_deleted", "appointments:old", count=forgotten)
    return forgotten


async def forget(connection: AsyncConnection, context: Context, conversation_id: int) -> list[Ticket]:
    """See `BookingService.forget`."""
    now = context.now()
    mine = appointments.c.conversation_id == conversation_id
    open_ = appointments.c.state.in_(_STILL_TO_COME) & (appointments.c.ends_at > now)
    deleted = await connection.execute(update(appointments).where(mine, ~open_).values(**_NAMELESS))
    await connection.execute(delete(waits).where(waits.c.conversation_id == conversation_id))
    subject = f"conversation:{conversation_id}"
    await audit.record(connection, now, CITIZEN, "personal_data_deleted", subject, count=deleted.rowcount)
    return [record.ticket(context.key) for record in await records.several(connection, mine, open_)]


async def kept(
    connection: AsyncConnection, context: Context, conversation_id: int
) -> list[tuple[Appointment, date]]:
    """See `BookingService.kept`."""
    mine = (appointments.c.conversation_id == conversation_id) & appointments.c.name.is_not(None)
    found = []
    for record in await records.several(connection, mine):
        policy = await calendars.policy_of(connection, context, record.view.office_id)
        found.append((record.view, record.view.ends_at.date() + timedelta(days=policy.keep_days)))
    return found


async def _forget_old(
    connection: AsyncConnection, policy: BookingPolicy, where: ColumnElement[bool], now: datetime
) -> int:
    named = update(appointments).where(
        where, appointments.c.name.is_not(None), appointments.c.ends_at < now - timedelta(days=policy.keep_days)
    )
    forgotten = int((await connection.execute(named.values(**_NAMELESS))).rowcount)
    unneeded = now - timedelta(days=max(policy.no_show_days, policy.keep_days))
    hashed = update(appointments).where(
        where, appointments.c.phone_hash.is_not(None), appointments.c.ends_at < unneeded
    )
    await connection.execute(hashed.values(phone_hash=None))
    return forgotten


async def _delete_expired_holds(connection: AsyncConnection, before: datetime) -> None:
    """They say nothing to anybody: no name, no seat."""
    old = select(appointments.c.id).where(
        appointments.c.state == State.EXPIRED, appointments.c.changed_at < before
    )
    await connection.execute(delete(notices).where(notices.c.appointment_id.in_(old)))
    await connection.execute(delete(appointments).where(appointments.c.id.in_(old)))
