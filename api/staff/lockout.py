"""Who keeps failing has to wait, longer each time: by name in the database, by network address in the limiter.

An attempt is counted before it is judged. Otherwise a hundred sent at once would all be judged before the first of
them is counted.
"""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from store import attempts
from store.attempts import Attempts

FREE_FAILURES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)


class Blocked(Exception):
    """No attempt for this name is judged for now, not even a right one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def wait_after(failures: int) -> timedelta | None:
    """How long a name waits after so many failures in a row: a minute after five, then twice as long each time."""
    if failures < FREE_FAILURES:
        return None
    doublings: int = 2 ** min(failures - FREE_FAILURES, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


async def count(connection: AsyncConnection, name: str, now: datetime) -> bool:
    """Counts one attempt as a failure until it is proved right; whether the name now has to wait.

    Raises `Blocked` while it has to; then nothing is counted.
    """
    key = attempts.key_of(name)
    known = await attempts.held(connection, key, now)
    if known.blocked_until is not None and now < known.blocked_until:
        raise Blocked(max(1, int((known.blocked_until - now).total_seconds())))
    wait = wait_after(known.failures + 1)
    await attempts.keep(connection, key, Attempts(known.failures + 1, now, now + wait if wait else None))
    return wait is not None


async def take_back(connection: AsyncConnection, name: str, now: datetime) -> None:
    """The attempt that was counted was right. Earlier failures still count: a second factor may yet be guessed."""
    key = attempts.key_of(name)
    known = await attempts.held(connection, key, now)
    await attempts.keep(connection, key, replace(known, failures=max(0, known.failures - 1), blocked_until=None))


async def clear(connection: AsyncConnection, name: str) -> None:
    """Signed in, or unlocked by an admin: everything is forgotten."""
    await attempts.forget(connection, attempts.key_of(name))


def network_of(address: str) -> str:
    """The network that an address belongs to: what the audit log keeps in place of a person's address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))
