"""The office's calendar over HTTP: every change is shown first, then made; whom it hits is moved or told of."""

from __future__ import annotations

import html
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api.staff.access import Role
from booking.calendar import at
from booking.types import Capacity, Span
from store.booking_tables import notices
from store.engine import read
from store.tables import audit
from tests.api.counter.support import BASE, GROUP, TODAY, WEDNESDAY, CounterSite, location
from tests.api.staff.support import OFFICE, Browser

CLOSURE = {"tu": f"{WEDNESDAY}", "buoi": "chieu", "ly-do": "Họp giao ban"}
AFTERNOON = at(WEDNESDAY, time(14))
PART = f"{BASE}/thiet-lap"


@pytest.fixture
async def manager(centre: CounterSite) -> Browser:
    """Who may change the calendar."""
    return await centre.officer("hoa", Role.OFFICE_MANAGER)


async def _rows(centre: CounterSite, table: Any) -> int:
    async with read(centre.site.services.database) as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


def proposals(page: str) -> dict[str, str]:
    """The time that is chosen beforehand, for each reference."""
    return dict(re.findall(r'name="(doi-[A-Z0-9-]+)">\s*<option value="([^"]*)"', page))


async def test_a_preview_changes_nothing(centre: CounterSite, manager: Browser) -> None:
    ticket = await centre.centre.book(AFTERNOON)
    before = await _rows(centre, audit)
    page = html.unescape((await manager.post(f"{PART}/nghi", **CLOSURE)).text)
    assert "từ 12:00 đến hết ngày thứ tư 25/11/2026" in page
    assert "1 lịch hẹn bị ảnh hưởng" in page
    assert ticket.reference in page
    assert "gọi điện 0900000001" in page
    assert (await centre.centre.do("calendar", OFFICE)).closures == ()
    assert await _rows(centre, audit) == before


async def test_an_afternoon_is_closed_and_its_appointments_are_moved(centre: CounterSite, manager: Browser) -> None:
    tickets = [await centre.centre.book(AFTERNOON), await centre.centre.book(AFTERNOON, told=True)]
    untouched = await centre.centre.book(at(WEDNESDAY, time(8)))
    page = (await manager.post(f"{PART}/nghi", **CLOSURE)).text
    moves = proposals(page)
    assert sorted(moves) == sorted(f"doi-{ticket.reference}" for ticket in tickets)
    there = location(await manager.post(f"{PART}/nghi", **CLOSURE, **moves, buoc="luu"))
    result = (await manager.get(there)).text
    assert "Đã dời 2 lịch hẹn" in result
    assert "Cần gọi điện báo" in result
    assert "Được báo tự động" in result
    for ticket in tickets:
        moved = await centre.centre.do("find", OFFICE, ticket.reference)
        assert f"{moved.starts_at:%Y-%m-%dT%H:%M}" == moves[f"doi-{ticket.reference}"]
        assert moved.day > WEDNESDAY
    assert (await centre.centre.do("find", OFFICE, untouched.reference)).starts_at == at(WEDNESDAY, time(8))
    assert await _rows(centre, notices) == 3  # two reminders at the new time, and the word that it was moved


async def test_who_is_left_for_later_waits_on_a_list(centre: CounterSite, manager: Browser) -> None:
    ticket = await centre.centre.book(AFTERNOON)
    later = {f"doi-{ticket.reference}": ""}
    assert location(await manager.post(f"{PART}/nghi", **CLOSURE, **later, buoc="luu")) == f"{BASE}/can-doi"
    page = (await manager.get(f"{BASE}/can-doi")).text
    assert "1 lịch hẹn không hợp" in (await manager.get(PART)).text
    assert (await manager.post(f"{BASE}/can-doi", **later)).status_code == 422
    there = location(await manager.post(f"{BASE}/can-doi", **proposals(page)))
    assert "Đã dời 1 lịch hẹn" in (await manager.get(there)).text
    assert "Không có lịch hẹn nào cần dời" in (await manager.get(f"{BASE}/can-doi")).text


