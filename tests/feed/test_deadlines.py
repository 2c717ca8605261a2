"""Deadlines in working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.working_days import is_working_day
from feed.deadlines import CLOSES, ZONE, Standing, days_left, due_at, standing, warned_until

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
"""The Tuesday after it is a public holiday (Ngày Văn hóa Việt Nam)."""
moments = st.datetimes(datetime(2025, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
lengths = st.integers(1, 60)


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def test_the_day_of_opening_and_holidays_do_not_count() -> None:
    assert due_at(MONDAY, 1, is_working_day) == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    assert due_at(MONDAY, 4, is_working_day) == datetime(2026, 11, 30, 17, 0, tzinfo=ZONE)


def test_what_comes_at_night_or_on_sunday_counts_from_the_next_working_day() -> None:
    sunday = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # already Monday in Vietnam
    assert due_at(sunday, 1, is_working_day) == due_at(MONDAY, 1, is_working_day)
    assert due_at(datetime(2026, 11, 22, 9, tzinfo=ZONE), 1, is_working_day) == MONDAY.replace(hour=17)


def test_tet_is_skipped() -> None:
    before = datetime(2026, 2, 12, 9, tzinfo=ZONE)
    assert local(due_at(before, 2, is_working_day)) > date(2026, 2, 20)


def test_a_term_without_days_or_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        due_at(MONDAY, 0, is_working_day)
    with pytest.raises(ValueError, match="no working day"):
        due_at(MONDAY, 1, lambda _: False)


@given(moments, lengths)
def test_it_ends_on_a_working_day_with_as_many_before_it_as_were_given(opened: datetime, days: int) -> None:
    due = due_at(opened, days, is_working_day)
    assert is_working_day(local(due))
    assert due.astimezone(ZONE).time() == CLOSES
    assert due > opened
    assert days_left(opened, due, is_working_day) == days


@given(moments, moments, lengths)
def test_what_came_first_is_due_first(one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    assert due_at(first, days, is_working_day) <= due_at(second, days, is_working_day)


@given(moments, lengths, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_it_is_on_time_then_soon_then_overdue_and_never_back(opened: datetime, days: int, passed: timedelta) -> None:
    due, now = due_at(opened, days, is_working_day), opened + passed
    order = list(Standing)
    before = standing(due, opened, warned_until(opened, is_working_day))
    after = standing(due, now, warned_until(now, is_working_day))
    assert order.index(before) <= order.index(after)
    assert (after is Standing.OVERDUE) == (now > due)
    assert before is (Standing.SOON if days == 1 else Standing.ON_TIME)
