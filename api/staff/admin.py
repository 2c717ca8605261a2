"""What an admin does with accounts: make, lock, give a role, reset, link. Every change is audited and ends sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from api.staff import lockout
from api.staff.access import BOUND, Role
from store import accounts, audit, sessions
from store.accounts import Account

ONE_TIME_LIFE = timedelta(days=7)
_NAME = re.compile(r"^[a-z][a-z0-9._-]{2,59}$")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}$")


class AccountRefused(Exception):
    """The change makes no sense. `key` and `values` name its sentence in the operators' catalogue."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes accounts, when, and through which connection."""

    connection: AsyncConnection
    at: datetime
    actor: str

    async def note(self, action: str, account_id: int, **detail: object) -> None:
        """Writes the change into the audit log, in its own transaction."""
        await audit.record(self.connection, self.at, self.actor, action, f"account:{account_id}", **detail)


async def add(
    change: Change, name: str, full_name: str, role: Role, office_id: str | None, hashed: str, *, one_time: bool
) -> int:
    """Makes an account and returns its id. Raises `AccountRefused`."""
    if not _NAME.match(name):
        raise AccountRefused("account_bad_name", name=name)
    if not 0 < len(full_name.strip()) <= 120:
        raise AccountRefused("account_bad_full_name")
    check_office(role, office_id)
    values = {"full_name": full_name.strip(), "role": str(role), "office_id": office_id, "password_hash": hashed}
    until = change.at + ONE_TIME_LIFE if one_time else None
    account_id = await accounts.add(change.connection, change.at, name=name, one_time_until=until, **values)
    if account_id is None:
        raise AccountRefused("account_exists", name=name)
    await change.note("account_added", account_id, role=str(role), office=office_id)
    return account_id


async def lock(change: Change, name: str) -> None:
    """Shuts an account out at once; its sessions end."""
    account = await _known(change, name)
    await accounts.change(change.connection, account.id, locked=True)
    ended = await sessions.end_all(change.connection, account.id)
    await change.note("account_locked", account.id, sessions_ended=ended)


async def unlock(change: Change, name: str) -> None:
    """Lets a locked account in again, also one that waits after failures."""
    account = await _known(change, name)
    await accounts.change(change.connection, account.id, locked=False)
    await lockout.clear(change.connection, name)
    await change.note("account_unlocked", account.id)


async def give_role(change: Change, name: str, role: Role, office_id: str | None) -> None:
    """Another role, another office; whoever is signed in has to sign in again."""
    account = await _known(change, name)
    check_office(role, office_id)
    await accounts.change(change.connection, account.id, role=str(role), office_id=office_id)
    await sessions.end_all(change.connection, account.id)
    before = {"role_before": account.role, "office_before": account.office_id}
    await change.note("account_role_changed", account.id, role=str(role), office=office_id, **before)


async def reset(change: Change, name: str, hashed: str, *, one_time: bool, second_factor: bool) -> None:
    """Another password; with `second_factor` that is dropped too and set up anew at the next sign-in."""
    account = await _known(change, name)
    until = change.at + ONE_TIME_LIFE if one_time else None
    await accounts.change(change.connection, account.id, password_hash=hashed, one_time_until=until)
    if second_factor:
        await accounts.change(change.connection, account.id, totp_secret=None, totp_step=None)
        await accounts.set_recovery_codes(change.connection, account.id, ())
    await sessions.end_all(change.connection, account.id)
    await lockout.clear(change.connection, name)
    await change.note("account_reset", account.id, second_factor=second_factor)


async def link(change: Change, name: str, email: str | None) -> None:
    """Says which person of the OpenID provider this account is for; None takes that back. Sessions end."""
    account = await _known(change, name)
    address = email.strip().lower() if email else None
    if address is not None:
        if not _EMAIL.match(address):
            raise AccountRefused("account_bad_email")
        others = [other for other in await accounts.everyone(change.connection) if other.email == address]
        if any(other.id != account.id for other in others):
            raise AccountRefused("account_email_taken")
    values = {"email": address, "oidc_issuer": None, "oidc_subject": None}
    await accounts.change(change.connection, account.id, **values)
    await sessions.end_all(change.connection, account.id)
    await change.note("account_linked" if address else "account_unlinked", account.id)


async def end_sessions(change: Change, name: str) -> int:
    """Signs an officer out everywhere; returns how many sessions there were."""
    account = await _known(change, name)
    ended = await sessions.end_all(change.connection, account.id)
    await change.note("signed_out_everywhere", account.id, sessions_ended=ended)
    return ended


def check_office(role: Role, office_id: str | None) -> None:
    """Managers and counter officers have an office, the others none. Raises `AccountRefused`."""
    if role in BOUND and not office_id:
        raise AccountRefused("account_needs_office")
    if role not in BOUND and office_id:
        raise AccountRefused("account_no_office")


async def _known(change: Change, name: str) -> Account:
    account = await accounts.by_name(change.connection, name)
    if account is None:
        raise AccountRefused("account_unknown", name=name)
    return account