async def test_a_time_that_is_taken_meanwhile_is_told(centre: CounterSite, manager: Browser) -> None:
    await centre.centre.do("set_capacity", OFFICE, GROUP, 1, 0, "0")
    ticket = await centre.centre.book(AFTERNOON)
    moves = proposals((await manager.post(f"{PART}/nghi", **CLOSURE)).text)
    await centre.centre.book(at(date(2026, 11, 26), time(7, 30)))
    there = location(await manager.post(f"{PART}/nghi", **CLOSURE, **moves, buoc="luu"))
    page = (await manager.get(there)).text
    assert "1 lịch không dời được" in page
    assert "Còn 1 lịch hẹn cần dời" in page
    assert (await centre.centre.do("find", OFFICE, ticket.reference)).starts_at == AFTERNOON


async def test_other_times_can_be_chosen(centre: CounterSite, manager: Browser) -> None:
    ticket = await centre.centre.book(AFTERNOON)
    page = (await manager.post(f"{PART}/nghi", **CLOSURE)).text
    choices = re.findall(r'<option value="(2026[^"]+)"', page)
    assert len(set(choices)) == len(choices) == 7
    assert all(choice > "2026-11-25T12" for choice in choices)
    chosen = {f"doi-{ticket.reference}": choices[-1]}
    location(await manager.post(f"{PART}/nghi", **CLOSURE, **chosen, buoc="luu"))
    moved = await centre.centre.do("find", OFFICE, ticket.reference)
    assert f"{moved.starts_at:%Y-%m-%dT%H:%M}" == choices[-1]


async def test_another_offices_appointment_cannot_be_moved(centre: CounterSite, manager: Browser) -> None:
    ticket = await centre.centre.book(AFTERNOON, office="phuong_dong_son")
    move = {f"doi-{ticket.reference}": "2026-11-26T08:00"}
    assert (await manager.post(f"{BASE}/can-doi", **move)).status_code == 409
    assert (await manager.post(f"{PART}/nghi", **CLOSURE, **move, buoc="luu")).status_code == 409
    assert (await centre.centre.do("calendar", OFFICE)).closures == ()
    assert ticket.appointment.name not in (await manager.get(f"{BASE}/da-doi?ma={ticket.reference}")).text


async def test_a_closure_is_taken_back(centre: CounterSite, manager: Browser) -> None:
    location(await manager.post(f"{PART}/nghi", **CLOSURE, buoc="luu"))
    page = (await manager.get(PART)).text
    closure = re.search(r'name="nghi" value="([^"]+)"', page)
    assert closure
    assert "mở lại theo giờ thường" in (await manager.post(f"{PART}/bo-nghi", nghi=closure[1])).text
    assert len((await centre.centre.do("calendar", OFFICE)).closures) == 1
    assert location(await manager.post(f"{PART}/bo-nghi", nghi=closure[1], buoc="luu")) == f"{PART}?xong=luu"
    assert (await centre.centre.do("calendar", OFFICE)).closures == ()
    assert location(await manager.post(f"{PART}/bo-nghi", nghi=closure[1], buoc="luu")) == PART


async def test_hours_are_set_and_no_longer_a_default(centre: CounterSite, manager: Browser) -> None:
    ticket = await centre.centre.book(AFTERNOON)
    fields = {f"{weekday}-0-tu": "07:00" for weekday in range(6)} | {
        f"{weekday}-0-den": "11:30" for weekday in range(6)
    }
    page = (await manager.post(f"{PART}/gio", **fields)).text
    assert ticket.reference in page
    location(await manager.post(f"{PART}/gio", **fields, buoc="luu"))
    calendar = await centre.centre.do("calendar", OFFICE)
    assert not calendar.hours_are_default
    assert calendar.hours == {weekday: (Span(time(7), time(11, 30)),) for weekday in range(6)}
    assert "Giờ mặc định" not in (await manager.get(BASE)).text


async def test_capacity_is_set_for_what_differs(centre: CounterSite, manager: Browser) -> None:
    tickets = [await centre.centre.book(AFTERNOON), await centre.centre.book(AFTERNOON)]
    fields = {f"hen-{GROUP}": "1", f"quay-{GROUP}": "4"}
    page = (await manager.post(f"{PART}/suc-chua", **fields)).text
    assert [reference in page for reference in (ticket.reference for ticket in tickets)] == [False, True]
    assert "vượt sức chứa" in page
    location(await manager.post(f"{PART}/suc-chua", **fields, **proposals(page), buoc="luu"))
    assert (await centre.centre.do("calendar", OFFICE)).capacities == {GROUP: Capacity(1, 4)}


