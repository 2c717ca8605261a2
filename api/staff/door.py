"""What signing in works with, and the session that a request's cookie stands for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from api.limiter import Limiter
from api.staff.passwords import Passwords
from api.staff.sealing import Seal
from store import sessions
from store.accounts import Account
from store.clock import Clock
from store.engine import read, write_repeatable
from store.sessions import Session

if TYPE_CHECKING:
    from api.staff.provider import Provider

HALF_OPEN = timedelta(minutes=10)
"""How long somebody may take from the password to the end of signing in."""
_SEEN_EVERY = timedelta(minutes=1)


class Stage(StrEnum):
    """How far signing in has come."""

    CODE = "code"
    """The second factor is still asked for."""
    ENROL = "enrol"
    """The second factor is still to be set up."""
    PASSWORD = "password"  # noqa: S105 - no password
    """A password that was given out is still to be changed."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in works with; it stands in the application's state as `door`."""

    database: AsyncEngine
    clock: Clock
    idle: timedelta
    longest: timedelta
    secure: bool
    """Whether officers come over https."""
    seal: Seal
    passwords: Passwords
    limiter: Limiter
    provider: Provider | None = None
    """Where officers may sign in through OpenID Connect."""

    @property
    def cookie(self) -> str:
        """Under https the prefix keeps other hosts of the domain from setting it."""
        return "__Host-staff" if self.secure else "staff"


@dataclass(frozen=True, slots=True)
class Current:
    """The session of the browser that sent a request."""

    token: str
    session: Session

    @property
    def account(self) -> Account:
        """Whose session it is."""
        return self.session.account

    @property
    def stage(self) -> Stage:
        """How far signing in has come."""
        if not self.session.second_factor:
            return Stage.CODE if self.account.totp_secret else Stage.ENROL
        if self.account.one_time_until is not None and not self.session.by_provider:
            return Stage.PASSWORD
        return Stage.OPEN

    @property
    def csrf(self) -> str:
        """What every form of this session carries; only who has the token can make it."""
        mac = hmac.new(self.token.encode(), b"csrf", hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def door_of(request: Request) -> Door:
    """What signing in works with in this application."""
    door: Door = request.app.state.door
    return door


async def current(request: Request) -> Current | None:
    """The session of the request's cookie as long as it is alive; noted as used, once a minute."""
    door = door_of(request)
    token = request.cookies.get(door.cookie, "")
    if not token:
        return None
    now = door.clock()
    async with read(door.database) as connection:
        session = await sessions.find(connection, token)
    if session is None or not session.alive(now, door.idle):
        return None
    if now - session.seen_at >= _SEEN_EVERY:
        async with write_repeatable(door.database) as connection:
            await sessions.seen(connection, token, now)
    return Current(token, session)


def new_token() -> str:
    """The token of a new session: 256 random bits."""
    return secrets.token_urlsafe(32)


def give_cookie(response: Response, door: Door, token: str) -> None:
    """Hands the token to the browser, until it is closed. No script can read it and no other site can send it."""
    response.set_cookie(door.cookie, token, httponly=True, samesite="lax", secure=door.secure)


def take_cookie(response: Response, door: Door) -> None:
    """Lets the browser forget the token."""
    response.delete_cookie(door.cookie, httponly=True, samesite="lax", secure=door.secure)
