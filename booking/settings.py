"""Changes of an office's calendar, each with the appointments that it hits."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import calendars, conflicts
from booking.calendar import checked_hours, checked_slot_minutes, checked_spans, today
from booking.calendars import EVERY_OFFICE
from booking.context import Context
from booking.errors import CalendarInUse, InvalidCalendar, NotFound
from booking.locks import lock_offices
from booking.policy import BookingPolicy
from booking.records import officer
from booking.types import OPEN_STATES, Capacity, Closure, Conflict, SpecialDay, WeekHours
from store import audit
from store.booking_tables import appointments

_MOST_SEATS = 200


async def preview_hours(
    connection: AsyncConnection, context: Context, office_id: str, hours: WeekHours
) -> list[Conflict]:
    """See `BookingService.preview_hours`."""
    return await _preview(connection, context, office_id, hours=checked_hours(hours))


async def set_hours(
    connection: AsyncConnection, context: Context, office_id: str, hours: WeekHours, account: str
) -> list[Conflict]:
    """See `BookingService.set_hours`."""
    await lock_offices(connection, [office_id])
    stored = calendars.write_hours(checked_hours(hours))
    await calendars.save(connection, office_id, context.now(), hours=stored)
    await _note(connection, context, account, "hours_set", office_id, hours=stored)
    return await _preview(connection, context, office_id)


async def set_slot_minutes(
    connection: AsyncConnection, context: Context, office_id: str, minutes: int, account: str
) -> None:
    """See `BookingService.set_slot_minutes`."""
    await lock_offices(connection, [office_id])
    now = context.now()
    mine = (appointments.c.office_id == office_id) & (appointments.c.day >= today(now))
    to_come = mine & appointments.c.state.in_(OPEN_STATES) & (appointments.c.ends_at > now)
    if (await connection.execute(select(appointments.c.id).where(to_come).limit(1))).first() is not None:
        raise CalendarInUse
    await calendars.save(connection, office_id, now, slot_minutes=checked_slot_minutes(minutes))
    await _note(connection, context, account, "slot_minutes_set", office_id, minutes=minutes)


async def preview_capacity(
    connection: AsyncConnection, context: Context, office_id: str, group_id: str, online: int, walk_in: int
) -> list[Conflict]:
    """See `BookingService.preview_capacity`."""
    rules = await conflicts.current_rules(connection, context, office_id)
    changed = {**rules.calendar.capacities, group_id: _capacity(online, walk_in)}
    return await _preview(connection, context, office_id, capacities=changed)


async def set_capacity(
    connection: AsyncConnection,
    context: Context,
    office_id: str,
    group_id: str,
    online: int,
    walk_in: int,
    account: str,
) -> list[Conflict]:
    """See `BookingService.set_capacity`."""
    await lock_offices(connection, [office_id])
    await calendars.save_capacity(connection, office_id, group_id, _capacity(online, walk_in))
    detail = {"group": group_id, "online": online, "walk_in": walk_in}
    await _note(connection, context, account, "capacity_set", office_id, **detail)
    return await _preview(connection, context, office_id)


async def set_policy(
    connection: AsyncConnection, context: Context, office_id: str, changes: dict[str, object], account: str
) -> BookingPolicy:
    """See `BookingService.set_policy`."""
    await lock_offices(connection, [office_id])
    if "slot_minutes" in changes:
        raise InvalidCalendar  # has a way of its own, which looks at what is booked
    merged = await calendars.policy_changes(connection, office_id) | changes
    kept = {name: value for name, value in merged.items() if value is not None}
    policy = calendars.overridden(context.policy, kept)
    await calendars.save(connection, office_id, context.now(), policy=kept)
    await _note(connection, context, account, "policy_set", office_id, **changes)
    return policy


async def preview_closure(
    connection: AsyncConnection, context: Context, office_id: str, closure: Closure
) -> list[Conflict]:
    """See `BookingService.preview_closure`."""
    _check_closure(closure)
    rules = await conflicts.current_rules(connection, context, office_id)
    before = {conflict.appointment.reference for conflict in await conflicts.find(connection, context, rules)}
    closed = await _preview(connection, context, office_id, closures=(*rules.calendar.closures, closure))
    return [conflict for conflict in closed if conflict.appointment.reference not in before]


async def add_closure(
    connection: AsyncConnection, context: Context, office_id: str, closure: Closure, account: str
) -> tuple[Closure, list[Conflict]]:
    """See `BookingService.add_closure`."""
    await lock_offices(connection, [office_id])
    hit = await preview_closure(connection, context, office_id, closure)
    stored = replace(closure, id=secrets.token_urlsafe(9))
    await calendars.insert_closure(connection, office_id, stored)
    detail = {"from": closure.starts_at.isoformat(), "to": closure.ends_at.isoformat(), "why": closure.reason}
    await _note(connection, context, account, "closure_added", office_id, **detail)
    return stored, hit


async def remove_closure(
    connection: AsyncConnection, context: Context, office_id: str, closure_id: str, account: str
) -> None:
    """See `BookingService.remove_closure`."""
    await lock_offices(connection, [office_id])
    if not await calendars.delete_closure(connection, office_id, closure_id):
        raise NotFound
    await _note(connection, context, account, "closure_removed", office_id, closure=closure_id)


async def set_special_day(
    connection: AsyncConnection, context: Context, office_id: str | None, special: SpecialDay, account: str
) -> list[Conflict]:
    """See `BookingService.set_special_day`."""
    await lock_offices(connection, [] if office_id is None else [office_id])
    checked = replace(special, spans=checked_spans(special.spans))
    await calendars.save_special_day(connection, office_id or EVERY_OFFICE, checked)
    detail = {"day": special.day.isoformat(), "open": bool(special.spans), "why": special.reason}
    await _note(connection, context, account, "special_day_set", office_id or "*", **detail)
    return [] if office_id is None else await _preview(connection, context, office_id)


async def clear_special_day(
    connection: AsyncConnection, context: Context, office_id: str | None, day: date, account: str
) -> list[Conflict]:
    """See `BookingService.clear_special_day`."""
    await lock_offices(connection, [] if office_id is None else [office_id])
    await calendars.delete_special_day(connection, office_id or EVERY_OFFICE, day)
    await _note(connection, context, account, "special_day_cleared", office_id or "*", day=day.isoformat())
    return [] if office_id is None else await _preview(connection, context, office_id)


async def _preview(connection: AsyncConnection, context: Context, office_id: str, **changes: Any) -> list[Conflict]:
    """The conflicts with the calendar as it is, but for these fields."""
    rules = await conflicts.current_rules(connection, context, office_id)
    thought_of = replace(rules, calendar=replace(rules.calendar, **changes))
    return await conflicts.find(connection, context, thought_of)


def _check_closure(closure: Closure) -> None:
    if closure.starts_at >= closure.ends_at or not closure.reason.strip():
        raise InvalidCalendar


def _capacity(online: int, walk_in: int) -> Capacity:
    if not (0 <= online <= _MOST_SEATS and 0 <= walk_in <= _MOST_SEATS):
        raise InvalidCalendar
    return Capacity(online, walk_in)


async def _note(
    connection: AsyncConnection, context: Context, account: str, action: str, office_id: str, **detail: Any
) -> None:
    await audit.record(connection, context.now(), officer(account), action, f"office:{office_id}", **detail)
