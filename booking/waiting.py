"""The waiting list: when a seat frees, it is held for the first who waits, who gets one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from booking import calendars, notices, offers, seats
from booking.calendar import day_bounds, today
from booking.calendars import Rules
from booking.context import Context
from booking.errors import SlotFull, TooEarly, TooLate
from booking.holds import keep_seats
from booking.locks import lock_offices
from booking.offers import horizon, visit
from booking.quiet import is_quiet
from booking.records import SYSTEM
from booking.types import NoticeKind, Origin, Slot, Waiting, WaitWish, Wish
from store import conversations
from store.booking_tables import waits
from store.engine import read, write_repeatable
from store.rows import insert

WAITING, OFFERED, OVER = "waiting", "offered", "over"
HEAD_START = timedelta(minutes=1)
"""So much before everybody else those who wait may have a cancelled seat: the sweeper has to come by meanwhile."""
_WISH = (
    *(waits.c.office_id, waits.c.group_id, waits.c.first_day, waits.c.last_day, waits.c.minutes),
    waits.c.procedure_code,
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One who waits."""

    id: int
    wish: WaitWish
    channel: str
    conversation_id: int


async def wait_for(connection: AsyncConnection, context: Context, wish: WaitWish, origin: Origin) -> Waiting:
    """See `BookingService.wait_for`."""
    if origin.conversation_id is None:
        raise ValueError("only a conversation can wait: nobody else can be told")
    await conversations.load_locked(connection, origin.conversation_id)
    await lock_offices(connection, [wish.office_id])
    policy, now = await calendars.policy_of(connection, context, wish.office_id), context.now()
    if wish.last < today(now) or wish.last < wish.first:
        raise TooLate(policy.lead_minutes)
    if wish.first > horizon(policy, now):
        raise TooEarly(policy.horizon_days)
    known = [entry for entry in await waiting(connection, origin.conversation_id) if entry.wish == wish]
    if known:
        return known[0]
    values = {"channel": origin.channel, "conversation_id": origin.conversation_id, "since": now, "state": WAITING}
    await insert(connection, waits, _columns(wish) | values)
    return next(entry for entry in await waiting(connection, origin.conversation_id) if entry.wish == wish)


async def waiting(connection: AsyncConnection, conversation_id: int) -> list[Waiting]:
    """See `BookingService.waiting`."""
    before = waits.alias("before")
    place = (
        select(func.count())
        .where(
            before.c.office_id == waits.c.office_id,
            before.c.group_id == waits.c.group_id,
            before.c.state == WAITING,
            before.c.id <= waits.c.id,
        )
        .scalar_subquery()
    )
    statement = (
        select(*_WISH, place.label("place"), waits.c.since)
        .where(waits.c.conversation_id == conversation_id, waits.c.state == WAITING)
        .order_by(waits.c.id)
    )
    return [Waiting(_wish(row), row.place, row.since) for row in await connection.execute(statement)]


async def stop(connection: AsyncConnection, conversation_id: int) -> int:
    """See `BookingService.stop_waiting`."""
    mine = (waits.c.conversation_id == conversation_id) & (waits.c.state == WAITING)
    return int((await connection.execute(update(waits).where(mine).values(state=OVER))).rowcount)


async def offer_free_seats(engine: AsyncEngine, context: Context) -> int:
    """Holds free seats for those who wait, in their order; returns how many were offered one."""
    async with read(engine) as connection:
        entries = [entry for entry in await _entries(connection) if await _has_chance(connection, context, entry)]
    offered = 0
    for entry in entries:
        async with write_repeatable(engine) as connection:
            offered += await _offer(connection, context, entry)
    return offered


async def end_overdue(connection: AsyncConnection, now: datetime, keep: timedelta) -> int:
    """Ends waiting for days that are over, and forgets what ended long ago."""
    over = update(waits).where(waits.c.state == WAITING, waits.c.last_day < today(now)).values(state=OVER)
    ended = int((await connection.execute(over)).rowcount)
    await connection.execute(delete(waits).where(waits.c.state != WAITING, waits.c.last_day < today(now - keep)))
    return ended


async def _has_chance(connection: AsyncConnection, context: Context, entry: _Entry) -> bool:
    """Whether it is worth taking the locks."""
    wish = entry.wish
    rules = await calendars.load(connection, context, wish.office_id, wish.first, wish.last)
    return bool(await _free(connection, rules, wish, context.now()))


async def _offer(connection: AsyncConnection, context: Context, entry: _Entry) -> bool:
    """Looks again under the locks, then holds the first seat that fits."""
    if await conversations.load_locked(connection, entry.conversation_id) is None:
        return False
    await lock_offices(connection, [entry.wish.office_id])
    still = select(waits.c.id).where(waits.c.id == entry.id, waits.c.state == WAITING)
    if (await connection.execute(still)).first() is None:
        return False
    now, wish = context.now(), entry.wish
    rules = await calendars.load(connection, context, wish.office_id, wish.first, wish.last)
    if is_quiet(rules.policy, now):
        return False
    for slot in await _free(connection, rules, wish, now):
        if await _hold(connection, context, rules, entry, slot):
            return True
    return False


async def _free(connection: AsyncConnection, rules: Rules, wish: WaitWish, now: datetime) -> list[Slot]:
    begin, end = _span(wish, rules, now)
    load = await seats.load_of(
        connection, wish.office_id, begin, end, now, group_id=wish.group_id, head_start=HEAD_START
    )
    return offers.free_slots(rules, load, wish.group_id, wish.first, wish.last, wish.minutes, now)


async def _hold(connection: AsyncConnection, context: Context, rules: Rules, entry: _Entry, slot: Slot) -> bool:
    now, wait = context.now(), entry.wish
    wish = Wish(wait.office_id, wait.group_id, slot.starts_at, wait.minutes, wait.procedure_code)
    origin = Origin(entry.channel, entry.conversation_id)
    slots = visit(rules.calendar, wish.starts_at, wish.minutes)
    until = now + timedelta(minutes=rules.policy.offer_minutes)
    try:
        async with connection.begin_nested():
            record = await keep_seats(
                connection, context, rules, wish, origin, slots, until, actor=SYSTEM, head_start=HEAD_START
            )
    except SlotFull:
        return False
    await notices.add(connection, record, NoticeKind.SEAT_FREE, now)
    await connection.execute(update(waits).where(waits.c.id == entry.id).values(state=OFFERED))
    return True


async def _entries(connection: AsyncConnection) -> list[_Entry]:
    columns = select(waits.c.id, *_WISH, waits.c.channel, waits.c.conversation_id)
    rows = await connection.execute(columns.where(waits.c.state == WAITING).order_by(waits.c.id))
    return [_Entry(row.id, _wish(row), row.channel, row.conversation_id) for row in rows]


def _span(wish: WaitWish, rules: Rules, now: datetime) -> tuple[datetime, datetime]:
    first: date = max(wish.first, today(now))
    return day_bounds(first)[0], day_bounds(min(wish.last, horizon(rules.policy, now)))[1]


def _wish(row: Any) -> WaitWish:
    return WaitWish(row.office_id, row.group_id, row.first_day, row.last_day, row.minutes, row.procedure_code)


def _columns(wish: WaitWish) -> dict[str, Any]:
    return {
        "office_id": wish.office_id,
        "group_id": wish.group_id,
        "first_day": wish.first,
        "last_day": wish.last,
        "minutes": wish.minutes,
        "procedure_code": wish.procedure_code,
    }
