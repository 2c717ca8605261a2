"""A site with a centre at work: knowledge, a clock that stands still, citizens who have booked, officers signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.catalogue import Catalogue
from api.services import Services
from api.staff import admin
from api.staff.access import BOUND, Role
from api.staff.admin import Change
from api.staff.door import new_token
from api.staff.passwords import Passwords
from booking.calendar import at
from booking.service import BookingService
from booking.types import Closure, Origin, Person, Ticket, Wish
from store import conversations, sessions
from store.engine import write
from tests.api.site_support import Site, make_services, running, settings_in
from tests.api.staff.support import FAST, KEY, OFFICE, PASSWORD, Browser, StaffSite, StoppedClock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Vietnam."""
TODAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
"""The Tuesday between them is a public holiday."""
GROUP, LONG_GROUP = "ho_tich", "dat_dai_xay_dung"
BASE = f"/can-bo/lich-hen/{OFFICE}"
NAMES = (
    *("Nguyễn Thị Hoa", "Trần Văn Bình", "Lê Thị Thu Hà", "Phạm Minh Đức", "Hoàng Thị Lan", "Võ Văn Sơn"),
    *("Đặng Thị Mai", "Bùi Quốc Khánh", "Hồ Thị Ngọc", "Ngô Văn Tài", "Dương Thị Yến", "Lý Văn Phúc"),
)


@dataclass
class Centre:
    """A centre's booking, each step a transaction of its own."""

    services: Services
    clock: StoppedClock
    booked: int = 0

    @property
    def booking(self) -> BookingService:
        """The booking room."""
        return self.services.booking

    async def do(self, step: str, *arguments: Any, **named: Any) -> Any:
        """One method of the service."""
        async with write(self.services.database) as connection:
            return await getattr(self.booking, step)(connection, *arguments, **named)

    async def book(
        self,
        starts_at: datetime,
        *,
        office: str = OFFICE,
        group: str = GROUP,
        told: bool = False,
        code: str | None = None,
    ) -> Ticket:
        """An appointment for the next of `NAMES`, booked some days before; `told`: through a channel with messages."""
        self.booked += 1
        number, now = self.booked, self.clock.now
        self.clock.now = min(now, starts_at - timedelta(days=2))
        chat = await self.conversation(f"c{number}") if told else None
        origin = Origin("telegram" if told else "web", chat)
        hold = await self.do("hold", Wish(office, group, starts_at, None, code), origin)
        person = Person(NAMES[number % len(NAMES)], f"09{number:08d}")
        ticket: Ticket = await self.do("confirm", hold.secret, person)
        self.clock.now = now
        return ticket

    async def conversation(self, chat: str) -> int:
        """A stored chat."""
        async with write(self.services.database) as connection:
            return (await conversations.open_locked(connection, "telegram", chat, self.clock())).id

    async def token(self, name: str, role: Role, office: str | None = None) -> str:
        """The session of a new officer, as after both factors."""
        office = office or (OFFICE if role in BOUND else None)
        async with write(self.services.database) as connection:
            change = Change(connection, self.clock(), "cli:test")
            full = f"Nguyễn Thị {name.title()}"
            account = await admin.add(change, name, full, role, office, FAST.hash(PASSWORD), one_time=False)
            token, over = new_token(), self.clock() + timedelta(hours=12)
            made: dict[str, Any] = {"second_factor": True, "by_provider": False}
            await sessions.create(connection, token, account, self.clock(), over, **made)
        return token


@dataclass
class CounterSite:
    """A started site and its centre."""

    site: Site
    centre: Centre

    @property
    def clock(self) -> StoppedClock:
        """Time moves when a test says so."""
        return self.centre.clock

    async def officer(self, name: str = "lan", role: Role = Role.COUNTER_OFFICER, office: str | None = None) -> Browser:
        """A browser in which a new officer is signed in."""
        browser = StaffSite(self.site, self.clock).browser()
        browser.plant(await self.centre.token(name, role, office))
        return browser


