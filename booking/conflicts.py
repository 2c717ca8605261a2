"""Appointments that no longer fit the calendar: found, given a proposal, moved. None is ever dropped silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, changes, counter, records, seats
from booking.calendar import days_between, fits, slots_for, slots_from, today
from booking.calendars import Rules
from booking.context import Context
from booking.errors import BookingError, TooLate, WrongState
from booking.holds import slots_of
from booking.locks import lock_offices
from booking.offers import free_on, horizon
from booking.records import Record, officer
from booking.types import Conflict, ConflictKind, Move, Moved, NoticeKind, OfficeCalendar, Share, Slot, State
from store.booking_tables import appointments

_Seats = Counter[tuple[str, datetime, Share]]
_FAR = timedelta(days=400)
"""Nothing is booked further ahead: the longest horizon is 366 days."""


async def current_rules(connection: AsyncConnection, context: Context, office_id: str) -> Rules:
    """The rules with every closure and special day to come."""
    day = today(context.now())
    return await calendars.load(connection, context, office_id, day, day + _FAR)


async def find(connection: AsyncConnection, context: Context, rules: Rules) -> list[Conflict]:
    """The conflicts with a calendar, whether it is in force or only thought of."""
    now, office_id = context.now(), rules.calendar.office_id
    confirmed = await records.several(
        connection,
        appointments.c.office_id == office_id,
        appointments.c.day >= today(now),
        appointments.c.starts_at > now,
        appointments.c.state == State.CONFIRMED,
    )
    hit = _hit(rules.calendar, confirmed)
    if not hit:
        return []
    load = await seats.load_of(connection, office_id, now, now + _FAR, now)
    return _with_proposals(rules, load, hit, now)


async def move(
    connection: AsyncConnection, context: Context, office_id: str, moves: Sequence[Move], account: str
) -> list[Moved]:
    """See `BookingService.move_conflicts`."""
    await lock_offices(connection, [office_id])
    return [await _move(connection, context, office_id, wanted, account) for wanted in moves]


async def _move(
    connection: AsyncConnection, context: Context, office_id: str, wanted: Move, account: str
) -> Moved:
    record = await counter.find(connection, office_id, wanted.reference)
    try:
        async with connection.begin_nested():
            _check(record, wanted.starts_at, context.now())
            moved = await changes.move(connection, context, record, wanted.starts_at, officer(account))
            await changes.tell(connection, context, moved, NoticeKind.MOVED)
    except BookingError as error:
        return Moved(record.view, str(error))
    return Moved(moved.view)


def _check(record: Record, starts_at: datetime, now: datetime) -> None:
    if record.view.state is not State.CONFIRMED:
        raise WrongState(record.view.state)
    if starts_at <= now:
        raise TooLate(0)


def _hit(calendar: OfficeCalendar, confirmed: Iterable[Record]) -> list[tuple[Record, ConflictKind]]:
    """Who is in a closed time; and in a slot with more visits than it takes, those that were booked last."""
    hit: dict[int, tuple[Record, ConflictKind]] = {}
    taken: _Seats = Counter()
    for record in sorted(confirmed, key=lambda record: record.id):
        view, slots = record.view, slots_of(calendar, record)
        capacity = calendar.capacity(view.group_id)
        most = capacity.online if view.share is Share.ONLINE else capacity.walk_in
        if not fits(calendar, slots):
            hit[record.id] = (record, ConflictKind.CLOSED)
        elif any(taken[view.group_id, slot, view.share] >= most for slot in slots):
            hit[record.id] = (record, ConflictKind.OVER_CAPACITY)
        else:
            taken.update((view.group_id, slot, view.share) for slot in slots)
    return sorted(hit.values(), key=lambda pair: (pair[0].view.starts_at, pair[0].id))


def _with_proposals(
    rules: Rules, load: _Seats, hit: Iterable[tuple[Record, ConflictKind]], now: datetime
) -> list[Conflict]:
    """A proposal for each; what was proposed to one counts as taken for the next."""
    found = []
    for record, kind in hit:
        proposal = _proposal(rules, load, record, now)
        if proposal is not None:
            count = slots_for(rules.calendar, record.view.minutes)
            slots = slots_from(rules.calendar, proposal.starts_at, count)
            load.update((record.view.group_id, slot, record.view.share) for slot in slots)
        found.append(Conflict(record.view, kind, proposal))
    return found


def _proposal(rules: Rules, load: _Seats, record: Record, now: datetime) -> Slot | None:
    """The next free time after the booked one, else the last one before it."""
    view = record.view
    earliest = now + timedelta(minutes=rules.policy.lead_minutes)
    latest = max(horizon(rules.policy, now), view.day)
    for day in days_between(view.day, latest):
        for slot in free_on(rules.calendar, load, view.group_id, view.share, day, view.minutes):
            if slot.starts_at >= max(view.starts_at, earliest) and slot.starts_at != view.starts_at:
                return slot
    before = [
        slot
        for day in days_between(today(now), view.day)
        for slot in free_on(rules.calendar, load, view.group_id, view.share, day, view.minutes)
        if earliest <= slot.starts_at < view.starts_at
    ]
    return before[-1] if before else None

