"""Dates of the Vietnamese lunar calendar (âm lịch) by the calendar, through the library `lunar-vn` (UTC+7)."""

from __future__ import annotations

from datetime import date, timedelta

from lunar_vn import LunarDate, lunar_to_solar, solar_to_lunar

_LAST_YEAR = 2099
"""The last lunar year the library converts throughout."""


def lunar_day(day: int, month: int, year: int) -> date | None:
    """The calendar's date of a lunar day of a common (not a leap) month; None where there is no such day."""
    if not (1 <= day <= 30 and 1 <= month <= 12 and 1900 <= year <= _LAST_YEAR):
        return None
    found = lunar_to_solar(LunarDate(day, month, year))
    return found if solar_to_lunar(found).month == month else None


def coming_lunar(day: int, month: int, today: date) -> date | None:
    """The next such lunar day, today included; None where neither of the coming two years has it."""
    year = solar_to_lunar(today).year
    found = [lunar_day(day, month, year + n) for n in range(3)]
    return next((when for when in found if when and when >= today), None)


def coming_lunar_of_any_month(day: int, today: date) -> date | None:
    """The next such day of a lunar month, such as rằm, the 15th."""
    ahead = (today + timedelta(days=n) for n in range(60))
    return next((when for when in ahead if solar_to_lunar(when).day == day), None)


def new_year(today: date) -> date:
    """The first day of the coming Tết Nguyên đán; of this one until its holidays are over, on the fifth."""
    return coming_tet_day(5, today) - timedelta(days=4)


def coming_tet_day(day: int, today: date) -> date:
    """Mùng `day` of the coming Tết, 1 to 10."""
    found = coming_lunar(day, 1, today)
    if found is None:
        raise ValueError(f"no mùng {day} Tết after {today}")
    return found


def last_day_before_tet(today: date) -> date:
    """New Year's eve: the 29th or 30th of tháng chạp."""
    return coming_tet_day(1, today + timedelta(days=1)) - timedelta(days=1)
