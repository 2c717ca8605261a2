"""Pages of figures: whose figures, whose words, what was asked for, and nothing that a citizen typed comes alive."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date

import pytest

from api.figures.screens import period
from api.figures.targets import compared_targets, targets
from api.staff.access import Role
from feed.satisfaction import Figure
from store.tables import audit
from tests.api.figures.conftest import House
from tests.api.figures.support import HOSTILE
from tests.api.staff.support import StaffSite

PAGES = ("/can-bo/toan-canh", "/can-bo/giam-sat", "/can-bo/dieu-hanh", "/can-bo/bao-cao")


def facts(page: str) -> dict[str, str]:
    """The figures at the head by name."""
    found = re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)", page)
    return {html.unescape(name): value.strip() for name, value in found}


async def test_a_leader_sees_what_the_log_holds(house: House) -> None:
    leader = await house.officer(Role.LEADER)
    page = (await leader.get("/can-bo/toan-canh?tu=2026-10-01&den=2026-11-22")).text
    counted = [entry for entry in house.log if entry.outcome not in ("vote", "erased") and entry.channel != "terminal"]
    assert facts(page)["Lượt hỏi"] == str(len(counted))
    assert "Phường Đồng Hới" in page
    assert "Đăng ký tạm trú" in page  # the topic that rises


async def test_an_office_sees_its_own_commune_and_no_other(house: House) -> None:
    theirs = [e for e in house.log if e.commune == "phuong_dong_hoi" and e.outcome not in ("vote", "erased")]
    manager = await house.officer(Role.OFFICE_MANAGER, "phuong_dong_hoi")
    page = (await manager.get("/can-bo/toan-canh?tu=2026-10-01")).text
    assert facts(page)["Lượt hỏi"] == str(sum(entry.channel != "terminal" for entry in theirs))
    assert "Theo xã, phường, đặc khu" not in page
    for path in ("/can-bo/toan-canh?noi=xa_vinh_thuy", "/can-bo/toan-canh/ngay-luc-nay?noi=xa_vinh_thuy"):
        assert (await manager.get(path)).status_code == 403
    own = (await manager.get("/can-bo/toan-canh/ngay-luc-nay")).json()
    leader = await house.officer(Role.LEADER)
    assert own == (await leader.get("/can-bo/toan-canh/ngay-luc-nay?noi=phuong_dong_hoi")).json()


async def test_a_hostile_question_stays_text(house: House) -> None:
    leader = await house.officer(Role.LEADER)
    page = (await leader.get("/can-bo/toan-canh")).text
    assert "<script>alert" not in page
    assert html.escape(HOSTILE[:25]) in page.replace("&#34;", "&quot;")
    assert "49" not in page.split("&lt;script&gt;")[1][:80]


async def test_supervision_shows_no_words_of_citizens(house: House) -> None:
    supervisor = await house.officer(Role.SUPERVISOR)
    page = await supervisor.get("/can-bo/giam-sat")
    assert page.status_code == 200
    assert "alert(" not in page.text
    assert "Theo xã, phường, đặc khu" in page.text
    assert (await supervisor.get("/can-bo/hoi-dap")).status_code == 403


@pytest.mark.parametrize("query", ["?tu=x&den=y", "?tu=9999-01-01", "?tu=2026-11-22&den=2020-01-01", "?noi=khong_co"])
async def test_whatever_stands_in_the_address_a_page_comes(house: House, query: str) -> None:
    leader = await house.officer(Role.LEADER)
    assert (await leader.get("/can-bo/toan-canh" + query)).status_code == 200


async def test_an_empty_log_makes_empty_pages(house: House) -> None:
    leader = await house.officer(Role.LEADER)
    for path in PAGES[:2]:
        page = await leader.get(f"{path}?tu=2020-01-01&den=2020-01-31")
        assert page.status_code == 200
        assert facts(page.text)["Trả lời được ngay"] == "–"


async def test_reports_are_made_and_noted(house: House) -> None:
    leader = await house.officer(Role.LEADER)
    assert "24/11/2026" in (await leader.get("/can-bo/bao-cao")).text
    answer = await leader.get("/can-bo/bao-cao/2026-11/docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="bao-cao-ban-hoi-2026-11.docx"'
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    noted = await StaffSite(house.site.site, house.site.clock).rows(audit)
    assert [row.subject for row in noted if row.action == "report_downloaded"] == ["report:2026-11"]


@pytest.mark.parametrize(
    "what", ["2026-13/pdf", "2026-12/pdf", "2026-11/exe", "..%2F..%2Fetc/pdf", "2026-11%0d%0aX: y/pdf"]
)
async def test_what_is_no_report_is_not_found(house: House, what: str) -> None:
    leader = await house.officer(Role.LEADER)
    assert (await leader.get(f"/can-bo/bao-cao/{what}")).status_code == 404


def test_a_period_never_ends_in_the_future_nor_lasts_longer_than_a_year() -> None:
    today = date(2026, 11, 22)
    assert period("", "", today) == (date(2026, 10, 24), today)
    assert period("2026-11-20", "2027-01-01", today) == (date(2026, 11, 20), today)
    assert period("2026-11-30", "", today) == (today, today)
    assert period("2001-01-01", "", today) == (date(2025, 11, 22), today)


async def test_every_target_is_in_the_knowledge_with_its_section(house: House) -> None:
    knowledge = house.site.site.services.catalogue().knowledge
    found = targets(knowledge, {"answer": Figure("answer", 100, 90, 4.5)})
    assert len(found) == len(compared_targets())
    assert {(target.document, target.section) for target in found} == {("05-NQ/TU", "I.2.a"), ("05-NQ/TU", "I.2.b")}
    assert [target.measured is not None for target in found] == [True, False, False]
    assert targets(None, {}) == []
