"""Dashboards in a real browser: WCAG 2.2 AA, telephone and desk, light and dark, paper, live counts, without script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.catalogue import Catalogue
from api.staff.access import Role
from api.staff.passwords import Passwords
from store.engine import open_engine, write
from store.migrate import upgrade_engine
from store.tables import inbox, questions
from tests.api.browser_support import DESK, PHONE, Visitor, served_app, visiting
from tests.api.counter.support import Centre, cookie_of
from tests.api.figures.support import fill
from tests.api.site_support import make_services, settings_in
from tests.api.staff.support import FAST, KEY, StoppedClock
from tests.feed.log_support import NOW

pytestmark = pytest.mark.slow
PAGES = {
    "overview": "/can-bo/toan-canh",
    "supervision": "/can-bo/giam-sat",
    "screen": "/can-bo/dieu-hanh",
    "reports": "/can-bo/bao-cao",
}


@dataclass(frozen=True, slots=True)
class House:
    """A served site and the session of a leader."""

    home: str
    leader: str
    database: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[House]:
    """A province that has been asked for five weeks."""
    settings = settings_in(tmp_path_factory.mktemp("house"), staff_key=KEY, rate_limit="1000/minute")
    clock = StoppedClock(NOW)
    services = replace(make_services(settings, catalogue, clock=clock), clock=clock, passwords=Passwords(FAST))

    async def prepare() -> str:
        try:
            await upgrade_engine(services.database)
            await fill(services.database)
            return await Centre(services, clock).token("minh", Role.LEADER)
        finally:
            await services.database.dispose()

    with ThreadPoolExecutor(1) as thread:  # in this one the browser runs
        token = thread.submit(asyncio.run, prepare()).result()
    with served_app(create_app(settings, services)) as home:
        yield House(home, token, settings.database)


def enter(visitor: Visitor, house: House, path: str) -> None:
    """Opens a page as the leader."""
    visitor.context.add_cookies([cookie_of(house.leader, house.home)])  # type: ignore[list-item]
    visitor.open(path)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "light"), (DESK, "dark")], ids=str)
def test_every_page_can_be_read(browser: Browser, house: House, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, house.home, size, scheme=scheme) as visitor:
        for name, path in PAGES.items():
            enter(visitor, house, path)
            expect(visitor.page.locator("h1")).to_be_visible()
            visitor.look(f"figures-{name}")
        assert visitor.complaints == []


def test_new_counts_come_by_themselves(browser: Browser, house: House) -> None:
    with visiting(browser, house.home) as visitor:
        enter(visitor, house, PAGES["overview"])
        asked = visitor.page.locator("[data-now=asked]")
        before = int(asked.inner_text())
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _ask_again(house.database)).result()
        expect(asked).to_have_text(str(before + 1), timeout=15_000)
        assert visitor.complaints == []


def test_without_script_all_is_there_and_on_paper_too(browser: Browser, house: House) -> None:
    with visiting(browser, house.home, script=False) as visitor:
        enter(visitor, house, f"{PAGES['overview']}?noi=phuong_dong_hoi")
        expect(visitor.page.locator("h1")).to_contain_text("Đồng Hới")
        assert visitor.page.locator("table").count() >= 7
        visitor.page.emulate_media(media="print")
        expect(visitor.page.locator(".tabs")).to_be_hidden()
        visitor.look("figures-paper", axe=False)


async def _ask_again(database: str) -> None:
    engine = open_engine(database)
    try:
        async with write(engine) as connection:
            await connection.execute(inbox.insert().values(
                id=9001, channel="web", external_id="again", conversation_id=1, text="", received_at=NOW, status="done",
            ))  # fmt: skip
            await connection.execute(questions.insert().values(
                id=9001, inbox_id=9001, conversation_id=1, channel="web", text="", asked_at=NOW, outcome="answer",
                candidates=[], aspects=[], latency_ms=1.0, knowledge_version="v1",
            ))  # fmt: skip
    finally:
        await engine.dispose()
