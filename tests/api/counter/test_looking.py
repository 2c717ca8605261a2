"""What is looked at: the week, the figures, the log; and that nobody sees more than their role is there for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert

from api.catalogue import Catalogue
from api.charts import WIDTH, chart
from api.counter.figures import period
from api.counter.log import line_of
from api.counter.week import SlotSum
from api.staff.access import Role
from booking.calendar import at
from booking.history import Event
from store.engine import write
from store.tables import audit
from tests.api.counter.support import BASE, GROUP, NOW, TODAY, WEDNESDAY, CounterSite, location, open_counter_site
from tests.api.staff.support import OFFICE, OTHER


async def test_a_leader_sees_loads_and_no_names(centre: CounterSite) -> None:
    ticket = await centre.centre.book(at(WEDNESDAY, time(8)))
    leader = await centre.officer("nam", Role.LEADER)
    page = (await leader.get(f"{BASE}/tuan")).text
    assert re.search(r'<span>08:00</span> <span>1<span aria-hidden="true">/</span>', page)
    for secret in (ticket.reference, ticket.appointment.name, ticket.appointment.phone, "/ngay?"):
        assert secret not in page


async def test_the_week_says_why_a_day_is_closed(centre: CounterSite) -> None:
    page = (await (await centre.officer()).get(f"{BASE}/tuan?tu=2026-11-27")).text
    assert "Nghỉ: Ngày Văn hóa Việt Nam" in page
    assert "Từ 23/11 đến 29/11/2026" in page
    assert "Từ 23/11 đến 29/11/2026" in (await (await centre.officer("mai")).get(f"{BASE}/tuan?tu=x&nhom=y")).text


async def test_the_first_page_leads_to_the_own_office(centre: CounterSite) -> None:
    assert location(await (await centre.officer()).get("/can-bo/lich-hen")) == BASE
    leader = await centre.officer("nam", Role.LEADER)
    assert "đang được chuẩn bị" in (await leader.get("/can-bo/lich-hen")).text


async def test_an_office_that_is_none_has_no_screens(tmp_path: Path, catalogue: Catalogue) -> None:
    async with open_counter_site(tmp_path, catalogue) as centre:
        officer = await centre.officer("nam", Role.ADMIN)
        assert "Trung tâm Phục vụ hành chính công phường Đồng Hới" in (await officer.get(BASE)).text
        for path in ("", "/tuan", "/thiet-lap", "/so-lieu"):
            assert (await officer.get(f"/can-bo/lich-hen/xa_khong_co{path}")).status_code == 404
        sent = {"hen-ho_tich": "1", "quay-ho_tich": "1", "buoc": "luu"}
        assert (await officer.post("/can-bo/lich-hen/xa_khong_co/thiet-lap/suc-chua", **sent)).status_code == 404
        found = (await officer.get("/can-bo/lich-hen?tim=dong hoi")).text
        assert f'href="{BASE}"' in found
        assert "Không có trung tâm nào hợp" in (await officer.get("/can-bo/lich-hen?tim=zzzzzz")).text


async def test_figures_stand_in_charts_and_in_tables(centre: CounterSite) -> None:
    for minutes in (10, 30):
        ticket = await centre.centre.book(at(TODAY, time(9)))
        await centre.centre.do("check_in", OFFICE, ticket.reference, "0")
        centre.clock.now = NOW + timedelta(minutes=minutes)
        await centre.centre.do("call_next", OFFICE, None, "1", "0")
        await centre.centre.do("finish", OFFICE, ticket.reference, "0")
        centre.clock.now = NOW
    page = (await (await centre.officer("hoa", Role.OFFICE_MANAGER)).get(f"{BASE}/so-lieu?tu={TODAY}")).text
    assert page.count("20 phút") == 3  # fact, chart, table
    for bar, row in zip(
        re.findall(r'bars__value"[^>]*>([^<]*)<', page),
        re.findall(r'<tr><th scope="row">[^<]*</th><td>([^<]*)</td></tr>', page),
        strict=True,
    ):
        assert bar == row


async def test_figures_of_an_empty_time_say_so(centre: CounterSite) -> None:
    leader = await centre.officer("nam", Role.LEADER)
    assert "Chưa có lịch hẹn hay lượt lấy số nào" in (await leader.get(f"{BASE}/so-lieu?tu=2026-01-05&den=x")).text


def test_a_period_is_in_order_and_at_most_a_year() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 20)
    assert period(None, None, last) == (date(2026, 11, 14), last)
    assert period(last, first, last) == (first, last)
    assert period(date(1, 1, 1), last, last) == (date(2025, 11, 19), last)


def test_bars_stay_within_the_drawing() -> None:
    for key, rows, full in (
        ("a", [("8 giờ", 12.0, "12"), ("9 giờ", 0.0, "0")], None),
        ("b", [("Người có công, bảo trợ xã hội, việc làm", 3.0, "3")], None),
        ("c", [("Đã dùng", 9.3, "9,3 %")], 100),
        ("d", [], None),
    ):
        drawn = chart(key, rows, full)
        assert all(bar.x >= 0 and bar.text_x < WIDTH and bar.y + bar.height <= drawn.height for bar in drawn.bars)
    assert (
        chart("c", [("Đã dùng", 50, "50 %")], 100).bars[0].width < chart("c", [("Đã dùng", 50, "50 %")]).bars[0].width
    )


def test_a_slot_looks_full_only_when_it_is() -> None:
    levels = [SlotSum(NOW, taken, 8).level for taken in range(10)]
    assert levels == [0, 1, 1, 2, 2, 2, 3, 3, 4, 4]
    assert SlotSum(NOW, 1, 0).level == 4


async def test_the_log_names_who_did_what_here(centre: CounterSite) -> None:
    ticket = await centre.centre.book(at(TODAY, time(10)))
    other = await centre.centre.book(at(TODAY, time(10)), office=OTHER)
    manager = await centre.officer("hoa", Role.OFFICE_MANAGER)
    await manager.post(f"{BASE}/tiep-nhan", ma=ticket.reference)
    await manager.post(f"{BASE}/thiet-lap/suc-chua", **{f"hen-{GROUP}": "3", f"quay-{GROUP}": "1", "buoc": "luu"})
    page = (await manager.get(f"{BASE}/nhat-ky")).text
    assert page.count("Nguyễn Thị Hoa</td>") == 2
    assert "Hộ tịch: 3 hẹn trước, 1 lấy số" in page
    assert f"/hen/{ticket.reference}" in page
    assert "Người dân" not in page.partition("<tbody>")[2]
    booked = (await manager.get(f"{BASE}/nhat-ky?ai=tat-ca&ngay=2026-11-21")).text
    assert booked.count("Đặt lịch") == 1
    for text in (other.reference, ticket.appointment.name, ticket.appointment.phone):
        assert text not in booked
    assert "chưa có việc nào" in (await manager.get(f"{BASE}/nhat-ky?ngay=2026-01-05")).text


async def test_the_log_bears_subjects_of_other_kinds(centre: CounterSite) -> None:
    """Such as "account:7" and "appointments:old": none of them is read as the number of an appointment."""
    subjects = ("account:7", "appointments:old", "office:phuong_dong_son", "office:*")
    rows = [{"at": NOW, "actor": "system", "action": "x", "subject": subject, "detail": {}} for subject in subjects]
    async with write(centre.site.services.database) as connection:
        await connection.execute(insert(audit), rows)
    manager = await centre.officer("hoa", Role.OFFICE_MANAGER)
    assert "chưa có việc nào" in (await manager.get(f"{BASE}/nhat-ky?ai=tat-ca")).text


def test_actions_without_words_stand_as_they_are() -> None:
    at_noon = datetime(2026, 11, 23, 5, 0, tzinfo=NOW.tzinfo)
    line = line_of(Event(at_noon, "officer:9", "something_new", None, {"why": "vì"}), {})
    assert (line.what, line.who, line.more) == ("something_new", "Tài khoản 9", "vì")
