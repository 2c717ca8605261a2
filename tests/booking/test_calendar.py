"""When an office is open: weekly hours, holidays, an officer's word, closures; a grid of slots from midnight."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.calendar import (
    DEFAULT_HOURS,
    at,
    checked_hours,
    checked_slot_minutes,
    fits,
    open_slots,
    plan_of,
    slots_for,
    slots_from,
)
from booking.errors import InvalidCalendar
from booking.types import Closure, DayStatus, OfficeCalendar, Span, SpecialDay

THURSDAY, SATURDAY = date(2026, 12, 3), date(2026, 12, 5)
CULTURE_DAY = date(2026, 11, 24)
HOUR = timedelta(hours=1)


def calendar(**values: object) -> OfficeCalendar:
    fixed: dict[str, object] = {"office_id": "a", "hours": DEFAULT_HOURS, "slot_minutes": 30, "hours_are_default": True}
    return OfficeCalendar(**(fixed | values))  # type: ignore[arg-type]


def clocks(slots: list[object]) -> list[str]:
    return [f"{slot:%H:%M}" for slot in slots]


def test_a_default_day_has_fifteen_slots_of_half_an_hour() -> None:
    slots = clocks(open_slots(calendar(), THURSDAY))
    assert (len(slots), slots[0], slots[7], slots[8], slots[-1]) == (15, "07:30", "11:00", "13:30", "16:30")
    assert open_slots(calendar(), SATURDAY) == []


def test_slots_lie_on_one_grid_whatever_the_hours() -> None:
    late = calendar(hours={3: (Span(time(7, 45), time(9, 10)),)})
    assert clocks(open_slots(late, THURSDAY)) == ["08:00", "08:30"]
    hourly = clocks(open_slots(calendar(slot_minutes=60), THURSDAY))
    assert hourly == ["08:00", "09:00", "10:00", "14:00", "15:00", "16:00"]


def test_holidays_close_and_say_their_name() -> None:
    plan = plan_of(calendar(), CULTURE_DAY)
    assert (plan.status, plan.reason, open_slots(calendar(), CULTURE_DAY)) == (
        DayStatus.HOLIDAY,
        "Ngày Văn hóa Việt Nam",
        [],
    )
    for day in (date(2027, 1, 1), date(2027, 2, 6), date(2027, 4, 30), date(2027, 9, 2)):
        assert plan_of(calendar(), day).status is DayStatus.HOLIDAY


def test_an_officers_word_wins_over_holidays_and_weekdays_both_ways() -> None:
    morning = (Span(time(8), time(10)),)
    words = (
        SpecialDay(SATURDAY, morning, "Làm bù"),
        SpecialDay(CULTURE_DAY, morning, "Trực"),
        SpecialDay(THURSDAY, (), "Nghỉ hoán đổi"),
    )
    changed = calendar(special_days=words)
    assert len(open_slots(changed, SATURDAY)) == len(open_slots(changed, CULTURE_DAY)) == 4
    plan = plan_of(changed, THURSDAY)
    assert (plan.status, plan.reason) == (DayStatus.CLOSED, "Nghỉ hoán đổi")


def test_the_first_word_on_a_day_counts_so_that_the_office_comes_before_all() -> None:
    words = (SpecialDay(THURSDAY, (Span(time(8), time(9)),), "riêng"), SpecialDay(THURSDAY, (), "chung"))
    assert plan_of(calendar(special_days=words), THURSDAY).reason == "riêng"


def test_a_closure_takes_the_slots_that_it_touches() -> None:
    closure = Closure(at(THURSDAY, time(8, 10)), at(THURSDAY, time(9)), "Họp")
    slots = clocks(open_slots(calendar(closures=(closure,)), THURSDAY))
    assert slots[:2] == ["07:30", "09:00"]
    special = SpecialDay(THURSDAY, (Span(time(8), time(10)),), "Mở")
    assert clocks(open_slots(calendar(closures=(closure,), special_days=(special,)), THURSDAY)) == ["09:00", "09:30"]


@given(st.integers(1, 300), st.sampled_from([15, 20, 30, 60]))
def test_a_visit_takes_as_many_slots_as_cover_it(minutes: int, slot: int) -> None:
    count = slots_for(calendar(slot_minutes=slot), minutes)
    assert (count - 1) * slot < minutes <= count * slot


def test_a_visit_must_not_cross_a_break() -> None:
    start = at(THURSDAY, time(11))
    assert fits(calendar(), slots_from(calendar(), start, 1))
    assert not fits(calendar(), slots_from(calendar(), start, 2))
    assert not fits(calendar(), [start + timedelta(minutes=5)])


@pytest.mark.parametrize(
    "hours",
    [
        {0: (Span(time(8), time(8)),)},
        {0: (Span(time(9), time(8)),)},
        {0: (Span(time(8), time(10)), Span(time(9), time(11)))},
        {7: (Span(time(8), time(10)),)},
    ],
)
def test_hours_that_cannot_be_are_refused(hours: dict[int, tuple[Span, ...]]) -> None:
    with pytest.raises(InvalidCalendar):
        checked_hours(hours)


def test_hours_are_put_in_order() -> None:
    assert checked_hours({4: (), 1: (Span(time(13), time(17)), Span(time(7), time(11)))}) == {
        1: (Span(time(7), time(11)), Span(time(13), time(17)))
    }


@pytest.mark.parametrize("minutes", [0, 4, 7, 25, 50, 300, -30])
def test_a_slot_length_has_to_fill_the_day(minutes: int) -> None:
    with pytest.raises(InvalidCalendar):
        checked_slot_minutes(minutes)
    assert checked_slot_minutes(20) == 20
