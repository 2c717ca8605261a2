"""Officers' pages in a real browser: WCAG 2.2 AA, telephone and desk, light and dark, without JavaScript."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from api.staff import admin
from api.staff.access import Role
from api.staff.admin import Change
from store.clock import utc_now
from store.engine import open_engine, write
from store.migrate import upgrade_engine
from tests.api.browser_support import DESK, PHONE, Visitor, served, visiting
from tests.api.staff.support import FAST, OFFICE, PASSWORD

pytestmark = pytest.mark.slow
NEW = "chồng cấy vợ cày con trâu đi bừa"
NAMES = [f"can.bo.{number}" for number in range(4)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with officers who have never signed in."""
    folder = tmp_path_factory.mktemp("office")
    with ThreadPoolExecutor(1) as thread:  # in this one the browser runs
        thread.submit(asyncio.run, _make_accounts(folder)).result()
    with served(folder, None) as address:
        yield address


async def _make_accounts(folder: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{folder / 'banhoi.db'}")
    await upgrade_engine(engine)
    async with write(engine) as connection:
        change, hashed = Change(connection, utc_now(), "cli:test"), FAST.hash(PASSWORD)
        for name in NAMES:
            full = "Nguyễn Thị Phương Lan"
            await admin.add(change, name, full, Role.COUNTER_OFFICER, OFFICE, hashed, one_time=True)
    await engine.dispose()


def first_sign_in(visitor: Visitor, name: str, *, axe: bool = True) -> None:
    """Everything that an officer goes through on the first day."""
    page = visitor.page
    visitor.open("/can-bo")
    visitor.look("1-sign-in", axe=axe)
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill("nhầm")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa đúng")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value(name)
    visitor.look("2-wrong", axe=axe)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thiết lập mã xác nhận")
    expect(page.get_by_role("img", name="Mã QR")).to_be_visible()
    visitor.look("3-enrol", axe=axe)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Mã xác nhận").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Hoàn tất").click()
    expect(page.locator(".codes li")).to_have_count(10)
    visitor.look("4-recovery", axe=axe)
    page.get_by_role("link", name="đi tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đổi mật khẩu")
    visitor.look("5-password", axe=axe)
    page.get_by_label("Mật khẩu đang dùng").fill(PASSWORD)
    page.get_by_label("Mật khẩu mới", exact=True).fill(NEW)
    page.get_by_label("Nhập lại mật khẩu mới").fill(NEW)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xin chào Nguyễn Thị Phương Lan")
    expect(page.get_by_role("status")).to_contain_text("Đã đổi mật khẩu")
    visitor.look("6-home", axe=axe)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
def test_axe_finds_nothing_on_the_way_in(browser: Browser, office: str, size: tuple[int, int], scheme: str) -> None:
    name = NAMES[0 if size == PHONE else 1]
    with visiting(browser, office, size, scheme=scheme) as visitor:
        first_sign_in(visitor, name)
        visitor.page.get_by_role("button", name="Đăng xuất", exact=True).click()
        expect(visitor.page.get_by_role("status")).to_have_text("Đã đăng xuất.")
        visitor.page.get_by_label("Tên đăng nhập").fill(name)
        visitor.page.get_by_label("Mật khẩu").fill(NEW)
        visitor.follow(visitor.page.get_by_role("button", name="Đăng nhập"))
        visitor.look("7-code")
        visitor.page.get_by_label("Mã xác nhận").fill("000000")
        visitor.page.get_by_role("button", name="Xác nhận").click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("Mã chưa đúng")
        visitor.look("8-wrong-code")
        assert [line for line in visitor.complaints if "422" not in line] == []


def test_without_javascript_everything_works(browser: Browser, office: str) -> None:
    with visiting(browser, office, PHONE, script=False) as visitor:
        first_sign_in(visitor, NAMES[2], axe=False)


def test_targets_are_large_and_the_keyboard_signs_in(browser: Browser, office: str) -> None:
    with visiting(browser, office, PHONE) as visitor:
        visitor.open("/can-bo/dang-nhap")
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, input:not([type=hidden])')]
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []
        visitor.page.get_by_label("Tên đăng nhập").focus()
        visitor.page.keyboard.type(NAMES[3])
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.insert_text(PASSWORD)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Thiết lập mã xác nhận")
        visitor.page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
        assert visitor.overflow() <= 0


def test_another_origin_cannot_send_the_form(browser: Browser, office: str) -> None:
    """A real browser's own headers give the foreign page away."""
    with visiting(browser, office) as visitor:
        visitor.page.goto(
            "data:text/html,<form method=post action='" + office + "/can-bo/dang-nhap'><button>x</button>"
        )
        visitor.page.get_by_role("button").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Yêu cầu đến từ trang khác")
