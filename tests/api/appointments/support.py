"""A site with booking pages under a clock that stands still, and a citizen's browser that sends forms as pages do."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.catalogue import Catalogue
from booking.types import Origin, Person, Ticket, Wish
from store.engine import write
from tests.api.site_support import HOME, Site, make_services, running, settings_in
from tests.booking.support import StandingClock

KEY = "k" * 43
OFFICE, GROUP, CODE = "xa_hai_lang", "ho_tich", "1.001193"
WEDNESDAY = date(2026, 12, 2)
"""Two days ahead of the clock."""
ERRAND = f"viec={CODE}&noi={OFFICE}"
FEW = 5
"""What the strict site allows an address."""
NAME, PHONE = "Nguyễn Thị Hoa", "0912 345 678"


@dataclass
class Citizen:
    """A browser without script: follows links and sends the forms it finds."""

    client: httpx.AsyncClient
    page: httpx.Response | None = None

    async def open(self, path: str) -> str:
        """The page's text."""
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page.text

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """A form as the browser sends it, without following."""
        return await self.client.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})

    async def choose(self, at: str = "2026-12-02T08:00", errand: str = ERRAND) -> str:
        """Holds a seat; the path of its private page."""
        path = f"/dat-lich/gio?{errand}&ngay={at[:10]}"
        page = (await self.client.get(path)).text
        token = re.search(r'name="luot" value="([^"]+)"', page)
        response = await self.send(path, gio=at, luot=token[1] if token else "")
        assert response.status_code == 303, text_of(response)
        return response.headers["location"]

    async def book(self, at: str = "2026-12-02T08:00", phone: str = PHONE, name: str = NAME) -> str:
        """Books; the path of the ticket."""
        path = await self.choose(at)
        response = await self.send(path, ten=name, dien_thoai=phone)
        assert response.status_code == 303, text_of(response)
        return path


@dataclass
class BookingSite:
    """A started site, its clock, and ways around the pages."""

    site: Site
    clock: StandingClock
    citizen: Citizen

    @asynccontextmanager
    async def another(self, address: str = "203.0.113.8") -> AsyncIterator[Citizen]:
        """Somebody else's browser."""
        transport = httpx.ASGITransport(self.site.app, client=(address, 40001))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            yield Citizen(client)

    async def do(self, step: str, *arguments: Any, **named: Any) -> Any:
        """One method of the booking room."""
        async with write(self.site.services.database) as connection:
            return await getattr(self.site.services.booking, step)(connection, *arguments, **named)

    async def ticket(self, path: str) -> Ticket:
        """What is stored behind a private path."""
        found: Ticket = await self.do("find_by_secret", secret_of(path))
        return found

    async def fill(self, day: date = WEDNESDAY, but: int = 0) -> list[Ticket]:
        """Takes every online seat of a day, but the last few; one seat a slot."""
        await self.do("set_capacity", OFFICE, GROUP, 1, 1, "test")
        slots = await self.do("free_slots", OFFICE, GROUP, day, day)
        return [await self._taken(slot.starts_at, number) for number, slot in enumerate(slots[: len(slots) - but])]

    async def _taken(self, starts_at: Any, number: int) -> Ticket:
        held = await self.do("hold", Wish(OFFICE, GROUP, starts_at), Origin("telegram"))
        ticket: Ticket = await self.do("confirm", held.secret, Person("Trần Văn Bảy", f"09870000{number:02d}"))
        return ticket


def secret_of(path: str) -> str:
    """The code of a private path."""
    return path.partition("?")[0].rpartition("/")[2]


def text_of(response: httpx.Response) -> str:
    """What the page says, in one line."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.text)
    return " ".join(html.unescape(body).split())


@asynccontextmanager
async def open_booking_site(folder: Path, catalogue: Catalogue, **changes: str) -> AsyncIterator[BookingSite]:
    """A site with these settings, started and stopped."""
    clock, settings = StandingClock(), settings_in(folder, staff_key=KEY, **changes)
    services = make_services(settings, catalogue, clock=clock)
    app = create_app(settings, services)
    async with running(app) as client:
        yield BookingSite(Site(settings, services, app, client), clock, Citizen(client))


def later(minutes: int) -> timedelta:
    """Some minutes."""
    return timedelta(minutes=minutes)
