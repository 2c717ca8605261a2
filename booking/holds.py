"""Holding a seat, giving it back, confirming it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, codes, limits, notices, records, seats
from booking.calendar import fits, slots_for, slots_from
from booking.calendars import Rules
from booking.context import Context
from booking.errors import HoldExpired, NotFound, SlotClosed, WrongState
from booking.locks import lock_offices, lock_phone
from booking.offers import check_time, visit
from booking.records import CITIZEN, SYSTEM, Record
from booking.seats import Place
from booking.types import ZONE, Hold, OfficeCalendar, Origin, Person, Share, State, Ticket, Wish
from store import conversations
from store.booking_tables import appointments

_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Opened:
    """An appointment whose office is locked, with the rules of its day."""

    record: Record
    rules: Rules


async def open_secret(connection: AsyncConnection, context: Context, secret: str) -> Opened:
    """Locks the office of the appointment that the secret opens, then reads both. Raises `NotFound`."""
    mine = appointments.c.secret_hash == codes.hash_of(secret)
    office_id = (await connection.execute(select(appointments.c.office_id).where(mine))).scalar_one_or_none()
    if office_id is None:
        raise NotFound
    await lock_offices(connection, [office_id])
    record = await records.one(connection, mine)
    if record is None:
        raise NotFound
    return Opened(record, await calendars.load(connection, context, office_id, record.view.day, record.view.day))


async def hold(connection: AsyncConnection, context: Context, wish: Wish, origin: Origin) -> Hold:
    """See `BookingService.hold`."""
    now, holder = context.now(), holder_hash(context, origin)
    if origin.conversation_id is not None:
        await conversations.load_locked(connection, origin.conversation_id)  # before any office
    earlier = [] if holder is None else await _held_by(connection, holder)
    await lock_offices(connection, [wish.office_id, *(record.view.office_id for record in earlier)])
    day = wish.starts_at.astimezone(ZONE).date()
    rules = await calendars.load(connection, context, wish.office_id, day, day)
    check_time(rules.policy, wish.starts_at, now)
    slots = visit(rules.calendar, wish.starts_at, wish.minutes)
    for record in [] if holder is None else await _held_by(connection, holder):
        await expire(connection, record, now, CITIZEN, "another hold")
    expires_at = now + timedelta(minutes=rules.policy.hold_minutes)
    record = await keep_seats(connection, context, rules, wish, origin, slots, expires_at, actor=CITIZEN)
    return Hold(
        secret=codes.secret_of(context.key, record.nonce),
        office_id=wish.office_id,
        group_id=wish.group_id,
        starts_at=record.view.starts_at,
        ends_at=record.view.ends_at,
        expires_at=expires_at,
    )


async def keep_seats(
    connection: AsyncConnection,
    context: Context,
    rules: Rules,
    wish: Wish,
    origin: Origin,
    slots: Sequence[datetime],
    expires_at: datetime,
    *,
    actor: str,
    head_start: timedelta = _NO_TIME,
) -> Record:
    """A held appointment with its seats, at a locked office, after every check. Raises `SlotFull`."""
    place = Place(wish.office_id, wish.group_id, Share.ONLINE)
    await clear(connection, place, slots, context.now(), head_start)
    values = appointment_values(wish, origin, place, rules.calendar, slots)
    values |= {"state": State.HELD, "expires_at": expires_at, "holder_hash": holder_hash(context, origin)}
    record = await records.create(connection, context, actor, wish.starts_at.astimezone(ZONE).date(), **values)
    await seats.take(connection, record.id, place, slots, place.capacity(rules.calendar), expires_at)
    return record


async def release(connection: AsyncConnection, context: Context, secret: str) -> None:
    """See `BookingService.release`."""
    record = (await open_secret(connection, context, secret)).record
    if record.view.state is State.HELD:
        await expire(connection, record, context.now(), CITIZEN, "given back")


async def confirm(connection: AsyncConnection, context: Context, secret: str, person: Person) -> Ticket:
    """See `BookingService.confirm`."""
    now = context.now()
    opened = await open_secret(connection, context, secret)
    record, rules = opened.record, opened.rules
    name, phone = codes.read_name(person.name), codes.read_phone(person.phone)
    phone_hash = codes.keyed_hash(context.key, "phone", phone)
    if record.view.state is State.CONFIRMED and record.phone_hash == phone_hash:
        return record.ticket(context.key)  # asked a second time: the first answer got lost
    _check_hold(record, now)
    if not fits(rules.calendar, slots_of(rules.calendar, record)):
        raise SlotClosed
    await lock_phone(connection, phone_hash)
    await limits.check_person(connection, rules.policy, record, phone_hash, name, now, helper=person.helper)
    kept: dict[str, Any] = {"name": name, "phone": phone, "phone_hash": phone_hash}
    kept["for_other"] = person.for_other or person.helper
    confirmed = await records.change(
        connection, record, State.CONFIRMED, now, CITIZEN, **kept, expires_at=None, holder_hash=None
    )
    await seats.keep(connection, record.id)
    await notices.schedule(connection, confirmed, rules.policy, now)
    return confirmed.ticket(context.key)


async def expire(connection: AsyncConnection, record: Record, now: datetime, actor: str, why: str) -> None:
    """Ends a hold; its seats are free at once."""
    await records.change(connection, record, State.EXPIRED, now, actor, why, holder_hash=None)
    await seats.remove(connection, record.id)


async def expire_overdue(connection: AsyncConnection, office_id: str, now: datetime) -> int:
    """Ends the overdue holds of a locked office; returns how many."""
    overdue = await records.several(
        connection,
        appointments.c.state == State.HELD,
        appointments.c.expires_at <= now,
        appointments.c.office_id == office_id,
    )
    for record in overdue:
        await expire(connection, record, now, SYSTEM, "time over")
    return len(overdue)


async def clear(
    connection: AsyncConnection,
    place: Place,
    slots: Sequence[datetime],
    now: datetime,
    head_start: timedelta = _NO_TIME,
) -> None:
    """Removes what counts as free in these slots: overdue holds expire, cancelled seats that may return go."""
    ids, overdue = await seats.returned(connection, place, slots, now, head_start)
    for row_id in overdue:
        record = await records.one(connection, appointments.c.id == row_id)
        if record is not None:
            await expire(connection, record, now, SYSTEM, "time over")
    await seats.delete_rows(connection, ids)


def slots_of(calendar: OfficeCalendar, record: Record) -> list[datetime]:
    """The slots that an appointment takes."""
    return slots_from(calendar, record.view.starts_at, slots_for(calendar, record.view.minutes))


def appointment_values(
    wish: Wish, origin: Origin, place: Place, calendar: OfficeCalendar, slots: Sequence[datetime]
) -> dict[str, Any]:
    """The columns that say what, when and from where."""
    return {
        "office_id": place.office_id,
        "group_id": place.group_id,
        "share": place.share,
        "procedure_code": wish.procedure_code,
        "starts_at": slots[0],
        "ends_at": slots[-1] + timedelta(minutes=calendar.slot_minutes),
        "channel": origin.channel,
        "conversation_id": origin.conversation_id,
    }


def holder_hash(context: Context, origin: Origin) -> str | None:
    """Stands for who is choosing."""
    return None if origin.holder is None else codes.keyed_hash(context.key, "holder", origin.holder)


def _check_hold(record: Record, now: datetime) -> None:
    view = record.view
    overdue = view.state is State.HELD and view.expires_at is not None and view.expires_at <= now
    if overdue or view.state is State.EXPIRED:
        raise HoldExpired
    if view.state is not State.HELD:
        raise WrongState(view.state)


async def _held_by(connection: AsyncConnection, holder: str) -> list[Record]:
    held = appointments.c.state == State.HELD
    return await records.several(connection, held, appointments.c.holder_hash == holder)
