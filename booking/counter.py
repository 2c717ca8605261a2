"""The day at the office: check-in, walk-in tickets, calling, ending, finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, changes, codes, notices, records, seats
from booking.calendar import open_slots, slots_for, slots_from, today
from booking.calendars import Rules
from booking.context import Context
from booking.errors import NotFound, NotYet, SlotClosed, SlotFull, WrongDay
from booking.holds import appointment_values, clear
from booking.locks import lock_offices
from booking.offers import free_on
from booking.records import Record, officer
from booking.seats import Load, Place
from booking.types import Appointment, Called, NoticeKind, Origin, QueueDisplay, Share, Slot, State, Wish
from store.booking_tables import appointments

_SHOWN = (State.CONFIRMED, State.CHECKED_IN, State.SERVING, State.DONE, State.NO_SHOW, State.CANCELLED)
_SEARCH_BACK = timedelta(days=30)
_MOST_FOUND = 50
WALK_IN_CHANNEL = "counter"
TURN = case(
    (appointments.c.checked_in_at > appointments.c.starts_at, appointments.c.checked_in_at),
    else_=appointments.c.starts_at,
)
"""When somebody's turn is: at the booked time, or at the check-in where that was later."""


async def day_list(connection: AsyncConnection, office_id: str, day: date) -> list[Appointment]:
    """See `BookingService.day_list`."""
    mine = (appointments.c.office_id == office_id, appointments.c.day == day, appointments.c.state.in_(_SHOWN))
    return [record.view for record in await records.several(connection, *mine)]


async def find(connection: AsyncConnection, office_id: str, code: str) -> Record:
    """By reference or secret, at this office only. Raises `NotFound`."""
    secret = codes.read_secret(code)
    if secret is not None:
        key = appointments.c.secret_hash == codes.hash_of(secret)
    else:
        key = appointments.c.reference == codes.read_reference(code)
    record = await records.one(connection, key, appointments.c.office_id == office_id, _is_shown())
    if record is None:
        raise NotFound
    return record


async def search(connection: AsyncConnection, context: Context, office_id: str, text: str) -> list[Appointment]:
    """See `BookingService.search`."""
    day = today(context.now())
    wanted, digits = codes.fold(text), "".join(character for character in text if character.isdecimal())
    reference = codes.read_reference(text)
    found = await records.several(
        connection, appointments.c.office_id == office_id, appointments.c.day >= day - _SEARCH_BACK, _is_shown()
    )
    views = [
        record.view
        for record in found
        if record.view.reference == reference
        or (wanted and not digits and wanted in codes.fold(record.view.name or ""))
        or (len(digits) >= 3 and (record.view.phone or "").endswith(digits))
    ]
    return sorted(views, key=lambda view: abs(view.day - day))[:_MOST_FOUND]


async def check_in(
    connection: AsyncConnection, context: Context, office_id: str, code: str, account: str
) -> Appointment:
    """See `BookingService.check_in`."""
    await lock_offices(connection, [office_id])
    record, now = await find(connection, office_id, code), context.now()
    if record.view.day != today(now):
        raise WrongDay(record.view.starts_at)
    number = record.view.number or await _next_number(connection, office_id, record.view.day)
    arrived = await records.change(
        connection, record, State.CHECKED_IN, now, officer(account), number=number, checked_in_at=now
    )
    return arrived.view


async def walk_in(
    connection: AsyncConnection, context: Context, wish: Wish, name: str | None, account: str
) -> Appointment:
    """See `BookingService.walk_in`; `wish.starts_at` is the present time."""
    await lock_offices(connection, [wish.office_id])
    now, day = context.now(), today(context.now())
    rules = await calendars.load(connection, context, wish.office_id, day, day)
    ahead = _ahead(rules, day, now)
    for share in Share:
        await clear(connection, Place(wish.office_id, wish.group_id, share), ahead, now)
    slot, share = await _next_seat(connection, rules, wish, ahead, now)
    place = Place(wish.office_id, wish.group_id, share)
    slots = slots_from(rules.calendar, slot.starts_at, slots_for(rules.calendar, wish.minutes))
    values = appointment_values(wish, Origin(WALK_IN_CHANNEL), place, rules.calendar, slots)
    values |= {"state": State.CHECKED_IN, "checked_in_at": now, "name": None if name is None else codes.read_name(name)}
    values["number"] = await _next_number(connection, wish.office_id, day)
    record = await records.create(connection, context, officer(account), day, **values)
    await seats.take(connection, record.id, place, slots, place.capacity(rules.calendar), None)
    return record.view


