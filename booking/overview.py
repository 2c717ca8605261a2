"""What officers look at: the week calendar and the figures."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, records, seats
from booking.calendar import closures_on, day_bounds, days_between, open_slots, plan_of, slots_for
from booking.context import Context
from booking.records import Record
from booking.seats import Load
from booking.types import Appointment, Figures, OfficeCalendar, Share, SlotLoad, State, WeekDay
from store.booking_tables import appointments

_VISITS = (State.CONFIRMED, State.CHECKED_IN, State.SERVING, State.DONE, State.NO_SHOW)


async def week(
    connection: AsyncConnection, context: Context, office_id: str, first: date, group_ids: Sequence[str]
) -> list[WeekDay]:
    """See `BookingService.week`."""
    last = first + timedelta(days=6)
    rules = await calendars.load(connection, context, office_id, first, last)
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    load = await seats.load_of(connection, office_id, begin, end, context.now())
    visits = [record.view for record in await _between(connection, office_id, first, last, _VISITS)]
    groups = list(group_ids) or sorted({*rules.calendar.capacities, *(group for group, _, _ in load)})
    return [_week_day(rules.calendar, load, groups, visits, day) for day in days_between(first, last)]


async def figures(
    connection: AsyncConnection, context: Context, office_id: str, first: date, last: date
) -> Figures:
    """See `BookingService.figures`."""
    rules = await calendars.load(connection, context, office_id, first, last)
    found = await _between(connection, office_id, first, last, (*_VISITS, State.CANCELLED))
    views = [record.view for record in found]
    visits = [view for view in views if view.state is not State.CANCELLED]
    booked = Counter(view.state for view in visits if view.share is Share.ONLINE)
    waits = [_wait(view) for view in visits if view.called_at is not None]
    return Figures(
        office_id=office_id,
        first=first,
        last=last,
        by_state=Counter(view.state for view in views),
        by_share=Counter(view.share for view in visits),
        by_group=Counter(view.group_id for view in visits),
        by_hour=Counter(view.starts_at.hour for view in visits),
        wait_median_minutes=_of(statistics.median, waits),
        wait_p90_minutes=_of(_p90, waits),
        service_median_minutes=_of(statistics.median, [_service(v) for v in visits if v.finished_at is not None]),
        no_show_rate=_ratio(booked[State.NO_SHOW], booked[State.NO_SHOW] + booked[State.DONE]),
        online_use=_online_use(rules.calendar, visits, first, last),
        wait_by_hour=_waits_by_hour(visits),
    )


def _week_day(
    calendar: OfficeCalendar, load: Load, groups: Collection[str], visits: Sequence[Appointment], day: date
) -> WeekDay:
    plan = plan_of(calendar, day)
    step = timedelta(minutes=calendar.slot_minutes)
    slots = tuple(
        SlotLoad(
            starts_at=start,
            ends_at=start + step,
            group_id=group,
            capacity=calendar.capacity(group),
            online_taken=load.get((group, start, Share.ONLINE), 0),
            walk_in_taken=load.get((group, start, Share.WALK_IN), 0),
        )
        for start in open_slots(calendar, day)
        for group in groups
    )
    mine = tuple(view for view in visits if view.day == day)
    return WeekDay(day, plan.spans, plan.status, plan.reason, closures_on(calendar, day), slots, mine)


async def _between(
    connection: AsyncConnection, office_id: str, first: date, last: date, states: Collection[State]
) -> list[Record]:
    return await records.several(
        connection,
        appointments.c.office_id == office_id,
        appointments.c.day.between(first, last),
        appointments.c.state.in_(states),
    )


def _wait(view: Appointment) -> float:
    """Minutes from when somebody could expect to be called."""
    return _minutes(max(view.checked_in_at or view.starts_at, view.starts_at), view.called_at)


def _waits_by_hour(visits: Sequence[Appointment]) -> dict[int, float]:
    by_hour: dict[int, list[float]] = {}
    for view in visits:
        if view.called_at is not None:
            by_hour.setdefault(view.starts_at.hour, []).append(_wait(view))
    return {hour: round(statistics.median(waits), 1) for hour, waits in sorted(by_hour.items())}


def _service(view: Appointment) -> float:
    return _minutes(view.called_at, view.finished_at)


def _minutes(begin: datetime | None, end: datetime | None) -> float:
    return 0.0 if begin is None or end is None else max(0.0, (end - begin) / timedelta(minutes=1))


def _of(summary: Callable[[Sequence[float]], float], values: Sequence[float]) -> float | None:
    return round(summary(values), 1) if values else None


def _p90(values: Sequence[float]) -> float:
    return sorted(values)[int(0.9 * (len(values) - 1) + 0.5)]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _online_use(calendar: OfficeCalendar, visits: Sequence[Appointment], first: date, last: date) -> float | None:
    """Booked online seats, of those that the calendar offers; groups with neither capacity set nor visits are none."""
    online = [view for view in visits if view.share is Share.ONLINE]
    groups = {*calendar.capacities, *(view.group_id for view in visits)}
    slots = sum(len(open_slots(calendar, day)) for day in days_between(first, last))
    offered = slots * sum(calendar.capacity(group).online for group in groups)
    return _ratio(sum(slots_for(calendar, view.minutes) for view in online), offered)
