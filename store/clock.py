"""Time as the rooms read it, so that tests can hold it still."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current time in UTC, with time zone."""

Waiter = Callable[[asyncio.Event, float], Awaitable[None]]
"""Returns when the event is set (and clears it) or when the seconds are over."""


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Waits for `event` at most `seconds`, then clears it."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    event.clear()
