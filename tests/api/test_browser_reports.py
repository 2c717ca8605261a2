"""A report and stars in the web chat, in a real browser: on a telephone in the dark, on a desk in the light."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.catalogue import Catalogue
from api.pipeline import Pipeline
from api.report_desk import ReportDesk
from bot.engine import Engine
from index.library import Library
from tests.api.browser_support import DESK, PHONE, Visitor, served_app, visiting
from tests.api.site_support import make_services, settings_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, library: Library) -> Iterator[str]:
    settings = settings_in(tmp_path_factory.mktemp("reports"), rate_limit="1000/minute")
    services = make_services(settings, catalogue)
    pipeline = Pipeline(services.database, Engine(lambda: library), reports=ReportDesk())
    with served_app(create_app(settings, replace(services, pipeline=pipeline))) as address:
        yield address


def say(visitor: Visitor, text: str) -> None:
    """Types a message and waits for its answer; the dialogue's own buttons are called "Gửi …", too."""
    shown = visitor.page.locator(".turn").count()
    visitor.page.get_by_label("Câu hỏi của bà con").fill(text)
    visitor.page.get_by_role("button", name="Gửi", exact=True).click()
    visitor.page.locator(".turn").nth(shown).locator(".bot").first.wait_for()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_a_report_is_sent_and_looked_up(browser: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, home, size, scheme=scheme) as visitor:
        visitor.open()
        say(visitor, "tôi muốn phản ánh đèn đường hỏng")
        say(visitor, "ngã ba chợ xã Cam Lộ" if size == DESK else "xã Hải Lăng")
        visitor.page.get_by_role("button", name="Không cần gọi lại").click()
        visitor.page.get_by_role("button", name="Gửi phản ánh này").wait_for()
        visitor.look("report-summary")
        visitor.page.get_by_role("button", name="Gửi phản ánh này").click()
        visitor.page.get_by_role("button", name=re.compile("Tra cứu PA-")).click()
        expect(visitor.page.locator(".turn").last).to_contain_text("đã tiếp nhận")
        say(visitor, "đăng ký kết hôn cần giấy tờ gì")
        say(visitor, "cảm ơn")
        visitor.look("report-stars")
        visitor.page.get_by_role("button", name="Rất hài lòng").click()
        expect(visitor.page.locator(".turn").last).to_contain_text("Điều gì làm bà con hài lòng")
