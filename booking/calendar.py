"""When an office is open and which slots a day has: pure functions, at the office's clock.

Slots lie on a grid that begins at midnight, so that other opening hours never shift it. What wins, strongest first:
a closure, an officer's word on the day (the office's own before that for all), public holidays, the weekly hours.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType

import holidays

from booking.errors import InvalidCalendar
from booking.types import ZONE, Closure, DayStatus, OfficeCalendar, Span, WeekHours

_MORNING, _AFTERNOON = Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17, 0))
DEFAULT_HOURS: WeekHours = MappingProxyType(dict.fromkeys(range(5), (_MORNING, _AFTERNOON)))
"""Usual hours of Vietnamese administrations, not a given office's word."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day before closures: open with its hours, or why not."""

    status: DayStatus
    """`free` (open), `closed` or `holiday`."""
    spans: tuple[Span, ...] = ()
    reason: str = ""


def plan_of(calendar: OfficeCalendar, day: date) -> DayPlan:
    """The day's hours after an officer's word, holidays and weekly hours."""
    special = next((special for special in calendar.special_days if special.day == day), None)
    if special is not None:
        return DayPlan(DayStatus.FREE if special.spans else DayStatus.CLOSED, special.spans, special.reason)
    if (holiday := holiday_name(day)) is not None:
        return DayPlan(DayStatus.HOLIDAY, reason=holiday)
    spans = calendar.hours.get(day.weekday(), ())
    return DayPlan(DayStatus.FREE if spans else DayStatus.CLOSED, spans)


def holiday_name(day: date) -> str | None:
    """The Vietnamese public holiday on a day, days in lieu included; None on an ordinary day."""
    return _holidays(day.year).get(day)


def closures_on(calendar: OfficeCalendar, day: date) -> tuple[Closure, ...]:
    """The closures that touch a day."""
    begin, end = day_bounds(day)
    return tuple(closure for closure in calendar.closures if closure.starts_at < end and closure.ends_at > begin)


def open_slots(calendar: OfficeCalendar, day: date) -> list[datetime]:
    """When the day's slots begin: those that lie wholly in opening hours and touch no closure."""
    step = timedelta(minutes=calendar.slot_minutes)
    closures = closures_on(calendar, day)
    grid = (start for span in plan_of(calendar, day).spans for start in _grid(day, span, step))
    return [start for start in grid if not any(c.starts_at < start + step and c.ends_at > start for c in closures)]


def slots_for(calendar: OfficeCalendar, minutes: int | None) -> int:
    """How many slots a visit takes."""
    return 1 if minutes is None else max(1, -(-minutes // calendar.slot_minutes))


def slots_from(calendar: OfficeCalendar, start: datetime, count: int) -> list[datetime]:
    """The slots of a visit, one after the other."""
    step = timedelta(minutes=calendar.slot_minutes)
    return [start + step * number for number in range(count)]


def fits(calendar: OfficeCalendar, slots: Iterable[datetime]) -> bool:
    """Whether the office is open in all these slots, and each of them is one."""
    days: dict[date, Collection[datetime]] = {}
    for slot in slots:
        day = slot.astimezone(ZONE).date()
        if slot not in days.setdefault(day, frozenset(open_slots(calendar, day))):
            return False
    return True


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The midnights in which a day begins and ends."""
    return at(day, time()), at(day + timedelta(days=1), time())


def at(day: date, clock: time) -> datetime:
    """A time of a day at the office."""
    return datetime.combine(day, clock, ZONE)


def today(now: datetime) -> date:
    """The day at the offices."""
    return now.astimezone(ZONE).date()


def checked_hours(hours: WeekHours) -> WeekHours:
    """The hours in order. Raises `InvalidCalendar` where spans overlap, end before they begin, or no weekday is."""
    if not set(hours) <= set(range(7)):
        raise InvalidCalendar
    return {weekday: checked_spans(hours[weekday]) for weekday in sorted(hours) if hours[weekday]}


def checked_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of a day in order. Raises `InvalidCalendar`."""
    ordered = tuple(sorted(spans))
    if any(span.opens >= span.closes for span in ordered):
        raise InvalidCalendar
    if any(before.closes > after.opens for before, after in itertools.pairwise(ordered)):
        raise InvalidCalendar
    return ordered


def checked_slot_minutes(minutes: int) -> int:
    """Raises `InvalidCalendar` unless slots of this length fill a day exactly."""
    if not 5 <= minutes <= 240 or (24 * 60) % minutes:
        raise InvalidCalendar
    return minutes


def _grid(day: date, span: Span, step: timedelta) -> Iterator[datetime]:
    midnight, opens, closes = at(day, time()), at(day, span.opens), at(day, span.closes)
    start = midnight + -((midnight - opens) // step) * step
    while start + step <= closes:
        yield start
        start += step


@cache
def _holidays(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language="vi"))
