"""Keeps the daily counts of the question log in the background; figures are right without it, only slower."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import counting
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.counting")
_SECONDS = 60.0


class Counting:
    """Counts days that are over, and those whose log has changed. Several may run, in one process or in many."""

    def __init__(self, engine: AsyncEngine, clock: Clock = utc_now, *, wait: Waiter = wait_for) -> None:
        self._engine = engine
        self._clock = clock
        self._wait = wait
        self._stopped = asyncio.Event()

    async def run_once(self) -> int:
        """Counts all that there is to count, a few days in a transaction; how many days."""
        total = 0
        while True:
            async with write_repeatable(self._engine) as connection:
                done = await counting.keep(connection, self._clock())
            total += done
            if not done:
                return total

    async def run(self) -> None:
        """Counts every minute until `stop`."""
        while not self._stopped.is_set():
            try:
                days = await self.run_once()
                if days:
                    _log.info("days_counted", days=days)
            except StoreUnavailable as error:
                _log.error("counting_unavailable", cause=error.cause)
            if not self._stopped.is_set():
                await self._wait(self._stopped, _SECONDS)

    def stop(self) -> None:
        """Lets `run` end after the days in hand."""
        self._stopped.set()
