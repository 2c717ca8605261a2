"""Which day of the calendar is meant by a day's number, a day and a month, a weekday, seen from today."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.when.types import Days

_JUST_OVER = timedelta(days=60)


def monday(today: date) -> date:
    """The Monday of a day's week; weeks begin on Monday."""
    return today - timedelta(days=today.weekday())


def week(today: date, offset: int) -> Days:
    """The week so many weeks on; the running one without the days gone by."""
    first = monday(today) + timedelta(weeks=offset)
    return Days(max(first, today) if offset == 0 else first, first + timedelta(days=6))


def month(year: int, number: int) -> Days:
    """A whole month; numbers beyond 12 run into the next years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return Days(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def month_ahead(today: date, offset: int) -> Days:
    """The month so many months on; the running one without the days gone by."""
    found = month(today.year, today.month + offset)
    return Days(today, found.last) if offset == 0 else found


def coming_month(today: date, number: int) -> Days:
    """The month of this number: the running one from today, else the next."""
    if number == today.month:
        return month_ahead(today, 0)
    return month(today.year + (number < today.month), number)


def coming_number(today: date, number: int) -> date | None:
    """The next day of this number, today included, in the first month that has it."""
    for offset in range(3):
        found = on_day(month(today.year, today.month + offset).first, number)
        if found and found >= today:
            return found
    return None


def on_day(of_month: date, number: int) -> date | None:
    """The day of this number in a month; None where it has none."""
    return exact(of_month.year, of_month.month, number)


def exact(year: int, month_number: int, number: int) -> date | None:
    """A date; None where there is none such."""
    try:
        return date(year, month_number, number)
    except ValueError:
        return None


def without_year(today: date, month_number: int, number: int) -> date | None:
    """A day and month without a year: this year's, also when it is over since not more than two months, for then a
    slip is likelier; otherwise next year's."""
    now, later = exact(today.year, month_number, number), exact(today.year + 1, month_number, number)
    if now is None or now >= today - _JUST_OVER or later is None:
        return now or later
    return later


def coming_weekday(today: date, weekday: int) -> date:
    """The next day of this weekday after today."""
    return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)


def month_later(today: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    found = month(today.year, today.month + months)
    assert found.last is not None
    return min(found.last, found.first + timedelta(days=today.day - 1))


def full_year(number: int) -> int:
    """A year of two figures: 26 is 2026, 90 is 1990."""
    return number if number > 99 else number + (2000 if number < 70 else 1900)
