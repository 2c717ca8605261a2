"""Sends what stands in the outbox: each reply at least once, in order per chat, at the platform's pace.

At least once and not exactly once: a platform that took a message and then died, or a process killed between
sending and noting it, leaves no trace, so the message goes out again. Only a platform with an idempotency
key could prevent that (docs/adr/0002).
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.errors import DeliveryError, PermanentError, RateLimited, TransientError
from bot.types import Reply
from store import audit, outbox
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.delivery")
_LONGEST_PAUSE = 3600.0


class Sender(Protocol):
    """A channel's way out. Renders the reply and hands it to the platform."""

    async def send(self, chat_id: str, reply: Reply) -> str:
        """Returns the platform's message id; raises a `DeliveryError`."""
        ...


class ShownOnPage:
    """The way out of channels that show a conversation from the store: nothing has to be sent."""

    async def send(self, _chat_id: str, _reply: Reply) -> str:
        """Returns no message id: there is no platform."""
        return ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How hard to try: about three hours before a reply is given up."""

    base_seconds: float = 1.0
    cap_seconds: float = 1800.0
    most_attempts: int = 16
    send_seconds: float = 20.0
    lease: timedelta = timedelta(seconds=60)
    """Longer than `send_seconds`, so that nobody else takes a row that is being sent."""
    batch: int = 16
    poll_seconds: float = 2.0


class Delivery:
    """The outbox worker. Several may run, in one process or in many."""

    def __init__(
        self,
        engine: AsyncEngine,
        senders: Mapping[str, Sender],
        clock: Clock = utc_now,
        *,
        policy: Policy | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
        wait: Waiter = wait_for,
        wake: asyncio.Event | None = None,
    ) -> None:
        self._engine = engine
        self._senders = senders
        self._clock = clock
        self._policy = policy or Policy()
        self._uniform = uniform
        self._wait = wait
        self._wake = wake or asyncio.Event()
        self._owner = secrets.token_hex(8)
        self._stopping = False

    async def deliver_due(self) -> int:
        """Tries what is due now, of each chat the oldest; returns how many rows were taken."""
        now = self._clock()
        async with write_repeatable(self._engine) as connection:
            rows = await outbox.claim(
                connection,
                list(self._senders),
                self._owner,
                now,
                now + self._policy.lease,
                self._policy.batch,
            )
        results = await asyncio.gather(*(self._deliver(row) for row in rows), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return len(rows)

    async def run(self) -> None:
        """Delivers until `stop`."""
        while not self._stopping:
            try:
                taken = await self.deliver_due()
            except StoreUnavailable as error:
                _log.error("outbox_unavailable", cause=error.cause)
                taken = 0
            if not taken and not self._stopping:
                await self._wait(self._wake, self._policy.poll_seconds)

    def stop(self) -> None:
        """Lets `run` end after the replies in hand."""
        self._stopping = True
        self._wake.set()

    async def _deliver(self, row: outbox.Outgoing) -> None:
        try:
            external_id = await self._send(row)
        except RateLimited as limit:
            await self._hold(row, limit.retry_after)
        except PermanentError as error:
            await self._bury(row, error.kind)
        except DeliveryError as error:
            await self._retry(row, error.kind)
        else:
            async with write_repeatable(self._engine) as connection:
                await outbox.mark_sent(connection, row.id, external_id, self._clock())

    async def _send(self, row: outbox.Outgoing) -> str:
        try:
            reply = Reply.model_validate(row.payload)
            async with asyncio.timeout(self._policy.send_seconds):
                return await self._senders[row.channel].send(row.chat_id, reply)
        except DeliveryError:
            raise
        except ValidationError as error:
            raise PermanentError("unreadable") from error
        except TimeoutError as error:
            raise TransientError("timeout") from error
        except Exception as error:  # a sender's defect must not stop the other chats
            _log.exception("sender_broke", outbox_id=row.id, channel=row.channel)
            raise TransientError(type(error).__name__) from error

    async def _hold(self, row: outbox.Outgoing, seconds: float) -> None:
        """Silence on the whole channel, for every replica."""
        until = self._clock() + timedelta(seconds=min(max(seconds, 0.0), _LONGEST_PAUSE))
        _log.warning("channel_paused", channel=row.channel, until=until.isoformat())
        async with write_repeatable(self._engine) as connection:
            await outbox.postpone(connection, row.id, self._owner, until)
            await outbox.pause(connection, row.channel, until)

    async def _retry(self, row: outbox.Outgoing, kind: str) -> None:
        if row.attempts + 1 >= self._policy.most_attempts:
            await self._bury(row, kind)
            return
        ceiling = min(self._policy.cap_seconds, self._policy.base_seconds * 2**row.attempts)
        next_at = self._clock() + timedelta(seconds=self._uniform(0.0, ceiling))
        _log.info("delivery_failed", outbox_id=row.id, channel=row.channel, kind=kind)
        async with write_repeatable(self._engine) as connection:
            await outbox.mark_failed(connection, row.id, self._owner, kind, next_at)

    async def _bury(self, row: outbox.Outgoing, kind: str) -> None:
        """Gives a reply up where an official can see it."""
        _log.error("delivery_dead", outbox_id=row.id, channel=row.channel, kind=kind)
        async with write_repeatable(self._engine) as connection:
            if await outbox.mark_dead(connection, row.id, self._owner, kind):
                detail = {"channel": row.channel, "kind": kind, "attempts": row.attempts + 1}
                await audit.record(
                    connection, self._clock(), "system", "reply_dead", f"outbox:{row.id}", **detail
                )
