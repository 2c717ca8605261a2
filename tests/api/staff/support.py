"""A site with officers: a clock that stands still, fast hashes, and a browser's steps through signing in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
from argon2 import PasswordHasher
from fastapi import APIRouter
from sqlalchemy import Table, select

from api.app import create_app
from api.staff import admin
from api.staff.access import BOUND, Role
from api.staff.admin import Change
from api.staff.door import Door
from api.staff.passwords import Passwords
from store.engine import read, write
from store.tables import audit
from tests.api.site_support import HOME, Site, make_services, running, settings_in

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "con trâu đi trước cái cày"
KEY = "k" * 43
BEGAN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 8 o'clock in Vietnam."""
OFFICE, OTHER = "phuong_dong_hoi", "phuong_dong_son"


@dataclass
class StoppedClock:
    """Time moves when a test says so."""

    now: datetime = BEGAN

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        """Lets time go by."""
        self.now += timedelta(**span)


@dataclass
class Browser:
    """One officer's browser: keeps cookies, finds the form's token, sends forms as browsers do."""

    client: httpx.AsyncClient
    clock: StoppedClock
    secret: str = ""
    recovery: list[str] = field(default_factory=list)
    tokens: dict[str | None, str] = field(default_factory=dict)
    """The form token of each session, which a page has shown."""

    async def get(self, path: str) -> httpx.Response:
        """Opens a page."""
        page = await self.client.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        if found:
            self.tokens[self.cookie] = found[1]
        return page

    async def post(self, path: str, csrf: str | None = None, **fields: str) -> httpx.Response:
        """Sends a form with the token of the page, or with another one."""
        token = await self.csrf() if csrf is None else csrf
        return await self.client.post(path, data=fields | {"csrf": token}, headers=self.origin())

    def origin(self) -> dict[str, str]:
        """What a browser says of a form's page."""
        return {"origin": str(self.client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}

    async def csrf(self) -> str:
        """The token in the forms of this session; empty without one."""
        if self.cookie not in self.tokens:
            page = await self.get("/can-bo")
            while page.is_redirect:
                page = await self.get(page.headers["location"])
        return self.tokens.get(self.cookie, "")

    async def password(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """The first step."""
        return await self.post("/can-bo/dang-nhap", "", name=name, password=password, **fields)

    async def enrol(self) -> httpx.Response:
        """Sets up the second factor as an officer does."""
        page = (await self.get("/can-bo/thiet-lap-ma")).text
        found = re.search(r'class="mono secret">([A-Z2-7 ]+)<', page)
        assert found, page
        self.secret = found[1].replace(" ", "")
        done = await self.post("/can-bo/thiet-lap-ma", code=self.code())
        self.recovery = re.findall(r"<li>([a-z2-7-]{19})</li>", done.text)
        return done

    def code(self) -> str:
        """What the officer's app shows now."""
        return pyotp.TOTP(self.secret).at(self.clock.now)

    async def give_code(self, code: str | None = None, **fields: str) -> httpx.Response:
        """The second step."""
        return await self.post("/can-bo/ma-xac-nhan", code=self.code() if code is None else code, **fields)

    async def sign_in(self, name: str) -> None:
        """All steps, for the first time or again."""
        assert (await self.password(name)).status_code == 303
        done = await (self.give_code() if self.secret else self.enrol())
        assert done.status_code in (200, 303), done.text
        self.clock.pass_by(seconds=30)  # so that the next code is another one

    def plant(self, token: str) -> None:
        """Puts a token into this browser, as an attacker might."""
        self.client.cookies.clear()
        self.client.cookies.set("staff", token, domain="127.0.0.1", path="/")

    @property
    def cookie(self) -> str | None:
        """The token of its session."""
        return self.client.cookies.get("staff") or self.client.cookies.get("__Host-staff")


@dataclass
class StaffSite:
    """A started site, its clock, and ways to look at what was stored."""

    site: Site
    clock: StoppedClock

    @property
    def door(self) -> Door:
        """What signing in works with."""
        door: Door = self.site.app.state.door
        return door

    def browser(self, base_url: str = HOME, address: str = "203.0.113.7") -> Browser:
        """Another browser, at another address if need be."""
        transport = httpx.ASGITransport(self.site.app, client=(address, 40000))
        return Browser(httpx.AsyncClient(transport=transport, base_url=base_url), self.clock)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """What an admin does on the command line."""
        async with write(self.site.services.database) as connection:
            yield Change(connection, self.clock(), "cli:test")

    async def account(
        self, name: str, role: Role = Role.ADMIN, office: str | None = None, *, one_time: bool = False
    ) -> int:
        """An account whose password is `PASSWORD`."""
        hashed = FAST.hash(PASSWORD)
        office = office or (OFFICE if role in BOUND else None)
        async with self.change() as change:
            return await admin.add(change, name, name.title(), role, office, hashed, one_time=one_time)

    async def signed_in(self, name: str, role: Role = Role.ADMIN, office: str | None = None) -> Browser:
        """A browser in which a new officer is signed in."""
        await self.account(name, role, office)
        browser = self.browser()
        await browser.sign_in(name)
        return browser

    async def rows(self, table: Table) -> list[Any]:
        """Everything in a table."""
        async with read(self.site.services.database) as connection:
            return list((await connection.execute(select(table))).all())

    async def audited(self) -> list[tuple[str, str, str]]:
        """Actor, action and subject of every audit entry, in order."""
        return [(row.actor, row.action, row.subject) for row in await self.rows(audit)]


@asynccontextmanager
async def open_staff_site(
    folder: Path, *, base_url: str = HOME, routers: tuple[APIRouter, ...] = (), **settings: str
) -> AsyncIterator[StaffSite]:
    """A site whose time stands still. `routers` are further staff screens."""
    chosen = settings_in(folder, **settings)
    clock = StoppedClock()
    services = replace(make_services(chosen, None), clock=clock, passwords=Passwords(FAST))
    app = create_app(chosen, services, routers)
    async with running(app, base_url) as client:
        yield StaffSite(Site(chosen, services, app, client), clock)
