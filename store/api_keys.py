"""Keys with which partner systems read: a random string, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.export_tables import api_keys
from store.rows import insert_new

PREFIX = "bh_"
"""How every key begins, so that whoever finds one knows whose it is."""
_BYTES = 32
_USED = timedelta(minutes=5)
"""How old `used_at` may be before it is written again."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without the key."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def in_force(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


_COLUMNS = tuple(column for column in api_keys.c if column.name != "key_hash")


def new_key() -> str:
    """A key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


async def add(
    connection: AsyncConnection, name: str, key: str, scopes: list[str], now: datetime, expires_at: datetime | None
) -> bool:
    """Stores the hash of a key; False where the name is taken."""
    values = {"name": name, "key_hash": _hash(key), "scopes": scopes, "created_at": now, "expires_at": expires_at}
    return await insert_new(connection, api_keys, values, ["name"]) is not None


async def everyone(connection: AsyncConnection) -> list[ApiKey]:
    """All keys, revoked ones too, by name."""
    return [_key(row) for row in await connection.execute(select(*_COLUMNS).order_by(api_keys.c.name))]


async def of(connection: AsyncConnection, key: str) -> ApiKey | None:
    """The key, in force or not."""
    row = (await connection.execute(select(*_COLUMNS).where(api_keys.c.key_hash == _hash(key)))).one_or_none()
    return None if row is None else _key(row)


async def revoke(connection: AsyncConnection, name: str, now: datetime) -> bool:
    """Ends a key; False where none of that name is left to end."""
    mine = (api_keys.c.name == name) & api_keys.c.revoked_at.is_(None)
    result = await connection.execute(update(api_keys).where(mine).values(revoked_at=now))
    return result.rowcount == 1


def needs_touch(key: ApiKey, now: datetime) -> bool:
    """Whether its last use is due to be written."""
    return key.used_at is None or now - key.used_at >= _USED


async def touch(connection: AsyncConnection, key: ApiKey, now: datetime) -> None:
    """Writes that it was used."""
    older = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < now)
    await connection.execute(update(api_keys).where(api_keys.c.id == key.id, older).values(used_at=now))


def _hash(key: str) -> str:
    """Plain SHA-256: there is nothing to guess in 256 random bits, so it need not be slow."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _key(row: Any) -> ApiKey:
    return ApiKey(**dict(row._mapping) | {"scopes": tuple(row.scopes)})
