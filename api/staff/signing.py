"""Signing in, step by step: password or provider, second factor, and out again. Every step leaves an audit entry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from api.limiter import Limited
from api.staff import lockout, totp
from api.staff.door import HALF_OPEN, Current, Door, new_token
from api.staff.sealing import SealBroken
from store import accounts, audit, sessions
from store.accounts import Account
from store.engine import read, write


class Refused(Exception):
    """The step failed. `key` names what the officer reads; it never says which part was wrong."""

    def __init__(self, key: str, status: int = 422, seconds: int = 0) -> None:
        super().__init__(key)
        self.key = key
        self.status = status
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks: the token of an earlier session of this browser, if any, and the network address."""

    token: str
    address: str

    @property
    def network(self) -> str:
        """What is kept of the address."""
        return lockout.network_of(self.address)


async def with_password(door: Door, visitor: Visitor, typed_name: str, password: str) -> str:
    """The token of a new session that still lacks the second factor. Raises `Refused`.

    An unknown name, a wrong password, a locked account and a given-out password that is too old look the same.
    """
    name = typed_name.strip().lower()
    blocks = await _counted(door, visitor, name)
    async with read(door.database) as connection:
        account = await accounts.by_name(connection, name)
    right = await door.passwords.matches(account.password_hash if account else None, password)
    if account is None or not right or not _usable(door, account):
        await _failed(door, visitor, account, "password", blocks)
        raise Refused("sign_in_wrong")
    renewed = None
    if account.password_hash and door.passwords.outdated(account.password_hash):
        renewed = await door.passwords.hash(password)
    async with write(door.database) as connection:
        await _unchanged(connection, account)
        await lockout.take_back(connection, name, door.clock())
        if renewed:
            await accounts.change(connection, account.id, password_hash=renewed)
        return await _fresh(connection, door, visitor.token, account, second_factor=False, by_provider=False)


async def with_code(door: Door, visitor: Visitor, current: Current, typed: str) -> str:
    """The token of a session with the second factor: a code of the app, or a recovery code. Raises `Refused`."""
    account = current.account
    blocks = await _counted(door, visitor, account.name)
    async with write(door.database) as connection:
        method = await _taken(connection, door, account, typed)
        if method is not None:
            return await _signed_in(connection, door, visitor, current, method)
    await _failed(door, visitor, account, "code", blocks)
    raise Refused("code_wrong")


async def pending_secret(door: Door, current: Current) -> str:
    """The secret of the second factor that this session sets up; the same until the session is over."""
    if current.session.pending_secret is not None:
        try:
            return door.seal.open(current.session.pending_secret)
        except SealBroken:
            pass  # sealed with a key that is no more: another one is made
    secret = totp.new_secret()
    async with write(door.database) as connection:
        await sessions.set_pending_secret(connection, current.token, door.seal.seal(secret))
    return secret


async def enrol(door: Door, visitor: Visitor, current: Current, typed: str) -> tuple[str, list[str]]:
    """Sets up the second factor: the token of the new session, and recovery codes to show once. Raises `Refused`."""
    account, secret = current.account, await pending_secret(door, current)
    blocks = await _counted(door, visitor, account.name)
    step = totp.step_of(secret, typed, door.clock())
    if step is None:
        await _failed(door, visitor, account, "code", blocks)
        raise Refused("code_wrong")
    codes = totp.new_recovery_codes()
    async with write(door.database) as connection:
        if not await accounts.take_totp_secret(connection, account.id, door.seal.seal(secret), step):
            raise Refused("enrolled_elsewhere")
        await accounts.set_recovery_codes(connection, account.id, _hashes(codes))
        await _note(connection, door, account, "second_factor_enrolled")
        return await _signed_in(connection, door, visitor, current, "enrolment"), codes


async def change_password(door: Door, visitor: Visitor, current: Current, old: str, hashed: str) -> str:
    """Sets a new password (already hashed) and ends all other sessions; the token of the new one. Raises `Refused`."""
    account = current.account
    blocks = await _counted(door, visitor, account.name)
    if not await door.passwords.matches(account.password_hash, old):
        await _failed(door, visitor, account, "password", blocks)
        raise Refused("old_password_wrong")
    async with write(door.database) as connection:
        await _unchanged(connection, account)
        await lockout.clear(connection, account.name)
        await accounts.change(connection, account.id, password_hash=hashed, one_time_until=None)
        ended = await sessions.end_all(connection, account.id)
        await _note(connection, door, account, "password_changed", sessions_ended=ended)
        return await _fresh(connection, door, "", account, second_factor=True, by_provider=False)


