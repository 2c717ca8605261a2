"""Reads and writes the offices' calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.calendar import DEFAULT_HOURS, day_bounds
from booking.context import Context
from booking.policy import BookingPolicy
from booking.types import ZONE, Capacity, Closure, OfficeCalendar, Span, SpecialDay, WeekHours
from store.booking_tables import booking_calendars, booking_capacities, booking_closures, booking_special_days
from store.rows import insert, insert_into

EVERY_OFFICE = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds at an office: its calendar over some days and its policy."""

    calendar: OfficeCalendar
    policy: BookingPolicy


async def load(connection: AsyncConnection, context: Context, office_id: str, first: date, last: date) -> Rules:
    """The rules of an office; closures and special days from `first` to `last`."""
    mine = booking_calendars.c.office_id == office_id
    row = (await connection.execute(booking_calendars.select().where(mine))).first()
    policy = context.policy if row is None else overridden(context.policy, row.policy)
    hours = None if row is None else row.hours
    calendar = OfficeCalendar(
        office_id=office_id,
        hours=DEFAULT_HOURS if hours is None else _read_hours(hours),
        slot_minutes=policy.slot_minutes if row is None or row.slot_minutes is None else row.slot_minutes,
        hours_are_default=hours is None,
        capacities=await _capacities(connection, office_id),
        default_capacity=policy.default_capacity,
        closures=await closures(connection, office_id, first, last),
        special_days=await _special_days(connection, office_id, first, last),
    )
    return Rules(calendar, policy)


def overridden(policy: BookingPolicy, changes: Mapping[str, object]) -> BookingPolicy:
    """The policy with an office's own values. Raises pydantic's `ValidationError`."""
    return BookingPolicy.model_validate(policy.model_dump() | dict(changes)) if changes else policy


async def policy_of(connection: AsyncConnection, context: Context, office_id: str) -> BookingPolicy:
    """The rules of an office without its calendar."""
    return overridden(context.policy, await policy_changes(connection, office_id))


async def policy_changes(connection: AsyncConnection, office_id: str) -> dict[str, object]:
    """What an office has set itself."""
    statement = select(booking_calendars.c.policy).where(booking_calendars.c.office_id == office_id)
    changes: dict[str, object] | None = (await connection.execute(statement)).scalar_one_or_none()
    return changes or {}


async def closures(connection: AsyncConnection, office_id: str, first: date, last: date) -> tuple[Closure, ...]:
    """The closures that touch the days from `first` to `last`, by time."""
    table = booking_closures
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    statement = (
        select(table.c.starts_at, table.c.ends_at, table.c.reason, table.c.public_id)
        .where(table.c.office_id == office_id, table.c.ends_at > begin, table.c.starts_at < end)
        .order_by(table.c.starts_at, table.c.id)
    )
    return tuple(
        Closure(starts_at.astimezone(ZONE), ends_at.astimezone(ZONE), reason, public_id)
        for starts_at, ends_at, reason, public_id in await connection.execute(statement)
    )


async def save(connection: AsyncConnection, office_id: str, now: datetime, **values: Any) -> None:
    """Sets hours, slot length or policy of an office."""
    statement = insert_into(connection, booking_calendars)
    fresh = {"office_id": office_id, "policy": {}, "updated_at": now} | values
    await connection.execute(
        statement.values(**fresh).on_conflict_do_update(
            index_elements=["office_id"], set_={"updated_at": now} | values
        )
    )


async def save_capacity(connection: AsyncConnection, office_id: str, group_id: str, capacity: Capacity) -> None:
    """Sets the seats of a slot."""
    statement = insert_into(connection, booking_capacities)
    seats = {"online": capacity.online, "walk_in": capacity.walk_in}
    await connection.execute(
        statement.values(office_id=office_id, group_id=group_id, **seats).on_conflict_do_update(
            index_elements=["office_id", "group_id"], set_=seats
        )
    )


async def insert_closure(connection: AsyncConnection, office_id: str, closure: Closure) -> None:
    """Stores a closure that has an id."""
    values = {"starts_at": closure.starts_at, "ends_at": closure.ends_at, "reason": closure.reason}
    await insert(connection, booking_closures, {"office_id": office_id, "public_id": closure.id, **values})


async def delete_closure(connection: AsyncConnection, office_id: str, closure_id: str) -> bool:
    """Whether there was one."""
    table = booking_closures
    mine = (table.c.office_id == office_id) & (table.c.public_id == closure_id)
    return (await connection.execute(delete(table).where(mine))).rowcount == 1


async def save_special_day(connection: AsyncConnection, office_id: str, special: SpecialDay) -> None:
    """Sets one day of an office, or of `EVERY_OFFICE`."""
    statement = insert_into(connection, booking_special_days)
    values = {"spans": _write_spans(special.spans), "reason": special.reason}
    await connection.execute(
        statement.values(office_id=office_id, day=special.day, **values).on_conflict_do_update(
            index_elements=["office_id", "day"], set_=values
        )
    )


async def delete_special_day(connection: AsyncConnection, office_id: str, day: date) -> None:
    """Takes the word on a day back."""
    table = booking_special_days
    await connection.execute(delete(table).where(table.c.office_id == office_id, table.c.day == day))


def write_hours(hours: WeekHours) -> dict[str, list[list[str]]]:
    """As JSON."""
    return {str(weekday): _write_spans(spans) for weekday, spans in hours.items()}


def _read_hours(stored: Mapping[str, list[list[str]]]) -> WeekHours:
    return {int(weekday): _read_spans(spans) for weekday, spans in stored.items()}


def _write_spans(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in spans]


def _read_spans(stored: list[list[str]]) -> tuple[Span, ...]:
    return tuple(Span(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in stored)


async def _capacities(connection: AsyncConnection, office_id: str) -> dict[str, Capacity]:
    table = booking_capacities
    statement = select(table.c.group_id, table.c.online, table.c.walk_in).where(table.c.office_id == office_id)
    return {group: Capacity(online, walk_in) for group, online, walk_in in await connection.execute(statement)}


async def _special_days(
    connection: AsyncConnection, office_id: str, first: date, last: date
) -> tuple[SpecialDay, ...]:
    """An office's own words come before those for all."""
    table = booking_special_days
    statement = (
        select(table.c.day, table.c.spans, table.c.reason)
        .where(or_(table.c.office_id == office_id, table.c.office_id == EVERY_OFFICE))
        .where(table.c.day.between(first, last))
        .order_by(table.c.office_id.desc(), table.c.day)
    )
    return tuple(
        SpecialDay(day, _read_spans(spans), reason) for day, spans, reason in await connection.execute(statement)
    )
