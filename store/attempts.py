"""Attempts to sign in, counted by the name that was typed, so that every replica knows of them."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert_into
from store.staff_tables import sign_in_attempts as table

FORGOTTEN = timedelta(days=1)
"""After so long without an attempt a name starts anew; its row is cleared away."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """What is known of one name."""

    failures: int
    last_at: datetime
    blocked_until: datetime | None


def key_of(name: str) -> str:
    """What is stored of a name: people type passwords into the wrong field."""
    return hashlib.sha256(name.encode()).hexdigest()


async def held(connection: AsyncConnection, key: str, now: datetime) -> Attempts:
    """What is known of a name; nobody else can count for it until the transaction is over."""
    await connection.execute(delete(table).where(table.c.last_at < now - FORGOTTEN, table.c.name_hash != key))
    first = insert_into(connection, table).values(name_hash=key, failures=0, last_at=now)
    locked = first.on_conflict_do_update(index_elements=["name_hash"], set_={"failures": table.c.failures})
    row = (await connection.execute(locked.returning(table.c.failures, table.c.last_at, table.c.blocked_until))).one()
    known = Attempts(*row)
    return known if now - known.last_at < FORGOTTEN else Attempts(0, now, None)


async def keep(connection: AsyncConnection, key: str, attempts: Attempts) -> None:
    """Writes what is known of a name from now on."""
    await connection.execute(update(table).where(table.c.name_hash == key).values(**asdict(attempts)))


async def forget(connection: AsyncConnection, key: str) -> None:
    """Starts anew for a name."""
    await connection.execute(delete(table).where(table.c.name_hash == key))
