"""What happens now, pushed to open pages: server-sent events, few connections, closed when the service ends."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from time import monotonic

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.figures.screens import HOME, Reader, scope
from api.pages import clock as clock_text
from api.problems import Problem
from feed import case_list, counting
from feed.case_list import Clocks
from feed.counting import Dimension
from feed.wording import day_of
from store.clock import Clock
from store.engine import read

router = APIRouter()
EVERY_SECONDS = 3.0
"""How often the database is asked, at most, however many pages are open."""
QUIET_SECONDS = 15.0
"""So long nothing is sent; then a comment shows that the connection lives, to proxies on the way too."""
LONGEST_SECONDS = 300.0
"""A connection ends then and the browser opens another, which shows that its officer may still look."""
MOST, MOST_OF_ONE = 60, 4
"""Connections in this process, and of one officer."""


@dataclass(frozen=True, slots=True)
class Now:
    """Counts of this moment."""

    asked: int
    waiting: int
    overdue: int
    urgent: int
    at: str
    """The time by a clock in Vietnam."""


@dataclass(slots=True)
class Live:
    """The counts of now, asked for once for all who look, and the connections that tell them."""

    database: AsyncEngine
    clock: Clock
    every: float = EVERY_SECONDS
    _known: dict[str | None, tuple[float, Now]] = field(default_factory=dict)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _open: Counter[int] = field(default_factory=Counter)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def connections(self) -> int:
        """How many are open."""
        return self._open.total()

    async def latest(self, commune: str | None) -> Now:
        """The counts of a commune or of all, not older than `every` seconds."""
        async with self._asking:
            known = self._known.get(commune)
            if known is None or monotonic() - known[0] >= self.every:
                known = monotonic(), await self._count(commune)
                self._known[commune] = known
        return known[1]

    def enter(self, officer_id: int) -> None:
        """Takes a connection, to be left later. Raises `Problem` 503 where there are too many."""
        if self._over.is_set() or self.connections >= MOST or self._open[officer_id] >= MOST_OF_ONE:
            raise Problem(503, "too_many_streams", {"Retry-After": "30"})
        self._open[officer_id] += 1

    def leave(self, officer_id: int) -> None:
        """Gives a connection back."""
        self._open[officer_id] -= 1
        self._open += Counter()  # who has none left is forgotten

    async def stream(self, commune: str | None) -> AsyncIterator[str]:
        """Events with the counts whenever they have changed, until the connection has lived long enough."""
        told: Now | None = None
        began = quiet_since = monotonic()
        yield f"retry: {int(self.every * 1000)}\n\n"
        while not self._over.is_set() and monotonic() - began < LONGEST_SECONDS:
            found = await self.latest(commune)
            if told is None or _changed(told, found):
                told, quiet_since = found, monotonic()
                yield f"event: now\ndata: {json.dumps(asdict(found))}\n\n"
            elif monotonic() - quiet_since >= QUIET_SECONDS:
                quiet_since = monotonic()
                yield ": con day\n\n"
            await self._pause()

    def close(self) -> None:
        """Ends every connection: the server waits for them before it stops."""
        self._over.set()

    async def _pause(self) -> None:
        """A moment, or until the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.every):
                await self._over.wait()

    async def _count(self, commune: str | None) -> Now:
        now: datetime = self.clock()
        today = day_of(now)
        async with read(self.database) as connection:
            asked = await counting.by_value(connection, Dimension.DAY, (today, today), commune)
            cases = await case_list.counts(connection, Clocks(now, now), commune)
        total = sum(tally.asked for tally in asked.values())
        return Now(total, cases.open, cases.overdue, cases.urgent, clock_text(now))


def _changed(told: Now, found: Now) -> bool:
    return replace(told, at="") != replace(found, at="")


class Stream(StreamingResponse):
    """A stream of events that gives its connection back however it ends, also before its first event."""

    def __init__(self, live: Live, officer_id: int, commune: str | None) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(live.stream(commune), media_type="text/event-stream", headers=headers)
        self._live, self._officer_id = live, officer_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends events until the browser goes, the connection is old, or the service ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._live.leave(self._officer_id)


def live_of(request: Request) -> Live:
    """The one of this application."""
    live: Live = request.app.state.live
    return live


@router.get(f"{HOME}/ngay-luc-nay")
async def now_counts(request: Request, officer: Reader, noi: str = "") -> Response:
    """The counts of now: once, as JSON; as server-sent events to who accepts these, as browsers' EventSource does."""
    commune, live = scope(officer, noi), live_of(request)
    if "text/event-stream" not in request.headers.get("accept", ""):
        return JSONResponse(asdict(await live.latest(commune)))
    live.enter(officer.id)
    return Stream(live, officer.id, commune)
