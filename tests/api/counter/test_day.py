"""The day at the counter over HTTP: checking in, calling, tickets, ending, finding."""

from __future__ import annotations

import asyncio
import re
from datetime import time, timedelta

import pytest

from api.counter.today import COOKIE
from api.staff.access import Role
from booking.calendar import at
from booking.types import State
from tests.api.counter.support import BASE, GROUP, LONG_GROUP, TODAY, WEDNESDAY, CounterSite, location
from tests.api.staff.support import OTHER

TEN = at(TODAY, time(10))


async def _come(centre: CounterSite, *hours: int) -> list[str]:
    """Booked for these hours and checked in; their references."""
    tickets = [await centre.centre.book(at(TODAY, time(hour))) for hour in hours]
    for ticket in tickets:
        await centre.centre.do("check_in", tickets[0].appointment.office_id, ticket.reference, "0")
    return [ticket.reference for ticket in tickets]


async def _called(centre: CounterSite) -> list[str]:
    day = await centre.centre.do("day_list", "phuong_dong_hoi", TODAY)
    return sorted(view.counter for view in day if view.state is State.SERVING)


async def test_an_empty_day_says_so(centre: CounterSite) -> None:
    page = (await (await centre.officer()).get(BASE)).text
    assert "Hôm nay chưa có lịch hẹn và chưa ai lấy số." in page
    assert "Giờ mặc định, chưa được xác nhận" in page


@pytest.mark.parametrize("scanned", ["reference", "typed", "secret", "link"])
async def test_a_code_checks_in_however_it_was_read(centre: CounterSite, scanned: str) -> None:
    ticket, officer = await centre.centre.book(TEN), await centre.officer()
    codes = {
        "reference": ticket.reference,
        "typed": f" {ticket.reference.lower().replace('-', '')} ",
        "secret": ticket.secret,
        "link": f"https://hoi.example.vn/lich-hen/{ticket.secret}",
    }
    there = location(await officer.post(f"{BASE}/tiep-nhan", ma=codes[scanned]))
    assert ticket.secret not in there
    page = (await officer.get(there)).text
    assert "số 1. Mời ngồi chờ gọi số." in page
    assert f"/phieu/{ticket.reference}" in page


async def test_a_wrong_code_is_told_and_not_lost(centre: CounterSite) -> None:
    officer = await centre.officer()
    answer = await officer.post(f"{BASE}/tiep-nhan", ma="XX-YYYY")
    assert answer.status_code == 409
    assert "Không tìm thấy lịch hẹn với mã này." in answer.text
    assert 'value="XX-YYYY"' in answer.text


async def test_an_appointment_of_another_day_is_told_when_it_is(centre: CounterSite) -> None:
    ticket, officer = await centre.centre.book(at(WEDNESDAY, time(8))), await centre.officer()
    answer = await officer.post(f"{BASE}/tiep-nhan", ma=ticket.secret)
    assert answer.status_code == 409
    assert "thứ tư 25/11/2026, không phải hôm nay" in answer.text
    assert ticket.secret not in answer.text


async def test_an_appointment_at_another_office_is_not_known_here(centre: CounterSite) -> None:
    ticket, officer = await centre.centre.book(TEN, office=OTHER), await centre.officer()
    for path, field in (("tiep-nhan", "ma"), ("xong", "ma"), ("vang", "ma"), ("tim", "tim")):
        for code in (ticket.reference, ticket.secret):
            answer = await officer.post(f"{BASE}/{path}", **{field: code})
            assert answer.status_code != 303
            assert ticket.appointment.name not in answer.text
    for path in (f"{BASE}/hen/{ticket.reference}", f"{BASE}/hen/{ticket.secret}", f"{BASE}/phieu/{ticket.reference}"):
        answer = await officer.get(path)
        assert answer.status_code == 404
        assert ticket.appointment.name not in answer.text


async def test_two_officers_who_call_at_once_get_two_citizens(centre: CounterSite) -> None:
    await _come(centre, 10, 10)
    browsers = [await centre.officer("lan"), await centre.officer("mai")]
    tokens = [await browser.csrf() for browser in browsers]
    calls = [
        browser.post(f"{BASE}/goi", token, quay=str(number), dang="")
        for number, (browser, token) in enumerate(zip(browsers, tokens, strict=True))
    ]
    answers = [location(answer) for answer in await asyncio.gather(*calls)]
    assert len(set(answers)) == 2
    assert all("xong=called&ma=" in answer for answer in answers)
    assert await _called(centre) == ["0", "1"]


async def test_a_call_pressed_twice_calls_one(centre: CounterSite) -> None:
    await _come(centre, 10, 11, 14)
    officer = await centre.officer()
    token = await officer.csrf()
    calls = [officer.post(f"{BASE}/goi", token, quay="3", dang="") for _ in range(2)]
    answers = sorted([location(answer) for answer in await asyncio.gather(*calls)])
    assert answers[0].endswith("xong=already")
    assert "xong=called" in answers[1]
    assert await _called(centre) == ["3"]


async def test_the_next_call_ends_the_visit_before(centre: CounterSite) -> None:
    first, second = await _come(centre, 10, 11)
    officer = await centre.officer()
    assert f"ma={first}" in location(await officer.post(f"{BASE}/goi", quay="Quầy | 3", dang=""))
    page = (await officer.get(BASE)).text
    assert f'name="dang" value="{first}"' in page
    assert 'name="quay" value="Quầy | 3"' in page
    assert f"ma={second}" in location(await officer.post(f"{BASE}/goi", quay="Quầy | 3", dang=first))
    assert (await centre.centre.do("find", "phuong_dong_hoi", first)).state is State.DONE
    assert location(await officer.post(f"{BASE}/goi", quay="Quầy | 3", dang=second)).endswith("xong=nobody")


