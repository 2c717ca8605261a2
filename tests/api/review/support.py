"""A site with cases to answer and officers to answer them; its time stands still."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.catalogue import Catalogue
from api.services import Services
from api.staff.access import BOUND, Role
from api.staff.admin import Change, add
from api.staff.door import new_token
from api.staff.passwords import Passwords
from feed import answers
from feed.change import Actor
from store import sessions
from store.engine import write
from tests.api.site_support import Site, make_services, running, settings_in
from tests.api.staff.support import FAST, KEY, OFFICE, PASSWORD, Browser, StaffSite, StoppedClock
from tests.feed.review_support import NOW, Desk, draft

BASE = "/can-bo/hoi-dap"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "{{ 7*7 }} ${7*7} <b>đậm</b>",
    "javascript:alert(3)",
    "</textarea><svg onload=alert(4)>",
    "‮ngược\u0000 dòng",
)
"""Texts that break a page which forgets to escape them."""


@dataclass
class ReviewDesk(Desk):
    """Also lets officers sign in."""

    accounts: dict[str, int] = field(default_factory=dict)

    async def token(self, name: str, role: Role, office: str | None = None) -> str:
        """The session of a new officer, as after both factors."""
        office = office or (OFFICE if role in BOUND else None)
        async with write(self.engine) as connection:
            change = Change(connection, self.now, "cli:test")
            full = f"Nguyễn Thị {name.title()}"
            account = await add(change, name, full, role, office, FAST.hash(PASSWORD), one_time=False)
            token, over = new_token(), self.now + timedelta(hours=12)
            made: dict[str, Any] = {"second_factor": True, "by_provider": False}
            await sessions.create(connection, token, account, self.now, over, **made)
        self.officers[name] = Actor(account, f"account:{account}", str(role), alone=role is Role.ADMIN)
        return token

    async def answered(self, case_id: int, **changes: Any) -> None:
        """The case, answered by two officers."""
        version = (await self.row(case_id)).version
        async with self.by("soan") as change:
            await answers.submit(change, case_id, version, draft(**changes))
        async with self.by("duyet") as change:
            await answers.approve(change, case_id, version + 1)


@dataclass
class ReviewSite:
    """A started site and its desk."""

    site: Site
    desk: ReviewDesk
    clock: StoppedClock

    async def officer(self, name: str = "lan", role: Role = Role.REVIEWER, office: str | None = None) -> Browser:
        """A browser in which a new officer is signed in."""
        browser = StaffSite(self.site, self.clock).browser()
        browser.plant(await self.desk.token(name, role, office))
        return browser


def review_services(folder: Path, catalogue: Catalogue | None, **settings: str) -> tuple[Any, Services, ReviewDesk]:
    """Settings and services whose time stands still at `NOW`, and the desk over their database."""
    chosen = settings_in(folder, staff_key=KEY, staff_idle_minutes="240", **settings)
    clock = StoppedClock(NOW)
    services = replace(make_services(chosen, catalogue, clock=clock), passwords=Passwords(FAST))
    return chosen, services, ReviewDesk(services.database)


@asynccontextmanager
async def open_review_site(
    folder: Path, catalogue: Catalogue | None = None, **settings: str
) -> AsyncIterator[ReviewSite]:
    """A started site."""
    chosen, services, desk = review_services(folder, catalogue, **settings)
    app = create_app(chosen, services)
    async with running(app) as client:
        clock = services.clock
        assert isinstance(clock, StoppedClock)
        yield ReviewSite(Site(chosen, services, app, client), desk, clock)


def fields(**changes: str) -> dict[str, str]:
    """The editor's form, filled in."""
    values = {
        "phien-ban": "0",
        "cau-hoi": "Trạm bơm hỏng thì báo ai?",
        "tra-loi": "Bà con báo Ủy ban nhân dân xã.",
        "co-quan": "Ủy ban nhân dân xã Vĩnh Thủy",
        "cong-khai": "1",
        "het-han": "2027-11-23",
        "nguon-0": "Quyết định 12/2026/QĐ-UBND",
        "nguon-0-ngay": "2026-03-01",
    }
    return values | {name.replace("_", "-"): value for name, value in changes.items()}


def alert(page: httpx.Response) -> str:
    """What a page says was refused."""
    found = re.search(r'role="alert"[^>]*>([^<]*)<', page.text)
    return found[1] if found else ""
