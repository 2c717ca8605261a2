"""The lunar calendar, held against the Tết and Hùng Kings dates of the library `holidays`."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.when.lunar import coming_lunar, coming_lunar_of_any_month, last_day_before_tet, lunar_day, new_year

YEARS = range(1995, 2060)


def named(year: int, name: str) -> set[date]:
    return {day for day, found in holidays.country_holidays("VN", years=year).items() if found == name}


@pytest.mark.parametrize("year", YEARS)
def test_tet_is_when_the_holidays_say(year: int) -> None:
    assert {lunar_day(1, 1, year)} == named(year, "Lunar New Year")


@pytest.mark.parametrize("year", range(2007, 2060))
def test_the_tenth_of_the_third_month_is_the_hung_kings_day(year: int) -> None:
    day = lunar_day(10, 3, year)
    assert day is not None
    assert any("Hung Kings" in name for name in holidays.country_holidays("VN", years=year).get_list(day))


def test_vietnams_tet_differs_from_chinas_where_the_hour_decides() -> None:
    assert lunar_day(1, 1, 2007) == date(2007, 2, 17)
    assert lunar_day(1, 1, 2030) == date(2030, 2, 2)


@pytest.mark.parametrize(
    ("day", "month", "year"), [(31, 1, 2027), (0, 1, 2027), (1, 13, 2027), (30, 12, 2026), (1, 1, 1500)]
)
def test_days_that_do_not_exist(day: int, month: int, year: int) -> None:
    assert lunar_day(day, month, year) is None


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(1, 29), st.integers(1, 12))
def test_the_coming_lunar_day_is_within_thirteen_months(today: date, day: int, month: int) -> None:
    found = coming_lunar(day, month, today)
    assert found is not None
    assert today <= found <= today + timedelta(days=385 + 30)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_full_moon_and_tet_lie_ahead(today: date) -> None:
    full_moon = coming_lunar_of_any_month(15, today)
    assert full_moon is not None
    assert today <= full_moon <= today + timedelta(days=30)
    assert new_year(today) + timedelta(days=4) >= today
    assert last_day_before_tet(today) >= today
