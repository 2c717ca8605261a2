"""The review in a real browser: from a new case to its answer and back, by keyboard; WCAG 2.2 AA on every screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.catalogue import Catalogue
from api.staff.access import Role
from feed import answer_templates, answers, cases
from feed.cases import Labels
from feed.labels.types import Kind, Sentiment
from store.engine import open_engine
from store.migrate import upgrade_engine
from tests.api.browser_support import DESK, PHONE, Visitor, served_app, visiting
from tests.api.counter.support import cookie_of
from tests.api.review.support import BASE, HOSTILE, ReviewDesk, review_services
from tests.feed.review_support import NOW, draft

pytestmark = pytest.mark.slow


@dataclass
class Office:
    """A served site, the sessions of its officers, and its database."""

    home: str
    url: str
    tokens: dict[str, str]

    def do(self, work: Any) -> Any:
        """Something in the database, from outside: `work` gets a desk of its own."""
        with ThreadPoolExecutor(1) as thread:  # in this one the browser runs
            return thread.submit(asyncio.run, self._do(work)).result()

    async def _do(self, work: Any) -> Any:
        engine = open_engine(self.url)
        try:
            step: Coroutine[Any, Any, Any] = work(ReviewDesk(engine))
            return await step
        finally:
            await engine.dispose()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Office]:
    """A Monday at nine with cases of all sorts."""
    folder: Path = tmp_path_factory.mktemp("review")
    chosen, services, _ = review_services(folder, catalogue, rate_limit="1000/minute")
    opened = Office("", chosen.database, {})
    opened.tokens = opened.do(_fill)
    with served_app(create_app(chosen, services)) as home:
        opened.home = home
        yield opened


async def _fill(desk: ReviewDesk) -> dict[str, str]:
    await upgrade_engine(desk.engine)
    tokens = {
        "soan": await desk.token("soan", Role.REVIEWER),
        "duyet": await desk.token("duyet", Role.REVIEWER),
        "chu": await desk.token("chu", Role.LEADER),
    }
    asked = "Con tui mới sinh, làm giấy khai sinh cần giấy tờ chi"
    first = await desk.case(asked, "b", "c", due_at=NOW + timedelta(days=2), commune_id="phuong_dong_hoi")
    await desk.case("Cán bộ đòi thêm tiền mới cho số", urgent=True, flags=["bribery"], sentiment="negative",
                    kind="complaint", due_at=NOW - timedelta(hours=20), channel="zalo_oa")  # fmt: skip
    await desk.case(HOSTILE[0] + HOSTILE[1], due_at=NOW + timedelta(hours=5))
    waiting = await desk.case("Xã có hỗ trợ vay vốn nuôi bò không", field="Bảo trợ xã hội")
    done = await desk.case("Trạm bơm hư thì báo ai", "d")
    async with desk.by("soan") as change:
        await answer_templates.add(change, "Mở đầu", "Chào bà con. Cảm ơn bà con đã gửi câu hỏi.")
        await cases.correct_labels(change, first, 0, Labels(Kind.QUESTION, Sentiment.NEUTRAL))
        await cases.add_note(change, first, "Đã hỏi lại Sở Tư pháp.")
        await answers.submit(change, waiting, 0, draft(text="Bà con gọi 0912 345 678.", public=False, expires_at=None))
    await desk.answered(done)
    return tokens


def enter(visitor: Visitor, office: Office, name: str, path: str = BASE) -> Page:
    """Opens a screen as a signed-in officer."""
    visitor.context.add_cookies([cookie_of(office.tokens[name], visitor.home)])  # type: ignore[list-item]
    visitor.open(path)
    return visitor.page


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (DESK, "dark"), (DESK, "light"), (PHONE, "dark")],
    ids=["phone-light", "desk-dark", "desk-light", "phone-dark"],
)
def test_axe_finds_nothing_on_any_screen(browser: Browser, office: Office, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, office.home, size, scheme=scheme) as visitor:
        enter(visitor, office, "duyet")
        visitor.look("review-list")
        visitor.open(f"{BASE}?trang-thai=tat-ca&khan=1")
        visitor.look("review-filtered")
        for number, name in ((1, "open"), (5, "hostile"), (6, "waiting"), (7, "answered")):
            visitor.open(f"{BASE}/viec/HD-{number:06d}")
            for folded in visitor.page.locator("details:not([open]) > summary").all():
                if name == "open" and folded.is_visible():
                    folded.click()
            visitor.look(f"review-case-{name}")
        visitor.open(f"{BASE}/mau")
        visitor.look("review-templates")
        assert [line for line in visitor.complaints if "error" in line or "dialog" in line] == []


def test_from_a_new_case_to_its_answer_and_back(browser: Browser, office: Office) -> None:
    with visiting(browser, office.home) as visitor:
        page = enter(visitor, office, "soan")
        expect(page.locator(".case").first).to_contain_text("Khẩn")
        office.do(_arrives)
        expect(page.locator(".case").first).to_contain_text("Nhà sập ở Vĩnh Thủy")
        expect(page.locator("#news")).to_contain_text("Có việc mới")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator(".case").first.get_by_role("checkbox")).to_be_checked()
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Việc HD-900001")
        page.get_by_label("Câu hỏi, viết lại để công khai").fill("Nhà bị sập thì báo ai?")
        page.get_by_label("Câu trả lời", exact=True).fill("Bà con gọi 0912 345 678.")
        page.get_by_label("Cơ quan trả lời").fill("Ủy ban nhân dân xã Vĩnh Thủy")
        page.get_by_role("button", name="Trình duyệt").click()
        expect(page.get_by_role("alert")).to_contain_text("giống thông tin cá nhân")
        expect(page.get_by_label("Câu trả lời", exact=True)).to_have_value("Bà con gọi 0912 345 678.")
        visitor.look("review-findings")
        page.get_by_label("Câu trả lời", exact=True).fill("Bà con báo Ủy ban nhân dân xã ngay.")
        page.get_by_role("button", name="Trình duyệt").click()
        expect(page.get_by_role("status")).to_contain_text("Đã trình duyệt")
        expect(page.get_by_role("button", name="Duyệt và gửi")).to_have_count(0)
    with visiting(browser, office.home) as visitor:
        page = enter(visitor, office, "duyet", f"{BASE}/viec/HD-900001")
        page.get_by_role("button", name="Duyệt và gửi").click()
        expect(page.get_by_role("status")).to_contain_text("Đã duyệt và gửi")
        expect(page.get_by_text("Đang công khai đến")).to_be_visible()
        visitor.look("review-approved")
        page.get_by_text("Thu hồi câu trả lời").first.click()
        page.locator("#thu-hoi-ly-do").fill("sai cơ quan")
        page.get_by_role("button", name="Thu hồi câu trả lời").click()
        expect(page.get_by_role("status")).to_contain_text("Đã thu hồi")
        expect(page.get_by_role("heading", name="Soạn câu trả lời")).to_be_visible()
        assert [line for line in visitor.complaints if "422" not in line] == []


async def _arrives(desk: ReviewDesk) -> None:
    desk.asked = 90
    await desk.case("Nhà sập ở Vĩnh Thủy", code="HD-900001", urgent=True, flags=["danger"],
                    due_at=NOW - timedelta(days=3))  # fmt: skip


def test_a_suggestion_of_the_knowledge_is_put_in_with_its_source_without_javascript(
    browser: Browser, office: Office
) -> None:
    with visiting(browser, office.home, PHONE, script=False) as visitor:
        page = enter(visitor, office, "soan", f"{BASE}/viec/HD-000001")
        page.locator(".suggestion summary").first.click()
        page.get_by_role("button", name="Chèn vào câu trả lời").first.click()
        expect(page.get_by_role("status")).to_contain_text("Đã chèn")
        expect(page.get_by_label("Câu trả lời", exact=True)).to_have_value(re.compile("Hồ sơ|Thời"))
        expect(page.get_by_label("Tên nguồn 1")).not_to_have_value("")
        page.get_by_text("Mẫu trả lời").last.click()
        page.get_by_role("button", name="Chèn mẫu: Mở đầu").click()
        page.goto(visitor.home + f"{BASE}?tim=khai+sinh")
        expect(page.locator(".case")).to_have_count(1)
