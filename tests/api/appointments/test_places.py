"""Finding a centre by name, and days and times as pages show them: pure functions."""

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.appointments.places import Fit, find_offices
from api.appointments.private import feed_secret, feed_token
from api.appointments.views import nearest_slots, parts, read_day, read_time, weeks
from booking.calendar import at
from booking.types import DayOffer, DayStatus, Slot
from knowledge.content import load_content

OFFICES = list(load_content().offices.values())
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.id)
def test_every_centre_is_found_first_by_its_own_name(office: object) -> None:
    name = office.commune or "tỉnh Quảng Trị"  # type: ignore[attr-defined]
    assert find_offices(OFFICES, name)[0].office is office


def test_today_comes_before_yesterday() -> None:
    assert [item.fit for item in find_offices(OFFICES, "Xã Tân Thành")] == [Fit.FULL, Fit.FORMER]


def test_a_former_name_that_several_had_shows_all() -> None:
    assert {item.office.id for item in find_offices(OFFICES, "cam thuy")} == {"xa_cam_hong", "xa_hieu_giang"}


def test_slips_count_only_where_nothing_fits() -> None:
    assert Fit.ALIKE not in {item.fit for item in find_offices(OFFICES, "hai lang")}
    assert find_offices(OFFICES, "hai lag")[0].office.id == "xa_hai_lang"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_survived(typed: str) -> None:
    assert len(find_offices(OFFICES, typed)) <= len(OFFICES)


def offer(day: int, status: DayStatus = DayStatus.FREE, reason: str = "") -> DayOffer:
    return DayOffer(MONDAY + timedelta(days=day), status, int(status is DayStatus.FREE), reason)


def test_weeks_leave_out_what_nobody_can_book() -> None:
    days = [offer(0, DayStatus.TOO_SOON), offer(1), offer(5, DayStatus.CLOSED), offer(7, DayStatus.FULL)]
    days += [offer(14, DayStatus.HOLIDAY, "Tết"), offer(30, DayStatus.TOO_FAR)]
    shown = weeks(days, MONDAY)
    assert [week.title for week in shown] == ["Tuần này", "Tuần sau", "Tuần 14/12 – 20/12"]
    assert [offer.day.day for week in shown for offer in week.days] == [1, 7, 14]


def test_a_closure_on_a_weekend_is_shown_with_its_reason() -> None:
    assert weeks([offer(5, DayStatus.CLOSED, "Mất điện")], MONDAY)


def slot(hour: int, day: int = 0) -> Slot:
    begins = at(MONDAY + timedelta(days=day), time(hour))
    return Slot(begins, begins + timedelta(minutes=30), 1)


def test_times_are_shown_by_part_of_the_day() -> None:
    shown = parts([slot(8), slot(11), slot(14), slot(18)])
    assert [(part.title, len(part.slots)) for part in shown] == [("Buổi sáng", 2), ("Buổi chiều", 1), ("Buổi tối", 1)]


def test_the_nearest_times_come_in_order() -> None:
    near = nearest_slots([slot(hour, day) for day in range(3) for hour in (8, 9, 10, 14)], at(MONDAY, time(14)))
    assert [f"{one.starts_at:%d %H}" for one in near] == ["30 08", "30 09", "30 10", "30 14", "01 08", "01 09"]


@given(st.text(max_size=20))
def test_days_and_times_of_addresses_never_break(text: str) -> None:
    assert read_day(text) is None or isinstance(read_day(text), date)
    assert read_time(text) is None or isinstance(read_time(text), datetime)


@given(st.binary(min_size=16, max_size=16))
def test_a_feed_is_read_with_our_key_alone(secret: bytes) -> None:
    code = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    token = feed_token(b"k" * 32, code)
    assert feed_secret(b"k" * 32, token) == code
    assert feed_secret(b"j" * 32, token) is None
    assert code not in token