@asynccontextmanager
async def open_counter_site(
    folder: Path, catalogue: Catalogue | None = None, **settings: str
) -> AsyncIterator[CounterSite]:
    """A site whose time stands still at `NOW`."""
    chosen = settings_in(folder, staff_key=KEY, staff_idle_minutes="240", **settings)
    clock = StoppedClock(NOW)
    services = replace(make_services(chosen, catalogue, clock=clock), passwords=Passwords(FAST))
    app = create_app(chosen, services)
    async with running(app) as client:
        yield CounterSite(Site(chosen, services, app, client), Centre(services, clock))


async def busy_day(centre: Centre) -> None:
    """A Monday at nine: people who were served, who wait, who are expected; a week with bookings; a week gone by."""
    await centre.do("set_capacity", OFFICE, GROUP, 3, 2, "0")
    await centre.do("set_capacity", OFFICE, LONG_GROUP, 2, 1, "0")
    now = centre.clock.now
    for back in (6, 5, 4):
        await _past_day(centre, TODAY - timedelta(days=back), missed=back % 3)
    centre.clock.now = at(TODAY, time(7, 40)).astimezone(UTC)
    early = [await centre.book(at(TODAY, time(8)), code="1.001193"), await centre.book(at(TODAY, time(8, 30)))]
    early += [await centre.book(at(TODAY, time(9)), told=True), await centre.book(at(TODAY, time(8)), group=LONG_GROUP)]
    for ticket in early:
        centre.clock.now += timedelta(minutes=3)
        await centre.do("check_in", OFFICE, ticket.reference, "0")
    await centre.do("walk_in", OFFICE, GROUP, "0", name="Cao Thị Sen")
    centre.clock.now = at(TODAY, time(8, 5)).astimezone(UTC)
    first = await centre.do("call_next", OFFICE, GROUP, "1", "0")
    await centre.do("call_next", OFFICE, LONG_GROUP, "2", "0")
    centre.clock.now = at(TODAY, time(8, 30)).astimezone(UTC)
    await centre.do("finish", OFFICE, first.reference, "0")
    for hour, minute in ((8, 30), (9, 30), (10, 0), (13, 30), (14, 0), (14, 0), (15, 30)):
        await centre.book(at(TODAY, time(hour, minute)), told=hour == 14)
    for day, hour in ((2, 8), (2, 8), (2, 9), (2, 14), (2, 10), (3, 15), (4, 8), (4, 8), (4, 8)):
        await centre.book(at(TODAY + timedelta(days=day), time(hour)), told=day == 2)
    closed = Closure(at(TODAY + timedelta(days=3), time(7)), at(TODAY + timedelta(days=3), time(12)), "Họp giao ban")
    await centre.do("add_closure", OFFICE, closed, "0")
    centre.clock.now = now


async def _past_day(centre: Centre, day: date, *, missed: int) -> None:
    for number, (hour, wait) in enumerate(((8, 4), (8, 12), (9, 25), (10, 9), (14, 6), (15, 15))):
        start = at(day, time(hour)).astimezone(UTC)
        ticket = await centre.book(start)
        centre.clock.now = start
        if number < missed:
            centre.clock.now += timedelta(minutes=20)
            await centre.do("no_show", OFFICE, ticket.reference, "0")
            continue
        await centre.do("check_in", OFFICE, ticket.reference, "0")
        centre.clock.now += timedelta(minutes=wait)
        await centre.do("call_next", OFFICE, None, "1", "0")
        centre.clock.now += timedelta(minutes=11)
        await centre.do("finish", OFFICE, ticket.reference, "0")


def cookie_of(token: str, home: str) -> dict[str, str]:
    """A session as a real browser keeps it."""
    return {"name": "staff", "value": token, "url": home}


def location(answer: httpx.Response) -> str:
    """Where a form leads on to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