async def with_provider(
    door: Door, visitor: Visitor, issuer: str, subject: str, email: str | None, *, second_factor: bool
) -> str:
    """The token of a session for whom the provider vouches. Raises `Refused` where no account is linked.

    The first sign-in by e-mail binds the account to the provider's subject: an address may change hands.
    """
    async with write(door.database) as connection:
        account = await accounts.by_provider(connection, issuer, subject, email)
        if account is not None and not account.locked:
            if account.oidc_subject is None or account.oidc_issuer is None:
                await accounts.change(connection, account.id, oidc_issuer=issuer, oidc_subject=subject)
                await _note(connection, door, account, "account_bound_to_provider")
            if second_factor:
                await _note(connection, door, account, "signed_in", method="provider", network=visitor.network)
            return await _fresh(connection, door, visitor.token, account, second_factor=second_factor, by_provider=True)
    await _failed(door, visitor, account, "provider", False)
    raise Refused("not_linked", 403)


async def sign_out(door: Door, current: Current, *, everywhere: bool) -> None:
    """Ends this session, or all sessions of its account."""
    async with write(door.database) as connection:
        if everywhere:
            ended = await sessions.end_all(connection, current.account.id)
            await _note(connection, door, current.account, "signed_out_everywhere", sessions_ended=ended)
        else:
            await sessions.end(connection, current.token)
            await _note(connection, door, current.account, "signed_out")


def _usable(door: Door, account: Account) -> bool:
    given_out = account.one_time_until
    return not account.locked and (given_out is None or door.clock() < given_out)


async def _unchanged(connection: AsyncConnection, account: Account) -> None:
    """Raises `Refused` where an admin has locked or reset the account while the password was being checked."""
    now = await accounts.by_id(connection, account.id)
    if now is None or (now.locked, now.password_hash) != (account.locked, account.password_hash):
        raise Refused("too_late")


async def _counted(door: Door, visitor: Visitor, name: str) -> bool:
    """Counts the attempt before it is judged; whether the name has to wait if it proves wrong. Raises `Refused`."""
    limited = await door.limiter.may_sign_in(visitor.address)
    if isinstance(limited, Limited):
        raise Refused("blocked", 429, limited.retry_after)
    try:
        async with write(door.database) as connection:
            return await lockout.count(connection, name, door.clock())
    except lockout.Blocked as blocked:
        raise Refused("blocked", 429, blocked.seconds) from None


async def _failed(door: Door, visitor: Visitor, account: Account | None, part: str, blocks: bool) -> None:
    await door.limiter.sign_in_failed(visitor.address)
    subject = f"account:{account.id}" if account else "account:unknown"
    async with write(door.database) as connection:
        detail = {"part": part, "network": visitor.network}
        await audit.record(connection, door.clock(), "visitor", "sign_in_failed", subject, **detail)
        if blocks:
            await audit.record(connection, door.clock(), "visitor", "sign_in_blocked", subject, **detail)


async def _taken(connection: AsyncConnection, door: Door, account: Account, typed: str) -> str | None:
    """How the second factor was given, used up now; None where it was wrong or used before."""
    try:
        step = totp.step_of(door.seal.open(account.totp_secret or ""), typed, door.clock())
    except SealBroken:
        step = None  # another key: a recovery code still helps, and so does an admin's reset
    if step is not None and await accounts.take_totp_step(connection, account.id, step):
        return "code"
    code_hash = totp.recovery_hash(typed)
    if code_hash is not None and await accounts.take_recovery_code(connection, account.id, code_hash):
        await _note(connection, door, account, "recovery_code_used")
        return "recovery_code"
    return None


async def _signed_in(connection: AsyncConnection, door: Door, visitor: Visitor, current: Current, method: str) -> str:
    account = current.account
    await lockout.clear(connection, account.name)
    await _note(connection, door, account, "signed_in", method=method, network=visitor.network)
    by_provider = current.session.by_provider
    if not await sessions.end(connection, current.token):
        raise Refused("too_late")  # an admin, or another request, has ended it meanwhile
    return await _fresh(connection, door, current.token, account, second_factor=True, by_provider=by_provider)


async def _fresh(
    connection: AsyncConnection, door: Door, old: str, account: Account, *, second_factor: bool, by_provider: bool
) -> str:
    """A new session in place of the browser's old one: a token that somebody planted is worth nothing."""
    await sessions.end(connection, old)
    token, now = new_token(), door.clock()
    over = now + (door.longest if second_factor else HALF_OPEN)
    await sessions.create(
        connection, token, account.id, now, over, second_factor=second_factor, by_provider=by_provider
    )
    return token


async def _note(connection: AsyncConnection, door: Door, account: Account, action: str, **detail: object) -> None:
    subject = f"account:{account.id}"
    await audit.record(connection, door.clock(), subject, action, subject, **detail)


def _hashes(codes: list[str]) -> list[str]:
    return [code_hash for code_hash in map(totp.recovery_hash, codes) if code_hash is not None]
