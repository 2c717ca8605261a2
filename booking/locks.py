"""Who writes to an office's seats waits for who is writing: the only locks of this room, taken in one order.

SQLite needs none: a transaction of `store.engine.write` has the whole database. They make waiting orderly and keep
calendar and seats together; that no seat is sold twice rests on the unique constraint of `seats` alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from store.locks import lock_name


async def lock_offices(connection: AsyncConnection, office_ids: Iterable[str]) -> None:
    """Until the transaction ends. Take all offices at once and before any phone."""
    for office_id in sorted(set(office_ids)):
        await lock_name(connection, f"office:{office_id}")


async def lock_phone(connection: AsyncConnection, phone_hash: str) -> None:
    """Until the transaction ends: limits of one phone are counted over all offices."""
    await lock_name(connection, f"phone:{phone_hash}")
