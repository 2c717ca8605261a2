"""Deletes in the background what is older than its time: `BANHOI_KEEP_MESSAGES_DAYS`, `BANHOI_KEEP_QUESTIONS_DAYS`.

Names and phones of appointments have their own time and their own housekeeping (`booking.sweeper`). The audit log is
kept: it holds no personal data, and the database refuses to change it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.rights.requests import RetentionRules
from store import audit, report_retention, retention
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.retention")
_SECONDS = 3600.0
_BATCH = 200
_DELIVERED = timedelta(days=1)
"""After its deletion a conversation stays so long: its last reply has gone out or has been given up by then."""
_CALLED = timedelta(days=30)
"""After the end of a report's case whoever sent it may still be called for so long; the chat says so, too."""
_UNSENT = timedelta(hours=3)
"""Longer than a report that is not sent is remembered."""

_Step = Callable[[AsyncConnection], Awaitable[int]]


class Retention:
    """The sweep. Several may run, in one process or in many."""

    def __init__(
        self,
        engine: AsyncEngine,
        rules: RetentionRules,
        clock: Clock = utc_now,
        *,
        batch: int = _BATCH,
        wait: Waiter = wait_for,
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock
        self._batch = batch
        self._wait = wait
        self._stopped = asyncio.Event()

    async def run_once(self) -> dict[str, int]:
        """One sweep; how many rows of what were deleted or emptied, with an audit entry if there were any."""
        done = {name: await self._all(step) for name, step in self._steps().items()}
        counts = {name: number for name, number in done.items() if number}
        if counts:
            async with write_repeatable(self._engine) as connection:
                await audit.record(connection, self._clock(), "system", "overdue_deleted", "retention:all", **counts)
            _log.info("overdue_deleted", **counts)
        return done

    async def run(self) -> None:
        """Sweeps every hour until `stop`."""
        while not self._stopped.is_set():
            try:
                await self.run_once()
            except StoreUnavailable as error:
                _log.error("retention_unavailable", cause=error.cause)
            if not self._stopped.is_set():
                await self._wait(self._stopped, _SECONDS)

    def stop(self) -> None:
        """Lets `run` end after the sweep in hand."""
        self._stopped.set()

    def _steps(self) -> dict[str, _Step]:
        now, limit = self._clock(), self._batch
        messages = now - timedelta(days=self._rules.messages)
        questions = now - timedelta(days=self._rules.questions)
        return {
            "erased": lambda connection: retention.delete_erased(connection, now - _DELIVERED, limit),
            "conversations": lambda connection: retention.detach_idle(connection, messages, now, limit),
            "messages": lambda connection: retention.empty_messages(connection, messages, limit),
            "replies": lambda connection: retention.delete_replies(connection, messages, limit),
            "questions": lambda connection: retention.delete_questions(connection, questions, limit),
            "contacts": lambda connection: report_retention.forget_contacts(connection, now - _CALLED, limit),
            "photos": lambda connection: report_retention.delete_loose_photos(connection, now - _UNSENT, limit),
            "reports": lambda connection: report_retention.delete_reports(connection, questions, limit),
            "ratings": lambda connection: report_retention.delete_ratings(connection, questions, limit),
            "remnants": lambda connection: retention.delete_remnants(connection, messages, limit),
        }

    async def _all(self, step: _Step) -> int:
        """Repeats a step, each time in a transaction of its own, until nothing is left for it."""
        total = 0
        while True:
            async with write_repeatable(self._engine) as connection:
                done = await step(connection)
            total += done
            if not done:
                return total