async def test_a_counter_calls_for_its_group(centre: CounterSite) -> None:
    await _come(centre, 10)
    officer = await centre.officer()
    assert location(await officer.post(f"{BASE}/goi", quay="1", dang="", nhom=LONG_GROUP)).endswith("xong=nobody")
    assert "xong=called" in location(await officer.post(f"{BASE}/goi", quay="1", dang="", nhom=GROUP))


async def test_a_counter_without_name_calls_nobody(centre: CounterSite) -> None:
    await _come(centre, 10)
    answer = await (await centre.officer()).post(f"{BASE}/goi", quay="  ", dang="")
    assert (answer.status_code, await _called(centre)) == (422, [])


async def test_the_counter_is_remembered_where_scripts_cannot_read_it(centre: CounterSite) -> None:
    answer = await (await centre.officer()).post(f"{BASE}/goi", quay="3", dang="")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=3|")
    assert "HttpOnly" in cookie


async def test_a_walk_in_gets_a_number_to_print(centre: CounterSite) -> None:
    officer = await centre.officer()
    there = location(await officer.post(f"{BASE}/lay-so", nhom=GROUP, ten="Cao Thị Sen"))
    page = (await officer.get(there)).text
    assert re.search(r'slip__number">1<', page)
    assert "Hộ tịch" in page


async def test_no_number_without_group_and_none_when_closed(centre: CounterSite) -> None:
    officer = await centre.officer()
    assert (await officer.post(f"{BASE}/lay-so", nhom="khong_co")).status_code == 422
    centre.clock.pass_by(hours=9)
    closed = await (await centre.officer("mai")).post(f"{BASE}/lay-so", nhom=GROUP)
    assert (closed.status_code, "không nhận hẹn vào giờ này" in closed.text) == (409, True)


async def test_no_show_before_its_time_is_refused(centre: CounterSite) -> None:
    ticket, officer = await centre.centre.book(TEN), await centre.officer()
    assert (await officer.post(f"{BASE}/vang", ma=ticket.reference)).status_code == 409
    centre.clock.pass_by(hours=1, minutes=1)
    assert "xong=no_show" in location(await officer.post(f"{BASE}/vang", ma=ticket.reference))
    assert "vẫn tiếp nhận lại được" in (await officer.get(f"{BASE}?xong=no_show&ma={ticket.reference}")).text


@pytest.mark.parametrize("by", ["reference", "name", "phone", "secret"])
async def test_search_finds_by_what_people_have(centre: CounterSite, by: str) -> None:
    ticket, officer = await centre.centre.book(TEN), await centre.officer()
    view = ticket.appointment
    wanted = {
        "reference": view.reference.lower(),
        "name": "van binh",
        "phone": view.phone[-4:] if view.phone else "",
        "secret": ticket.secret,
    }
    answer = await officer.post(f"{BASE}/tim", tim=wanted[by])
    assert f"/hen/{view.reference}" in answer.text
    assert ticket.secret not in answer.text
    assert "Không tìm thấy" in (await officer.post(f"{BASE}/tim", tim="không ai")).text


async def test_a_manager_cancels_with_a_reason(centre: CounterSite) -> None:
    ticket = await centre.centre.book(TEN)
    manager = await centre.officer("hoa", Role.OFFICE_MANAGER)
    path = f"{BASE}/hen/{ticket.reference}"
    assert "hãy gọi 0900000001" in (await manager.get(path)).text
    assert (await manager.post(f"{path}/huy", **{"ly-do": " "})).status_code == 422
    assert location(await manager.post(f"{path}/huy", **{"ly-do": "Mất điện"})) == path
    assert "đã hủy" in (await manager.get(path)).text
    assert (await manager.post(f"{path}/huy", **{"ly-do": "Mất điện"})).status_code == 409


async def test_the_day_sheet_lists_who_comes(centre: CounterSite) -> None:
    ticket, officer = await centre.centre.book(at(WEDNESDAY, time(8))), await centre.officer()
    page = (await officer.get(f"{BASE}/ngay?ngay={WEDNESDAY}")).text
    assert all(text in page for text in (ticket.reference, ticket.appointment.name, ticket.appointment.phone))
    assert ticket.reference not in (await officer.get(f"{BASE}/ngay?ngay=khong-phai-ngay")).text


async def test_the_list_stops_renewing_itself(centre: CounterSite) -> None:
    officer = await centre.officer()
    page = (await officer.get(BASE)).text
    since = re.search(r'hx-get="([^"]+)"', page)
    assert since
    centre.clock.pass_by(minutes=10)
    assert since[1] in (await officer.get(since[1])).text
    centre.clock.pass_by(minutes=21)
    assert "hx-get" not in (await officer.get(since[1])).text
    assert "hx-get" not in (await officer.get(f"{BASE}?dung=1")).text
    assert "hx-get" in (await officer.get(f"{BASE}?tu-luc=xyz")).text


async def test_no_form_works_without_the_pages_token(centre: CounterSite) -> None:
    ticket, officer = await centre.centre.book(TEN), await centre.officer()
    assert (await officer.post(f"{BASE}/tiep-nhan", "", ma=ticket.reference)).status_code == 403


async def test_waits_are_told_from_when_it_was_their_turn(centre: CounterSite) -> None:
    await _come(centre, 9, 10)
    centre.clock.now += timedelta(minutes=31)
    page = (await (await centre.officer()).get(BASE)).text
    assert "chờ lâu: 31 phút" in page
    assert "đến sớm, hẹn 10:00" in page
