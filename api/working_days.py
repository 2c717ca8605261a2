"""The days on which administrations work, for deadlines of the feed: Monday to Friday without public holidays."""

from __future__ import annotations

from datetime import date

from booking.calendar import DEFAULT_HOURS, holiday_name


def is_working_day(day: date) -> bool:
    """Whether administrations work on a day; days off in lieu of a holiday are known."""
    return day.weekday() in DEFAULT_HOURS and holiday_name(day) is None
