"""What has to happen without anybody asking: holds expire, seats return, those who wait are told, reminders go out.

Several may run, in one process or in many: each step looks again under its locks. Whatever a killed sweeper left
undone, the next one finds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from booking import holds, notices, privacy, seats, waiting
from booking.locks import lock_offices
from booking.notices import Renderer
from booking.service import BookingService
from booking.types import State
from store import confided
from store.booking_tables import appointments
from store.clock import Waiter, wait_for
from store.engine import read, write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("booking.sweeper")
_HOUSEKEEPING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round did."""

    expired: int
    """Holds."""
    offered: int
    """Seats, to those who wait."""
    sent: int
    """Notices, into the outbox."""


class Sweeper:
    """The background of booking. Give `wake` to a `Delivery`, so that what was sent here goes out at once."""

    def __init__(
        self,
        engine: AsyncEngine,
        service: BookingService,
        render: Renderer,
        *,
        seconds: float = 20.0,
        wait: Waiter = wait_for,
        wake: asyncio.Event | None = None,
    ) -> None:
        """`seconds` between two rounds: less than `booking.waiting.HEAD_START`."""
        self._engine = engine
        self._context = service.context
        self._render = render
        self._seconds = seconds
        self._wait = wait
        self._wake = wake
        self._stopped = asyncio.Event()
        self._stopping = False

    async def run_once(self) -> Swept:
        """One round, without the housekeeping."""
        expired = await self._expire()
        offered = await waiting.offer_free_seats(self._engine, self._context)
        sent = await notices.send_due(self._engine, self._context, self._render)
        if sent and self._wake is not None:
            self._wake.set()
        return Swept(expired, offered, sent)

    async def housekeep(self) -> int:
        """Removes returned seats, ends old waiting, deletes personal data; returns how many people were forgotten."""
        now = self._context.now()
        async with read(self._engine) as connection:
            offices = await seats.offices_with_returned(connection, now)
        for office_id in offices:
            async with write_repeatable(self._engine) as connection:
                await lock_offices(connection, [office_id])
                await seats.delete_returned(connection, office_id, now)
        async with write_repeatable(self._engine) as connection:
            keep = timedelta(days=self._context.policy.keep_days)
            await waiting.end_overdue(connection, now, keep)
            await confided.delete_overdue(connection, now)
            return await privacy.delete_overdue(connection, self._context)

    async def run(self) -> None:
        """Sweeps until `stop`."""
        housekeeping_at = self._context.now()
        while not self._stopping:
            try:
                await self.run_once()
                if self._context.now() >= housekeeping_at:
                    await self.housekeep()
                    housekeeping_at = self._context.now() + _HOUSEKEEPING
            except StoreUnavailable as error:
                _log.error("booking_unavailable", cause=error.cause)
            if not self._stopping:
                await self._wait(self._stopped, self._seconds)

    def stop(self) -> None:
        """Lets `run` end after the round in hand."""
        self._stopping = True
        self._stopped.set()

    async def _expire(self) -> int:
        now = self._context.now()
        overdue = (appointments.c.state == State.HELD) & (appointments.c.expires_at <= now)
        async with read(self._engine) as connection:
            statement = select(appointments.c.office_id).where(overdue).distinct().order_by(appointments.c.office_id)
            offices = list((await connection.execute(statement)).scalars())
        expired = 0
        for office_id in offices:
            async with write_repeatable(self._engine) as connection:
                await lock_offices(connection, [office_id])
                expired += await holds.expire_overdue(connection, office_id, now)
        return expired
