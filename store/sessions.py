"""Sessions of officers, found by the hash of the token that only the browser has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.accounts import COLUMNS, Account
from store.staff_tables import accounts, sessions


@dataclass(frozen=True, slots=True)
class Session:
    """A session and whose it is."""

    account: Account
    second_factor: bool
    by_provider: bool
    pending_secret: str | None
    seen_at: datetime
    expires_at: datetime

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Whether it still counts: not over, not left alone for longer than `idle`, its account not locked."""
        return now < self.expires_at and now - self.seen_at < idle and not self.account.locked


_OWN = tuple(sessions.c[field.name] for field in fields(Session) if field.name != "account")


def hash_of(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


async def create(
    connection: AsyncConnection,
    token: str,
    account_id: int,
    now: datetime,
    expires_at: datetime,
    *,
    second_factor: bool,
    by_provider: bool,
) -> None:
    """Opens a session; sessions that are over are cleared away."""
    await connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    values = {
        "token_hash": hash_of(token),
        "account_id": account_id,
        "second_factor": second_factor,
        "by_provider": by_provider,
        "created_at": now,
        "seen_at": now,
        "expires_at": expires_at,
    }
    await connection.execute(insert(sessions).values(**values))


async def find(connection: AsyncConnection, token: str) -> Session | None:
    """The session of a token, alive or not."""
    joined = sessions.join(accounts, accounts.c.id == sessions.c.account_id)
    statement = select(*_OWN, *COLUMNS).select_from(joined).where(sessions.c.token_hash == hash_of(token))
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    own, account = row[: len(_OWN)], row[len(_OWN) :]
    names = [column.name for column in _OWN]
    return Session(account=Account(*account), **dict(zip(names, own, strict=True)))


async def seen(connection: AsyncConnection, token: str, now: datetime) -> None:
    """Notes that the session was used."""
    await connection.execute(update(sessions).where(sessions.c.token_hash == hash_of(token)).values(seen_at=now))


async def set_pending_secret(connection: AsyncConnection, token: str, sealed: str) -> None:
    """Keeps the secret of a second factor that is being set up."""
    statement = update(sessions).where(sessions.c.token_hash == hash_of(token))
    await connection.execute(statement.values(pending_secret=sealed))


async def end(connection: AsyncConnection, token: str) -> bool:
    """Ends one session; whether there was one."""
    return (await connection.execute(delete(sessions).where(sessions.c.token_hash == hash_of(token)))).rowcount == 1


async def end_all(connection: AsyncConnection, account_id: int) -> int:
    """Ends every session of an account; returns how many there were."""
    return (await connection.execute(delete(sessions).where(sessions.c.account_id == account_id))).rowcount
