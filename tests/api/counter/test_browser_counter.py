"""The counter's screens in a real browser: an officer's day, WCAG 2.2 AA, telephone and desk, light and dark."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.catalogue import Catalogue
from api.staff.access import Role
from api.staff.passwords import Passwords
from store.migrate import upgrade_engine
from tests.api.browser_support import DESK, PHONE, Visitor, served_app, visiting
from tests.api.counter.support import BASE, NOW, Centre, busy_day, cookie_of
from tests.api.site_support import make_services, settings_in
from tests.api.staff.support import FAST, KEY, StoppedClock

pytestmark = pytest.mark.slow
SCREENS = {
    "today": BASE,
    "search": f"{BASE}/tim",
    "day-list": f"{BASE}/ngay",
    "week": f"{BASE}/tuan",
    "setup": f"{BASE}/thiet-lap",
    "hours": f"{BASE}/thiet-lap/gio",
    "slot": f"{BASE}/thiet-lap/khung",
    "capacity": f"{BASE}/thiet-lap/suc-chua",
    "closure": f"{BASE}/thiet-lap/nghi",
    "special": f"{BASE}/thiet-lap/ngay",
    "conflicts": f"{BASE}/can-doi",
    "moved": f"{BASE}/da-doi",
    "figures": f"{BASE}/so-lieu",
    "no-figures": f"{BASE}/so-lieu?tu=2026-01-05&den=2026-01-06",
    "log": f"{BASE}/nhat-ky",
    "nothing-there": f"{BASE}/hen/AB-CDEF",
}


@dataclass(frozen=True, slots=True)
class Office:
    """A served site and the sessions of its officers."""

    home: str
    manager: str
    clerk: str
    admin: str


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Office]:
    """A centre on a Monday at nine."""
    settings = settings_in(tmp_path_factory.mktemp("centre"), staff_key=KEY, rate_limit="1000/minute")
    clock = StoppedClock(NOW)
    services = replace(make_services(settings, catalogue, clock=clock), passwords=Passwords(FAST))
    with ThreadPoolExecutor(1) as thread:  # in this one the browser runs
        tokens = thread.submit(asyncio.run, _fill(Centre(services, clock))).result()
    with served_app(create_app(settings, services)) as home:
        yield Office(home, *tokens)


async def _fill(centre: Centre) -> tuple[str, str, str]:
    try:
        await upgrade_engine(centre.services.database)
        await busy_day(centre)
        manager = await centre.token("hoa", Role.OFFICE_MANAGER)
        return manager, await centre.token("lan", Role.COUNTER_OFFICER), await centre.token("admin", Role.ADMIN)
    finally:
        await centre.services.database.dispose()


def enter(visitor: Visitor, token: str, path: str = BASE) -> Page:
    """Opens a screen as a signed-in officer."""
    visitor.context.add_cookies([cookie_of(token, visitor.home)])  # type: ignore[list-item]
    visitor.open(path)
    return visitor.page


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
def test_axe_finds_nothing_on_any_screen(browser: Browser, office: Office, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, office.home, size, scheme=scheme) as visitor:
        enter(visitor, office.admin, "/can-bo/lich-hen?tim=dong")
        visitor.look("offices")
        for name, path in SCREENS.items():
            visitor.open(path)
            visitor.look(name)
        visitor.open(BASE)
        visitor.follow(visitor.page.locator("ol a").first)
        visitor.look("appointment")
        visitor.follow(visitor.page.get_by_role("link", name="In phiếu số"))
        visitor.look("slip")


def test_an_officer_checks_in_by_code_and_calls_the_next(browser: Browser, office: Office) -> None:
    with visiting(browser, office.home) as visitor:
        page = enter(visitor, office.clerk)
        expect(page.get_by_label("Mã lịch hẹn hoặc mã QR")).to_be_focused()
        row = page.locator(".turn-row--expected").first
        reference, name = row.locator(".mono").inner_text(), row.get_by_role("link").inner_text()
        page.keyboard.type(reference.lower().replace("-", " "))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"Đã tiếp nhận {name}: số")
        page.get_by_label("Tên hoặc số quầy").fill("3")
        page.get_by_role("button", name="Gọi người tiếp theo").click()
        expect(page.get_by_role("status")).to_contain_text("đến quầy 3")
        expect(page.get_by_text("Quầy 3 đang phục vụ")).to_be_visible()
        visitor.look("called")
        page.get_by_role("button", name="Xong, gọi người tiếp theo").click()
        expect(page.get_by_role("status")).to_contain_text("đến quầy 3")
        page.locator(".tool--mine").get_by_role("button", name="Vắng mặt").click()
        expect(page.get_by_role("status")).to_contain_text("vắng mặt")
        assert visitor.complaints == []


def test_somebody_without_appointment_gets_a_number(browser: Browser, office: Office) -> None:
    with visiting(browser, office.home, PHONE, script=False) as visitor:
        page = enter(visitor, office.clerk)
        page.get_by_label("Nhóm việc", exact=True).select_option(label="Hộ tịch")
        page.get_by_role("button", name="Lấy số").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Số thứ tự")
        expect(page.get_by_text("Người chờ trước")).to_be_visible()


@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)], ids=["desk", "phone-noscript"])
def test_a_manager_closes_an_afternoon_and_moves_its_appointments(
    browser: Browser, office: Office, size: tuple[int, int], script: bool
) -> None:
    day = "2026-11-23" if script else "2026-11-25"
    with visiting(browser, office.home, size, script=script) as visitor:
        page = enter(visitor, office.manager, f"{BASE}/thiet-lap")
        page.get_by_role("link", name="Đóng cửa một ngày hoặc một buổi").click()
        page.get_by_label("Từ ngày").fill(day)
        page.get_by_label("Buổi chiều").check()
        page.get_by_label("Lý do").fill("Mất điện theo lịch")
        page.get_by_role("button", name="Xem trước").click()
        hits = page.locator(".hit")
        assert hits.count() >= 1
        before = hits.first.locator("select option").first.get_attribute("value") or ""
        assert before > f"{day}T17"
        if script:
            visitor.look("preview")
        count = hits.count()
        page.get_by_role("button", name="Lưu và dời").click()
        expect(page.get_by_role("status")).to_contain_text(f"Đã dời {count} lịch hẹn")
        if script:
            expect(page.get_by_role("heading", name="Cần gọi điện báo")).to_be_visible()
            expect(page.get_by_role("heading", name="Được báo tự động")).to_be_visible()
            visitor.look("moved-some")
        visitor.open(f"{BASE}/tuan")
        expect(page.get_by_text("Mất điện theo lịch").first).to_be_visible()


def test_the_list_renews_itself_until_told_not_to(browser: Browser, office: Office) -> None:
    with visiting(browser, office.home) as visitor:
        page = enter(visitor, office.clerk)
        renewed = page.locator("#list").get_attribute("hx-get") or ""
        page.locator("#list").evaluate("list => { list.querySelector('h2').textContent = 'cũ' }")
        swap = "{target: '#list', select: '#list', swap: 'outerHTML'}"
        page.evaluate(f"htmx.ajax('GET', '{renewed}', {swap})")
        expect(page.get_by_role("heading", name="Danh sách hôm nay")).to_be_visible()
        expect(page.get_by_text("Danh sách tự làm mới")).to_be_visible()
        visitor.context.clear_cookies()
        page.evaluate(f"htmx.ajax('GET', '{renewed}', {swap})")
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập cán bộ")
        enter(visitor, office.clerk)
        page.get_by_role("link", name="Dừng tự làm mới").click()
        expect(page.locator("#list[hx-trigger]")).to_have_count(0)
        assert visitor.complaints == []


def test_on_paper_stands_what_belongs_there(browser: Browser, office: Office) -> None:
    with visiting(browser, office.home) as visitor:
        page = enter(visitor, office.clerk, f"{BASE}/ngay")
        page.emulate_media(media="print")
        expect(page.get_by_role("table")).to_be_visible()
        expect(page.get_by_role("navigation", name="Các trang của trung tâm")).to_be_hidden()
        expect(page.get_by_role("button", name="In trang này")).to_be_hidden()
        expect(page.get_by_role("button", name="Xem ngày")).to_be_hidden()
        visitor.look("print-day")
        visitor.open(BASE)
        page.emulate_media(media="screen")
        page.locator("ol a").first.click()
        page.get_by_role("link", name="In phiếu số").click()
        page.emulate_media(media="print")
        expect(page.locator(".slip__number")).to_be_visible()
        expect(page.locator(".desk__head")).to_be_hidden()
        visitor.look("print-slip")
