"""Who writes to an office's seats waits for who is writing: the only locks of this room, taken in one order.

SQLite needs none: a transaction of `store.engine.write` has the whole database. They make waiting orderly and keep
calendar and seats together; that no seat is sold twice rests on the unique constraint of `seats` alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.engine import is_sqlite

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


async def lock_offices(connection: AsyncConnection, office_ids: Iterable[str]) -> None:
    """Until the transaction ends. Take all offices at once and before any phone."""
    for office_id in sorted(set(office_ids)):
        await _lock(connection, f"office:{office_id}")


async def lock_phone(connection: AsyncConnection, phone_hash: str) -> None:
    """Until the transaction ends: limits of one phone are counted over all offices."""
    await _lock(connection, f"phone:{phone_hash}")


async def _lock(connection: AsyncConnection, name: str) -> None:
    if is_sqlite(connection):
        return
    key = int.from_bytes(hashlib.sha256(f"banhoi:{name}".encode()).digest()[:8], signed=True)
    await connection.execute(_LOCK, {"key": key})
