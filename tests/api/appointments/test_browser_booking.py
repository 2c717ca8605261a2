"""Booking in a real browser: on a telephone with and without JavaScript, WCAG 2.2 AA, light, dark and on paper."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.appointments.room import open_booking
from api.catalogue import Catalogue
from booking.service import BookingService
from booking.types import Origin, Person, Wish
from store.engine import open_engine, write
from store.migrate import upgrade_engine
from tests.api.appointments.support import CODE, GROUP, OFFICE, WEDNESDAY
from tests.api.browser_support import DESK, PHONE, SHOTS, served, visiting
from tests.api.site_support import settings_in
from tests.booking.support import MINUTE, StandingClock

pytestmark = pytest.mark.slow
WINDOWS = [(PHONE, "dark"), (DESK, "light")] + ([(PHONE, "light"), (DESK, "dark")] if SHOTS else [])
"""Each size and each scheme; every pair of them only for pictures."""
_phones = itertools.count(912_000_000)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[str]:
    """A site on a Monday morning: at one centre Wednesday is full and people are waiting in the hall."""
    folder = tmp_path_factory.mktemp("booking")
    with ThreadPoolExecutor(1) as thread:  # in this one the browser runs
        thread.submit(asyncio.run, _a_busy_office(folder)).result()
    with served(folder, catalogue, clock=StandingClock()) as address:
        yield address


async def _a_busy_office(folder: Path) -> None:
    settings, clock = settings_in(folder), StandingClock()
    booking, database = open_booking(settings, clock), open_engine(settings.database)
    await upgrade_engine(database)
    async with write(database) as connection:
        await booking.set_capacity(connection, OFFICE, "chung_thuc", 1, 4, "test")
        slots = await booking.free_slots(connection, OFFICE, "chung_thuc", WEDNESDAY, WEDNESDAY)
        for number, slot in enumerate(slots):
            held = await booking.hold(connection, Wish(OFFICE, "chung_thuc", slot.starts_at), Origin("test"))
            await booking.confirm(connection, held.secret, Person("Trần Văn Bảy", f"09870000{number:02d}"))
        for _ in range(9):
            await booking.walk_in(connection, OFFICE, "chung_thuc", "test")
        for counter in ("Quầy 1", "Quầy 3"):
            clock.go(MINUTE)
            await _call(booking, connection, counter)
    await database.dispose()


async def _call(booking: BookingService, connection: object, counter: str) -> None:
    await booking.call_next(connection, OFFICE, None, counter, "test")  # type: ignore[arg-type]


def choose_time(page: Page, group: str = "Hộ tịch", day: str = "3/12", clock: str = "08:00") -> None:
    """From the first page to the held seat, by what a citizen sees."""
    page.get_by_role("link", name=group, exact=True).click()
    page.get_by_label("Gõ tên xã, phường").fill("hai lang")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Xã Hải Lăng", exact=True).click()
    page.locator("a.day", has=page.get_by_text(day, exact=True)).click()
    page.get_by_role("button", name=clock).click()


def give_details(page: Page) -> None:
    """Who comes."""
    page.get_by_label("Họ và tên người đến").fill("Nguyễn Thị Hoa")
    page.get_by_label("Số điện thoại").fill(f"0{next(_phones)}")
    page.get_by_role("button", name="Xác nhận đặt lịch").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "noscript"])
def test_a_citizen_books_moves_and_cancels_on_a_telephone(browser: Browser, home: str, script: bool) -> None:
    with visiting(browser, home, PHONE, script=script) as visitor:
        page = visitor.page
        visitor.open("/")
        page.get_by_role("link", name="Đặt lịch hẹn").first.click()
        choose_time(page, clock="08:00" if script else "09:00")
        give_details(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu hẹn")
        ticket = page.url.partition("?")[0]
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu hẹn")
        page.goto(ticket)
        page.get_by_role("link", name="Đổi giờ").click()
        page.locator("a.day", has=page.get_by_text("4/12", exact=True)).click()
        page.get_by_role("button", name="14:00").click()
        expect(page.locator(".ticket__when")).to_contain_text("14:00")
        page.get_by_role("link", name="Hủy lịch").click()
        page.get_by_role("button", name="Hủy lịch hẹn").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lịch hẹn đã hủy")
        assert visitor.complaints == []


def test_a_centre_is_found_while_typing(browser: Browser, home: str) -> None:
    with visiting(browser, home, PHONE) as visitor:
        visitor.open(f"/dat-lich/noi?viec={CODE}")
        visitor.page.get_by_label("Gõ tên xã, phường").press_sequentially("vinh o")
        expect(visitor.page.locator("#offices a")).to_have_count(1)
        expect(visitor.page.locator("#offices a")).to_contain_text("Xã Bến Quan")
        assert visitor.complaints == []


@pytest.mark.parametrize(("size", "scheme"), WINDOWS)
def test_axe_finds_nothing_on_the_way_to_a_ticket(
    browser: Browser, home: str, size: tuple[int, int], scheme: str
) -> None:
    with visiting(browser, home, size, scheme=scheme) as visitor:
        page = visitor.page
        for name, path in (
            ("what", "/dat-lich"),
            ("what-found", "/dat-lich?q=khai+sinh"),
            ("where", f"/dat-lich/noi?viec={CODE}"),
            ("where-near", "/dat-lich/noi?nhom=chung_thuc&tim=hai+lag"),
            ("day", f"/dat-lich/ngay?nhom=chung_thuc&noi={OFFICE}"),
            ("time", f"/dat-lich/gio?viec={CODE}&noi={OFFICE}&ngay=2026-12-03"),
        ):
            visitor.open(path)
            visitor.look(name)
        visitor.follow(page.locator("button.time").last)
        visitor.look("details")
        page.get_by_label("Họ và tên người đến").fill("Nguyễn Thị Hoa")
        page.get_by_label("Số điện thoại").fill("12345")
        visitor.follow(page.get_by_role("button", name="Xác nhận đặt lịch"))
        visitor.look("details-wrong")
        give_details(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu hẹn")
        visitor.look("ticket")
        ticket = page.url.partition("?")[0]
        for name, path in (("move", "/doi"), ("move-time", "/doi?ngay=2026-12-04"), ("cancel", "/huy")):
            page.goto(ticket + path)
            visitor.look(name)
        visitor.follow(page.get_by_role("button", name="Hủy lịch hẹn"))
        visitor.look("over")


@pytest.mark.parametrize(("size", "scheme"), WINDOWS)
def test_axe_finds_nothing_beside_the_way(browser: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, home, size, scheme=scheme) as visitor:
        for name, path in (
            ("find", "/lich-hen"),
            ("wrong-code", f"/lich-hen/{'x' * 22}"),
            ("wait", f"/dat-lich/cho?nhom=chung_thuc&noi={OFFICE}&ngay=2026-12-02"),
        ):
            visitor.open(path)
            visitor.look(name)
        visitor.open(f"/dat-lich/cho?nhom=chung_thuc&noi={OFFICE}&ngay=2026-12-02")
        visitor.follow(visitor.page.get_by_role("button", name="Vào danh sách chờ"))
        visitor.look("place")
        visitor.open(f"/hang-doi/{OFFICE}")
        visitor.look("queue")
        visitor.open(f"/dat-lich/gio?nhom=chung_thuc&noi={OFFICE}&ngay=2026-12-03")
        visitor.page.locator("button.time").first.evaluate("button => button.value = '2026-12-02T08:00'")
        visitor.page.locator("button.time").first.click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("vừa hết chỗ")
        visitor.look("gone")


def test_the_ticket_prints_without_what_paper_cannot_do(browser: Browser, home: str) -> None:
    with visiting(browser, home) as visitor:
        page = visitor.page
        visitor.open("/dat-lich")
        choose_time(page, clock="10:00")
        give_details(page)
        page.emulate_media(media="print")
        expect(page.locator(".ticket .qr svg")).to_be_visible()
        for seen in (".ticket__when", ".ticket__code strong", "#bring"):
            expect(page.locator(seen)).to_be_visible()
        for hidden in (".top", ".deeds", ".good", "#keep", ".foot"):
            expect(page.locator(hidden).first).to_be_hidden()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        if SHOTS:
            page.pdf(path=Path(SHOTS) / "ticket.pdf", format="A4")
            page.screenshot(path=Path(SHOTS) / "print.png", full_page=True)


def test_the_display_renews_itself_with_and_without_script(browser: Browser, home: str) -> None:
    with visiting(browser, home, script=False) as visitor:
        visitor.open(f"/hang-doi/{OFFICE}")
        assert visitor.page.locator("noscript meta, meta[http-equiv=refresh]").count() == 1
        expect(visitor.page.locator(".calls li").first).to_contain_text("002")
    with visiting(browser, home) as visitor:
        visitor.page.clock.install()
        visitor.open(f"/hang-doi/{OFFICE}")
        with visitor.page.expect_response(lambda response: response.url.endswith(OFFICE)):
            visitor.page.clock.run_for(11_000)
        expect(visitor.page.locator("#queue")).to_have_count(1)
        assert visitor.complaints == []


@pytest.mark.parametrize("path", ["/dat-lich", f"/dat-lich/ngay?nhom={GROUP}&noi={OFFICE}", "/lich-hen"])
def test_targets_are_large_enough_for_old_fingers(browser: Browser, home: str, path: str) -> None:
    with visiting(browser, home, PHONE) as visitor:
        visitor.open(path)
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll('main button, main .pick, main .day, .chosen a, nav a')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_text_twice_as_large_still_fits(browser: Browser, home: str) -> None:
    """WCAG 1.4.4 and 1.4.10."""
    with visiting(browser, home, (640, 740)) as visitor:
        for path in ("ngay", "gio"):
            visitor.open(f"/dat-lich/{path}?nhom={GROUP}&noi={OFFICE}&ngay=2026-12-03")
            visitor.page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
            assert visitor.overflow() <= 0, path
