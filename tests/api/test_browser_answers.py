"""In a real browser: a citizen asks, an officer answers, another one approves, others are served, it is withdrawn."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.compose import compose_app
from api.settings import Settings, load_settings
from api.staff.access import Role
from api.staff.admin import Change, add
from api.staff.door import new_token
from store import sessions
from store.clock import utc_now
from store.engine import open_engine, write
from tests.api.browser_support import DESK, PHONE, Visitor, served_app, visiting
from tests.api.review.support import BASE
from tests.api.staff.support import FAST, KEY, PASSWORD
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    postgres,
    sqlite_template,
)

pytestmark = pytest.mark.slow
QUESTION = "Chợ phiên Ba Lòng họp vào ngày nào trong tháng?"
PARAPHRASE = "cho phien ba long hop ngay nao trong thang vay"
TEXT = "Chợ phiên Ba Lòng họp ngày mùng 5, 15 và 25 hằng tháng."
AGENCY = "Ủy ban nhân dân xã Ba Lòng"
UNKNOWN = "chưa có trong dữ liệu"


@dataclass
class House:
    """The whole service with two officers."""

    home: str
    tokens: dict[str, str]
    """Sessions of officers who have signed in."""


@pytest.fixture(scope="module", autouse=True)
def databases(sqlite_template: Path, postgres: object) -> None:  # noqa: F811
    """Made before the browser: while it is open, no event loop can run beside it."""


@pytest.fixture
def house(shipped_build: Path, database_url: str, tmp_path: Path) -> Iterator[House]:  # noqa: F811
    shutil.copytree(shipped_build, tmp_path / "data")
    settings = load_settings(
        {
            "BANHOI_DATA_DIR": str(tmp_path / "data"),
            "BANHOI_DATABASE_URL": database_url,
            "BANHOI_EMBEDDER": "none",
            "BANHOI_STAFF_KEY": KEY,
            "BANHOI_RATE_LIMIT": "1000/minute",
        }
    )
    with ThreadPoolExecutor(1) as beside:
        tokens = beside.submit(lambda: asyncio.run(_officers(settings, "lan", "minh"))).result()
    with served_app(compose_app(settings, None)) as home:
        yield House(home, tokens)


async def _officers(settings: Settings, *names: str) -> dict[str, str]:
    engine, now, tokens = open_engine(settings.database), utc_now(), {}
    async with write(engine) as connection:
        change = Change(connection, now, "cli:test")
        for name in names:
            full = f"Nguyễn Thị {name.title()}"
            account = await add(change, name, full, Role.REVIEWER, None, FAST.hash(PASSWORD), one_time=False)
            tokens[name] = new_token()
            over = now + timedelta(hours=1)
            await sessions.create(connection, tokens[name], account, now, over, second_factor=True, by_provider=False)
    await engine.dispose()
    return tokens


def sign_in(visitor: Visitor, token: str) -> None:
    """As after both factors."""
    visitor.context.add_cookies([{"name": "staff", "value": token, "url": visitor.home}])


def test_one_answer_serves_all_who_ask_until_it_is_withdrawn(browser: Browser, house: House) -> None:
    with (
        visiting(browser, house.home, PHONE) as citizen,
        visiting(browser, house.home) as lan,
        visiting(browser, house.home, DESK) as minh,
        visiting(browser, house.home, PHONE, scheme="dark") as other,
    ):
        citizen.open()
        citizen.ask(QUESTION)
        expect(citizen.page.locator(".card").last).to_contain_text(UNKNOWN)

        sign_in(lan, house.tokens["lan"])
        lan.page.wait_for_timeout(1000)  # the goal: within a second
        lan.open(BASE)
        lan.follow(lan.page.get_by_role("link", name=re.compile("Chợ phiên Ba Lòng")))
        code = lan.page.url.rsplit("/", 1)[1].split("?")[0]
        lan.page.locator("#cau-hoi").fill(QUESTION)
        lan.page.locator("#tra-loi").fill(TEXT)
        lan.page.locator("#tl-co-quan").fill(AGENCY)
        lan.page.locator("#cong-khai").check()
        lan.follow(lan.page.locator("button[formaction$='/trinh']"))

        sign_in(minh, house.tokens["minh"])
        minh.open(f"{BASE}/viec/{code}")
        minh.follow(minh.page.locator("form[action$='/duyet'] button").first)

        citizen.open()
        expect(citizen.page.locator(".card").last).to_contain_text(TEXT)
        citizen.look("answer-told")

        other.open()
        _ask_until_answered(other)
        card = other.page.locator(".card").last
        expect(card).to_contain_text(f"{AGENCY} trả lời, mã {code}")
        other.look("answer-given")
        other.open("/tra-loi")
        other.look("answers-public")
        other.follow(other.page.get_by_role("link", name=re.compile("Chợ phiên Ba Lòng")))
        expect(other.page.get_by_role("heading", level=1)).to_have_text(QUESTION)
        other.look("answer-public")

        minh.open("/tra-loi")
        minh.look("answers-public")
        minh.open(f"/tra-loi/{code}")
        minh.look("answer-public")
        minh.open(f"{BASE}/viec/{code}")
        form = minh.page.locator("form[action$='/thu-hoi']")
        form.evaluate(
            "form => { for (let box = form; box; box = box.parentElement) if (box.open === false) box.open = true }"
        )
        form.locator("[name='ly-do']").fill("Lịch chợ đã đổi.")
        minh.follow(form.locator("button").first)

        other.open("/")
        other.ask(PARAPHRASE)
        expect(other.page.locator(".card").last).to_contain_text(UNKNOWN)
        other.open("/")
        expect(other.page.locator("#transcript")).to_contain_text("đã được " + AGENCY + " rút lại")
        citizen.open()
        expect(citizen.page.locator(".card").last).to_contain_text("rút lại")
        other.open(f"/tra-loi/{code}")
        other.look("answer-gone")
        expect(other.page.locator(".status")).to_have_text("410")


def _ask_until_answered(visitor: Visitor) -> None:
    """Asks in other words, anew each time, until the bot gives the answer; the goal is five seconds."""
    for _ in range(8):
        visitor.ask(PARAPHRASE)
        if "Nguồn" in visitor.page.locator(".card").last.inner_text():
            return
        visitor.page.wait_for_timeout(500)
        visitor.context.clear_cookies()
        visitor.open()
