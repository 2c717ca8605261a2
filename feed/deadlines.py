"""Deadlines in working days. Which days those are, the caller says: the feed knows no holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

ZONE = timezone(timedelta(hours=7))
"""Vietnam knows no summer time."""
CLOSES = time(17, 0)
"""A deadline ends with the offices' day. The law would give until midnight (Bộ luật Dân sự 2015, Điều 148 khoản 6)."""
WARNING_DAYS = 1
"""Officers are warned this many working days ahead: of what is due before the end of the next working day."""
_LONGEST_REST = 60
"""Days without a working day that no calendar has: then the predicate is wrong."""

IsWorkingDay = Callable[[date], bool]


class Standing(StrEnum):
    """How a case stands to its deadline."""

    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"


def due_at(opened: datetime, days: int, is_working_day: IsWorkingDay) -> datetime:
    """The end of the `days`-th working day after the day of `opened`, which is not counted itself.

    So the law counts terms (Bộ luật Dân sự 2015, Điều 147 khoản 2). Raises `ValueError` for less than one day.
    """
    if days < 1:
        raise ValueError("a term has at least one working day")
    day = opened.astimezone(ZONE).date()
    for _ in range(days):
        day = _next(day, is_working_day)
    return datetime.combine(day, CLOSES, ZONE)


def warned_until(now: datetime, is_working_day: IsWorkingDay) -> datetime:
    """What is due until then is due soon."""
    return due_at(now, WARNING_DAYS, is_working_day)


def standing(due: datetime, now: datetime, soon: datetime) -> Standing:
    """How a case that nobody has answered yet stands; `soon` is what `warned_until` gives."""
    if due < now:
        return Standing.OVERDUE
    return Standing.SOON if due <= soon else Standing.ON_TIME


def days_left(now: datetime, due: datetime, is_working_day: IsWorkingDay) -> int:
    """Working days after today until the deadline, its own included; 0 where it is today or over."""
    day, last = now.astimezone(ZONE).date(), due.astimezone(ZONE).date()
    return sum(is_working_day(day + timedelta(number)) for number in range(1, (last - day).days + 1))


def _next(day: date, is_working_day: IsWorkingDay) -> date:
    for _ in range(_LONGEST_REST):
        day += timedelta(days=1)
        if is_working_day(day):
            return day
    raise ValueError("the calendar has no working day")
