"""How much a chat may send and an address may book or try. Kept in memory, or shared through Valkey or Redis."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from typing import Any

import structlog
from limits import RateLimitItem, parse, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from api.metrics import Metrics
from api.settings import Settings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limited:
    """The limit is reached; it makes sense to come back after so many seconds."""

    retry_after: int


class Limiter:
    """Counts messages by channel and chat, and new conversations by network address.

    When the shared storage is down, messages are let through and counted in a metric: an open door for a
    while harms citizens less than a closed one.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        url = settings.rate_limit_storage.get_secret_value()
        url = url.replace("redis", "valkey", 1)  # one client for both
        storage = storage_from_string(f"async+{url}", wrap_exceptions=True)
        self._shared = storage if isinstance(storage, RedisStorage) else None
        self._strategy = MovingWindowRateLimiter(storage)
        self._chat = parse(settings.rate_limit)
        self._new = parse(settings.rate_limit_new)
        self._sign_in = parse_many(settings.rate_limit_sign_in)
        self._booking = parse_many(settings.rate_limit_booking)
        self._codes = parse_many(settings.rate_limit_codes)
        self._export = parse_many(settings.rate_limit_export)
        self._metrics = metrics

    async def message(self, channel: str, chat_id: str) -> Limited | None:
        """Counts one message of a chat."""
        return await self._hit(self._chat, channel, "chat", chat_id)

    async def new_conversation(self, channel: str, address: str) -> Limited | None:
        """Counts one new conversation from a network address."""
        return await self._hit(self._new, channel, "new", address)

    async def sign_in_failed(self, address: str) -> None:
        """Counts one failed sign-in from a network address."""
        for limit in self._sign_in:
            await self._hit(limit, "staff", "sign_in", address)

    async def may_sign_in(self, address: str) -> Limited | None:
        """Whether too many sign-ins from a network address have failed; counts nothing."""
        return await self._reached(self._sign_in, "staff", "sign_in", address)

    async def booking(self, address: str) -> Limited | None:
        """Counts one seat taken, or one appointment confirmed, from a network address."""
        limited = [await self._hit(limit, "web", "booking", address) for limit in self._booking]
        return next((found for found in limited if found is not None), None)

    async def wrong_code(self, address: str) -> None:
        """Counts one wrong code of an appointment from a network address."""
        for limit in self._codes:
            await self._hit(limit, "web", "code", address)

    async def may_try_code(self, address: str) -> Limited | None:
        """Whether too many wrong codes came from a network address; counts nothing."""
        return await self._reached(self._codes, "web", "code", address)

    async def export(self, key: str) -> Limited | None:
        """Counts one call with a partner's key."""
        limited = [await self._hit(limit, "export", "key", key) for limit in self._export]
        return next((found for found in limited if found is not None), None)

    async def close(self) -> None:
        """Closes the connections to a shared storage."""
        if self._shared is not None:
            bridge: Any = self._shared.bridge  # the library gives no way to close, its Valkey client does
            await bridge.storage.aclose()

    async def _reached(self, limits: list[RateLimitItem], channel: str, *key: str) -> Limited | None:
        try:
            for limit in limits:
                if not await self._strategy.test(limit, channel, *key):
                    return await self._until(limit, channel, *key)
        except StorageError as error:
            self._down(error)
        return None

    async def _hit(self, limit: RateLimitItem, channel: str, *key: str) -> Limited | None:
        try:
            if await self._strategy.hit(limit, channel, *key):
                return None
            limited = await self._until(limit, channel, *key)
        except StorageError as error:
            self._down(error)
            return None
        self._metrics.limited.labels(channel=channel).inc()
        return limited

    async def _until(self, limit: RateLimitItem, *key: str) -> Limited:
        window = await self._strategy.get_window_stats(limit, *key)
        return Limited(retry_after=max(1, ceil(window.reset_time - time.time())))

    def _down(self, error: StorageError) -> None:
        self._metrics.limiter_down.inc()
        _log.warning("rate_limiter_down", error=type(error.storage_error).__name__)
