"""Accounts of officers, as rows. What a role may do and how a password is checked is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert_new
from store.staff_tables import accounts, recovery_codes


@dataclass(frozen=True, slots=True)
class Account:
    """One officer's account."""

    id: int
    name: str
    full_name: str
    role: str
    office_id: str | None
    locked: bool
    password_hash: str | None
    one_time_until: datetime | None
    totp_secret: str | None
    totp_step: int | None
    email: str | None
    oidc_issuer: str | None
    oidc_subject: str | None


COLUMNS = tuple(accounts.c[field.name] for field in fields(Account))


async def add(connection: AsyncConnection, at: datetime, **values: Any) -> int | None:
    """Makes an account and returns its id, or None where the name is taken."""
    return await insert_new(connection, accounts, values | {"created_at": at}, ["name"])


async def by_name(connection: AsyncConnection, name: str) -> Account | None:
    """The account with this sign-in name."""
    return await _one(connection, accounts.c.name == name)


async def by_id(connection: AsyncConnection, account_id: int) -> Account | None:
    """The account with this id."""
    return await _one(connection, accounts.c.id == account_id)


async def by_provider(connection: AsyncConnection, issuer: str, subject: str, email: str | None) -> Account | None:
    """The account that an admin has linked to this person of an OpenID provider.

    First by subject; else by verified e-mail address, as long as no subject is bound to the account.
    """
    of_issuer = or_(accounts.c.oidc_issuer == issuer, accounts.c.oidc_issuer.is_(None))
    found = await _one(connection, (accounts.c.oidc_subject == subject) & of_issuer)
    if found is None and email:
        found = await _one(connection, (accounts.c.email == email) & accounts.c.oidc_subject.is_(None))
    return found


async def everyone(connection: AsyncConnection) -> list[Account]:
    """All accounts by name."""
    rows = await connection.execute(select(*COLUMNS).order_by(accounts.c.name))
    return [_account(row) for row in rows]


async def change(connection: AsyncConnection, account_id: int, **values: Any) -> None:
    """Sets columns of an account."""
    await connection.execute(update(accounts).where(accounts.c.id == account_id).values(**values))


async def take_totp_step(connection: AsyncConnection, account_id: int, step: int) -> bool:
    """Whether a code of this time step may be used: each only once, and none older than the last (RFC 6238, 5.2)."""
    unused = or_(accounts.c.totp_step.is_(None), accounts.c.totp_step < step)
    statement = update(accounts).where(accounts.c.id == account_id, unused).values(totp_step=step)
    return (await connection.execute(statement)).rowcount == 1


async def take_totp_secret(connection: AsyncConnection, account_id: int, sealed: str, step: int) -> bool:
    """Sets the second factor of an account that has none; False where it got one meanwhile."""
    statement = update(accounts).where(accounts.c.id == account_id, accounts.c.totp_secret.is_(None))
    return (await connection.execute(statement.values(totp_secret=sealed, totp_step=step))).rowcount == 1


async def set_recovery_codes(connection: AsyncConnection, account_id: int, hashes: Iterable[str]) -> None:
    """Replaces all recovery codes of an account."""
    await connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": code_hash} for code_hash in hashes]
    if rows:
        await connection.execute(insert(recovery_codes), rows)


async def take_recovery_code(connection: AsyncConnection, account_id: int, code_hash: str) -> bool:
    """Whether the account had this code; it has it no longer."""
    mine = (recovery_codes.c.account_id == account_id) & (recovery_codes.c.code_hash == code_hash)
    return (await connection.execute(delete(recovery_codes).where(mine))).rowcount == 1


async def recovery_codes_left(connection: AsyncConnection, account_id: int) -> int:
    """How many recovery codes an account can still use."""
    statement = select(func.count()).where(recovery_codes.c.account_id == account_id)
    return int((await connection.execute(statement)).scalar_one())


async def _one(connection: AsyncConnection, condition: ColumnElement[bool]) -> Account | None:
    row = (await connection.execute(select(*COLUMNS).where(condition))).one_or_none()
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)
