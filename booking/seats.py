"""Seats: a seat of a slot is a row under a unique constraint, and holding it is inserting that row.

A row with `free_at` in the past counts as free for everybody (an expired hold, a cancelled seat after its delay) and is
removed by whoever meets it first. The constraint alone keeps a seat from being sold twice; the office's lock only
spares the loser of a race its second try.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.errors import SlotFull
from booking.types import OfficeCalendar, Share, State
from store.booking_tables import appointments, seats
from store.rows import insert_new

Load = Mapping[tuple[str, datetime, Share], int]
"""How many seats are taken, by group, slot and share; 0 where nothing is."""

_KEY = ["office_id", "group_id", "starts_at", "share", "seat_no"]


@dataclass(frozen=True, slots=True)
class Place:
    """A counter's line: where seats are taken from."""

    office_id: str
    group_id: str
    share: Share

    def capacity(self, calendar: OfficeCalendar) -> int:
        """Seats of one slot."""
        capacity = calendar.capacity(self.group_id)
        return capacity.online if self.share is Share.ONLINE else capacity.walk_in


async def load_of(
    connection: AsyncConnection,
    office_id: str,
    begin: datetime,
    end: datetime,
    now: datetime,
    *,
    group_id: str | None = None,
    head_start: timedelta = timedelta(0),
) -> Counter[tuple[str, datetime, Share]]:
    """The seats taken from `begin` to `end`. With a head start seats that are about to return count as free already."""
    where = [seats.c.office_id == office_id, seats.c.starts_at >= begin, seats.c.starts_at < end]
    if group_id is not None:
        where.append(seats.c.group_id == group_id)
    statement = (
        select(seats.c.group_id, seats.c.starts_at, seats.c.share, func.count())
        .where(*where, _taken(now, head_start))
        .group_by(seats.c.group_id, seats.c.starts_at, seats.c.share)
    )
    rows = await connection.execute(statement)
    return Counter({(group, starts_at, Share(share)): count for group, starts_at, share, count in rows})


async def take(
    connection: AsyncConnection,
    appointment_id: int,
    place: Place,
    slots: Sequence[datetime],
    capacity: int,
    free_at: datetime | None,
) -> None:
    """One seat in each slot, for good or until `free_at`. Seats that the appointment has there already are kept.

    Call `clear` before. Raises `SlotFull` with some of the seats taken: the caller rolls back.
    """
    taken, mine = await _rows(connection, appointment_id, place, slots)
    for slot in sorted(slots):
        if slot in mine:
            await connection.execute(update(seats).where(seats.c.id == mine[slot]).values(free_at=free_at))
        else:
            await _take_one(connection, appointment_id, place, slot, taken[slot], capacity, free_at)


async def give_back(
    connection: AsyncConnection, appointment_id: int, free_at: datetime, *, but: Collection[datetime] = ()
) -> None:
    """The seats of an appointment return at `free_at`, except those of the slots `but`."""
    mine = and_(seats.c.appointment_id == appointment_id, seats.c.free_at.is_(None))
    if but:
        mine = and_(mine, seats.c.starts_at.not_in(but))
    await connection.execute(update(seats).where(mine).values(free_at=free_at))


async def keep(connection: AsyncConnection, appointment_id: int) -> int:
    """Turns held seats into taken ones; returns how many there are."""
    mine = update(seats).where(seats.c.appointment_id == appointment_id).values(free_at=None)
    return int((await connection.execute(mine)).rowcount)


async def remove(connection: AsyncConnection, appointment_id: int) -> None:
    """The seats of an appointment are free at once."""
    await connection.execute(delete(seats).where(seats.c.appointment_id == appointment_id))


async def returned(
    connection: AsyncConnection, place: Place, slots: Collection[datetime], now: datetime, head_start: timedelta
) -> tuple[list[int], list[int]]:
    """Rows in these slots that count as free: ids of the seats, and of the appointments that were holds."""
    statement = (
        select(seats.c.id, seats.c.appointment_id, appointments.c.state)
        .join(appointments, appointments.c.id == seats.c.appointment_id)
        .where(_in(place, slots), ~_taken(now, head_start))
        .order_by(seats.c.id)
    )
    rows = (await connection.execute(statement)).all()
    holds = {row.appointment_id for row in rows if row.state == State.HELD}
    return [row.id for row in rows], sorted(holds)


async def delete_rows(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Removes seats that were given back."""
    if ids:
        await connection.execute(delete(seats).where(seats.c.id.in_(ids)))


async def offices_with_returned(connection: AsyncConnection, now: datetime) -> list[str]:
    """The offices that have seats whose time is over."""
    statement = select(seats.c.office_id).where(seats.c.free_at <= now).distinct().order_by(seats.c.office_id)
    return list((await connection.execute(statement)).scalars())


async def delete_returned(connection: AsyncConnection, office_id: str, now: datetime) -> None:
    """Removes the cancelled seats of a locked office whose delay is over; holds expire by themselves."""
    held = exists().where(appointments.c.id == seats.c.appointment_id, appointments.c.state == State.HELD)
    await connection.execute(delete(seats).where(seats.c.office_id == office_id, seats.c.free_at <= now, ~held))


def _taken(now: datetime, head_start: timedelta) -> ColumnElement[bool]:
    stays = or_(seats.c.free_at.is_(None), seats.c.free_at > now + head_start)
    if not head_start:
        return stays
    owner = appointments.alias("owner")
    held = exists().where(owner.c.id == seats.c.appointment_id, owner.c.state == State.HELD)
    return or_(stays, and_(seats.c.free_at > now, held))


async def _rows(
    connection: AsyncConnection, appointment_id: int, place: Place, slots: Sequence[datetime]
) -> tuple[dict[datetime, set[int]], dict[datetime, int]]:
    """The seat numbers in use by slot, and the ids of the appointment's own rows."""
    taken: dict[datetime, set[int]] = defaultdict(set)
    mine: dict[datetime, int] = {}
    columns = select(seats.c.id, seats.c.starts_at, seats.c.seat_no, seats.c.appointment_id)
    for row in await connection.execute(columns.where(_in(place, slots))):
        taken[row.starts_at].add(row.seat_no)
        if row.appointment_id == appointment_id:
            mine[row.starts_at] = row.id
    return taken, mine


async def _take_one(
    connection: AsyncConnection,
    appointment_id: int,
    place: Place,
    slot: datetime,
    taken: Collection[int],
    capacity: int,
    free_at: datetime | None,
) -> None:
    if len(taken) >= capacity:
        raise SlotFull
    values: dict[str, Any] = {
        "office_id": place.office_id,
        "group_id": place.group_id,
        "starts_at": slot,
        "share": place.share,
        "appointment_id": appointment_id,
        "free_at": free_at,
    }
    for seat_no in range(1, capacity + 1):
        if seat_no not in taken and await insert_new(connection, seats, values | {"seat_no": seat_no}, _KEY):
            return
    raise SlotFull


def _in(place: Place, slots: Collection[datetime]) -> ColumnElement[bool]:
    return and_(
        seats.c.office_id == place.office_id,
        seats.c.group_id == place.group_id,
        seats.c.starts_at.in_(slots),
        seats.c.share == place.share,
    )
