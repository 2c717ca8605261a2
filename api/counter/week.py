"""The week of an office: how much of each slot is taken. No names, so that those who only look may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.appointments.views import read_day
from api.counter.screens import PREFIX, Visitor, screen, today_at
from booking.types import SlotLoad, WeekDay
from bot.appointments.services import services
from bot.when.calendar_dates import monday
from store.engine import read

router = APIRouter(prefix=PREFIX)
_LEVELS = 4
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class SlotSum:
    """One slot over all groups that are shown."""

    starts_at: datetime
    taken: int
    seats: int

    @property
    def level(self) -> int:
        """How full it is, from 0 (nobody) to 4 (full)."""
        if self.taken == 0:
            return 0
        return _LEVELS if self.taken >= self.seats else min(_LEVELS - 1, 1 + (_LEVELS - 1) * self.taken // self.seats)


@dataclass(frozen=True, slots=True)
class Column:
    """A day with its slots."""

    day: WeekDay
    slots: tuple[SlotSum, ...]

    @property
    def taken(self) -> int:
        """Seats taken on the day."""
        return sum(slot.taken for slot in self.slots)

    @property
    def seats(self) -> int:
        """Seats of the day."""
        return sum(slot.seats for slot in self.slots)


@router.get("/{office_id}/tuan")
async def week_page(request: Request, office_id: str, officer: Visitor, tu: str = "", nhom: str = "") -> Response:
    """Seven days from a Monday, for one group or for all that are booked or have capacity set."""
    today, room = today_at(request), services_of(request)
    first = monday(read_day(tu) or today)
    groups = [nhom] if nhom in services() else []
    async with read(room.database) as connection:
        week = await room.booking.week(connection, office_id, first, groups)
        calendar = await room.booking.calendar(connection, office_id)
    return screen(
        request,
        "week.html",
        officer,
        office_id,
        columns=[Column(day, sums(day.slots)) for day in week],
        calendar=calendar,
        monday=first,
        sunday=first + timedelta(days=_SUNDAY),
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        today=today,
        group=groups[0] if groups else "",
        groups=list(services().values()),
    )


def sums(slots: Iterable[SlotLoad]) -> tuple[SlotSum, ...]:
    """Adds up groups and shares, by time."""
    by_start: dict[datetime, list[SlotLoad]] = defaultdict(list)
    for slot in slots:
        by_start[slot.starts_at].append(slot)
    return tuple(
        SlotSum(
            start,
            sum(load.online_taken + load.walk_in_taken for load in loads),
            sum(load.capacity.online + load.capacity.walk_in for load in loads),
        )
        for start, loads in sorted(by_start.items())
    )