async def test_a_holiday_is_opened_and_closed_again(centre: CounterSite, manager: Browser) -> None:
    tuesday = TODAY + timedelta(days=1)
    fields = {"ngay": f"{tuesday}", "mo": "mo", "0-tu": "08:00", "0-den": "10:00", "ly-do": "Làm bù"}
    assert "Mở 08:00–10:00" in (await manager.post(f"{PART}/ngay", **fields)).text
    location(await manager.post(f"{PART}/ngay", **fields, buoc="luu"))
    ticket = await centre.centre.book(at(tuesday, time(8)))
    page = (await manager.post(f"{PART}/bo-ngay", ngay=f"{tuesday}")).text
    assert ticket.reference in page
    assert (await centre.centre.do("calendar", OFFICE)).special_days != ()
    location(await manager.post(f"{PART}/bo-ngay", ngay=f"{tuesday}", **proposals(page), buoc="luu"))
    assert (await centre.centre.do("calendar", OFFICE)).special_days == ()


async def test_slots_change_only_while_nothing_is_booked(centre: CounterSite, manager: Browser) -> None:
    location(await manager.post(f"{PART}/khung", phut="20", buoc="luu"))
    assert (await centre.centre.do("calendar", OFFICE)).slot_minutes == 20
    await centre.centre.book(AFTERNOON)
    answer = await manager.post(f"{PART}/khung", phut="30")
    assert (answer.status_code, "còn lịch hẹn sắp tới" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("nghi", {"tu": "hôm nay", "ly-do": "Họp"}, "Ngày chưa đúng"),
        ("nghi", {"tu": "2026-11-25"}, "Hãy ghi lý do"),
        ("nghi", {"tu": "2026-11-20", "ly-do": "Họp"}, "đã qua"),
        ("nghi", {"tu": "2026-11-27", "den": "2026-11-25", "ly-do": "Họp"}, "phải sau"),
        ("nghi", {"tu": "2026-11-25", "den": "2026-11-27", "buoi": "sang", "ly-do": "Họp"}, "chỉ chọn một ngày"),
        ("nghi", {"tu": "2026-11-25", "buoi": "gio", "tu-gio": "9", "den-gio": "x", "ly-do": "Họp"}, "giờ chưa đúng"),
        ("gio", {}, "Chưa có giờ nào"),
        ("gio", {"0-0-tu": "07:30"}, "chỉ ghi một đầu"),
        ("gio", {"0-0-tu": "11:30", "0-0-den": "07:30"}, "chưa hợp lệ"),
        ("suc-chua", {}, "số chưa đúng"),
        ("suc-chua", {f"hen-{GROUP}": "-1", f"quay-{GROUP}": "2"}, "số chưa đúng"),
        ("suc-chua", {f"hen-{GROUP}": "500", f"quay-{GROUP}": "2"}, "chưa hợp lệ"),
        ("khung", {"phut": "7"}, "số chưa đúng"),
        ("ngay", {"ngay": "2026-11-25", "mo": "mo", "ly-do": "Họp"}, "Chưa có giờ nào"),
        ("ngay", {"ngay": "2026-11-20", "mo": "dong", "ly-do": "Họp"}, "đã qua"),
    ],
)
async def test_what_makes_no_sense_is_told_and_kept(
    centre: CounterSite, manager: Browser, part: str, fields: dict[str, str], said: str
) -> None:
    for step in ({}, {"buoc": "luu"}):
        answer = await manager.post(f"{PART}/{part}", **fields, **step)
        assert answer.status_code in (409, 422)
        assert said in answer.text
    if "ly-do" in fields:
        assert f'value="{fields["ly-do"]}"' in answer.text


async def test_an_unknown_part_is_none(manager: Browser) -> None:
    assert (await manager.get(f"{PART}/khac")).status_code == 404
    assert (await manager.post(f"{PART}/khac")).status_code == 404
    assert location(await manager.get(f"{PART}/bo-nghi")) == PART
