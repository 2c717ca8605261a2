"""Nobody is written to between nine in the evening and seven in the morning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking.calendar import at
from booking.policy import BookingPolicy
from booking.quiet import is_quiet, quiet_ends, reminder_time

POLICY = BookingPolicy()
DAY = date(2026, 12, 3)
EIGHT = at(DAY, time(8))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda naive: at(naive.date(), naive.time()))


def test_the_night_ends_at_seven() -> None:
    assert [is_quiet(POLICY, at(DAY, time(hour))) for hour in (6, 7, 20, 21, 0)] == [True, False, False, True, True]
    assert quiet_ends(POLICY, at(DAY, time(23))) == at(DAY + timedelta(days=1), time(7))
    assert quiet_ends(POLICY, at(DAY, time(2))) == at(DAY, time(7))


def test_a_reminder_waits_for_the_morning_or_comes_the_evening_before() -> None:
    assert reminder_time(POLICY, EIGHT - timedelta(hours=2), EIGHT) == at(DAY, time(7))
    half_past_seven = at(DAY, time(7, 30))
    wanted = half_past_seven - timedelta(hours=2)
    assert reminder_time(POLICY, wanted, half_past_seven) == at(DAY - timedelta(days=1), time(20))
    assert reminder_time(POLICY, EIGHT - timedelta(hours=24), EIGHT) == EIGHT - timedelta(hours=24)


def test_a_night_that_does_not_cross_midnight() -> None:
    noon = BookingPolicy(quiet_from=12, quiet_until=14)
    assert is_quiet(noon, at(DAY, time(13)))
    assert not is_quiet(noon, at(DAY, time(23)))


@given(moments, st.integers(0, 48))
def test_no_reminder_is_quiet_or_after_the_visit(visit: datetime, hours: int) -> None:
    planned = reminder_time(POLICY, visit - timedelta(hours=hours), visit)
    assert not is_quiet(POLICY, planned)
    assert planned <= visit