async def call_next(
    connection: AsyncConnection, context: Context, office_id: str, group_id: str | None, counter: str, account: str
) -> Appointment | None:
    """See `BookingService.call_next`."""
    await lock_offices(connection, [office_id])
    now = context.now()
    waiting = [*_today(office_id, now), appointments.c.state == State.CHECKED_IN]
    if group_id is not None:
        waiting.append(appointments.c.group_id == group_id)
    first = select(appointments.c.id).where(*waiting).order_by(TURN, appointments.c.number).limit(1)
    row_id = (await connection.execute(first)).scalar_one_or_none()
    record = None if row_id is None else await records.one(connection, appointments.c.id == row_id)
    if record is None:
        return None
    called = await records.change(
        connection, record, State.SERVING, now, officer(account), counter=counter[:40], called_at=now
    )
    return called.view


async def finish(
    connection: AsyncConnection, context: Context, office_id: str, reference: str, account: str
) -> Appointment:
    """See `BookingService.finish`."""
    await lock_offices(connection, [office_id])
    record, now = await find(connection, office_id, reference), context.now()
    done = await records.change(connection, record, State.DONE, now, officer(account), finished_at=now)
    policy = await calendars.policy_of(connection, context, office_id)
    await notices.add(connection, done, NoticeKind.RATE, now + timedelta(minutes=policy.rate_minutes))
    return done.view


async def no_show(
    connection: AsyncConnection, context: Context, office_id: str, reference: str, account: str
) -> Appointment:
    """See `BookingService.no_show`."""
    await lock_offices(connection, [office_id])
    record, now = await find(connection, office_id, reference), context.now()
    if record.view.state is State.CONFIRMED and record.view.starts_at > now:
        raise NotYet(record.view.starts_at)
    return (await records.change(connection, record, State.NO_SHOW, now, officer(account))).view


async def cancel(
    connection: AsyncConnection, context: Context, office_id: str, reference: str, account: str, why: str
) -> Appointment:
    """See `BookingService.cancel_by_office`."""
    await lock_offices(connection, [office_id])
    record = await find(connection, office_id, reference)
    cancelled = await changes.end(connection, context, record, officer(account), why)
    await changes.tell(connection, context, cancelled, NoticeKind.CANCELLED)
    return cancelled.view


async def queue_display(connection: AsyncConnection, context: Context, office_id: str) -> QueueDisplay:
    """See `BookingService.queue_display`."""
    columns = (appointments.c.state, appointments.c.number, appointments.c.counter, appointments.c.called_at)
    present = appointments.c.state.in_((State.CHECKED_IN, State.SERVING))
    statement = select(*columns).where(*_today(office_id, context.now()), present).order_by(TURN, appointments.c.number)
    rows = (await connection.execute(statement)).all()
    called = [Called(row.number, row.counter, row.called_at) for row in rows if row.state == State.SERVING]
    return QueueDisplay(
        office_id,
        tuple(sorted(called, key=lambda call: call.called_at, reverse=True)),
        tuple(row.number for row in rows if row.state == State.CHECKED_IN),
    )


def _ahead(rules: Rules, day: date, now: datetime) -> list[datetime]:
    """The slots of the day that are not over. Raises `SlotClosed` when there are none."""
    step = timedelta(minutes=rules.calendar.slot_minutes)
    ahead = [start for start in open_slots(rules.calendar, day) if start + step > now]
    if not ahead:
        raise SlotClosed
    return ahead


async def _next_seat(
    connection: AsyncConnection, rules: Rules, wish: Wish, ahead: Sequence[datetime], now: datetime
) -> tuple[Slot, Share]:
    """The first seat that a walk-in may have. Raises `SlotFull`."""
    step = timedelta(minutes=rules.calendar.slot_minutes)
    end = ahead[-1] + step
    load = await seats.load_of(connection, wish.office_id, ahead[0], end, now, group_id=wish.group_id)
    no_longer_online = now + timedelta(minutes=rules.policy.lead_minutes)
    choices = [
        (slot, share)
        for share, before in ((Share.WALK_IN, end), (Share.ONLINE, no_longer_online))
        for slot in _free_ahead(rules, load, wish, share, ahead[0])
        if slot.starts_at < before
    ]
    if not choices:
        raise SlotFull
    return min(choices, key=lambda choice: choice[0].starts_at)  # walk-in seats first where both are free


def _free_ahead(rules: Rules, load: Load, wish: Wish, share: Share, first: datetime) -> Iterator[Slot]:
    slots = free_on(rules.calendar, load, wish.group_id, share, today(first), wish.minutes)
    return (slot for slot in slots if slot.starts_at >= first)


async def _next_number(connection: AsyncConnection, office_id: str, day: date) -> int:
    """The next number of the day's queue; the office is locked, and a unique constraint stands behind it."""
    mine = (appointments.c.office_id == office_id) & (appointments.c.day == day)
    highest = (await connection.execute(select(func.max(appointments.c.number)).where(mine))).scalar_one()
    return (highest or 0) + 1


def _today(office_id: str, now: datetime) -> list[ColumnElement[bool]]:
    return [appointments.c.office_id == office_id, appointments.c.day == today(now)]


def _is_shown() -> ColumnElement[bool]:
    return appointments.c.state.in_(_SHOWN)
