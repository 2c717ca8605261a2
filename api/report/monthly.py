"""Makes the month's report by itself from the day `BANHOI_REPORT_DAY` on, so that it is there when it is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.report.content import DUE_DAY, report_name
from api.report.making import FORMATS, make_report, write_report
from feed.wording import day_of
from knowledge.database import KnowledgeBase
from store.clock import Clock, Waiter, utc_now, wait_for
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.report")
_SECONDS = 3600.0
FOLDER = "bao-cao"
"""Below the data directory."""


class Monthly:
    """Writes this month's report once, on the named day or as soon after it as the service runs."""

    def __init__(
        self,
        engine: AsyncEngine,
        knowledge: Callable[[], KnowledgeBase | None],
        folder: Path,
        day: int,
        clock: Clock = utc_now,
        *,
        wait: Waiter = wait_for,
    ) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._folder = folder
        self._day = day
        self._clock = clock
        self._wait = wait
        self._stopped = asyncio.Event()

    async def run_once(self) -> list[Path]:
        """Writes the report where it is time and it is not there; the files written."""
        now = self._clock()
        today = day_of(now)
        month = f"{today:%Y-%m}"
        if today.day < self._day or all((self._folder / f"{report_name(month)}.{kind}").exists() for kind in FORMATS):
            return []
        report = await make_report(self._engine, self._knowledge(), month, now)
        written = await asyncio.to_thread(write_report, report, self._folder)
        _log.info("report_made", month=month, due=f"{month}-{DUE_DAY}", files=[path.name for path in written])
        return written

    async def run(self) -> None:
        """Looks every hour until `stop`."""
        while not self._stopped.is_set():
            try:
                await self.run_once()
            except StoreUnavailable as error:
                _log.error("report_unavailable", cause=error.cause)
            except OSError as error:
                _log.error("report_unwritable", reason=error.strerror)
            if not self._stopped.is_set():
                await self._wait(self._stopped, _SECONDS)

    def stop(self) -> None:
        """Lets `run` end after the report in hand."""
        self._stopped.set()
