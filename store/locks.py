"""Makes those wait for each other who do the same work: a name is locked until the transaction ends.

SQLite needs it not: a transaction of `store.engine.write` has the whole database.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.engine import is_sqlite

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


async def lock_name(connection: AsyncConnection, name: str) -> None:
    """Until the transaction ends, nobody else gets past this with the same name."""
    if is_sqlite(connection):
        return
    key = int.from_bytes(hashlib.sha256(f"banhoi:{name}".encode()).digest()[:8], signed=True)
    await connection.execute(_LOCK, {"key": key})
