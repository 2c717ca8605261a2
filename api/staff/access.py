"""Who may open which staff page. Every staff route depends on `allow(…)`, or on `signed_in` where any officer may.

    @router.get("/can-bo/{office_id}/hom-nay")
    async def today(officer: Annotated[Officer, Depends(allow(*COUNTER, office="office_id"))]) -> Response: ...

Both send a visitor who has not signed in to the sign-in page. On an unsafe method (POST …) both also refuse what
another site sends and what lacks the session's CSRF token: in the form's field `csrf`
(`<input type="hidden" name="csrf" value="{{ csrf }}">`) or in the header `X-CSRF-Token`. No route has to remember that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api.forms import field, from_this_site, read_form
from api.problems import Problem
from api.staff.door import Current, Stage, current
from store import audit
from store.accounts import Account

HOME = "/can-bo"
SIGN_IN = "/can-bo/dang-nhap"
STAGE_PAGES = {
    Stage.CODE: "/can-bo/ma-xac-nhan",
    Stage.ENROL: "/can-bo/thiet-lap-ma",
    Stage.PASSWORD: "/can-bo/mat-khau",
    Stage.OPEN: HOME,
}
_OWN_PAGES = frozenset({SIGN_IN, *STAGE_PAGES.values()})
_SAFE = ("GET", "HEAD", "OPTIONS")
_MOST_FIELDS = 400


class Role(StrEnum):
    """What an officer is there for."""

    ADMIN = "admin"
    OFFICE_MANAGER = "office_manager"
    COUNTER_OFFICER = "counter_officer"
    REVIEWER = "reviewer"
    LEADER = "leader"
    """Reads everything, changes nothing."""
    SUPERVISOR = "supervisor"
    """Of the Fatherland Front: reads the supervision page, which has totals only, and nothing else."""


BOUND = frozenset({Role.OFFICE_MANAGER, Role.COUNTER_OFFICER})
"""Roles that work in one office and see no other."""
_ONLY_LOOK = frozenset({Role.LEADER, Role.SUPERVISOR})
MANAGERS = (Role.ADMIN, Role.OFFICE_MANAGER)
COUNTER = (*MANAGERS, Role.COUNTER_OFFICER)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is signed in."""

    id: int
    name: str
    full_name: str
    role: Role
    office_id: str | None
    """The one office of an office manager or counter officer; None for the others."""

    @property
    def actor(self) -> str:
        """How the audit log names this officer."""
        return f"account:{self.id}"

    def may_enter(self, office_id: str | None) -> bool:
        """Whether this officer may see what belongs to this office."""
        return self.role not in BOUND or (office_id is not None and office_id == self.office_id)


class SignInNeeded(Exception):
    """The visitor has to do something at `location` first."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Access:
    """A dependency: gives the officer, or refuses. `roles` and `office` are read by the authorisation test."""

    def __init__(self, roles: frozenset[Role], office: str | None) -> None:
        self.roles = roles
        self.office = office

    async def __call__(self, request: Request) -> Officer:
        """The officer of this request. Raises `SignInNeeded`, or `Problem` 403."""
        officer = await signed_in(request)
        if officer.role not in self.roles:
            raise Problem(403, "role")
        if officer.role in _ONLY_LOOK and request.method not in _SAFE:
            raise Problem(403, "read_only")
        if self.office is not None:
            check_office(officer, request.path_params[self.office])
        return officer


def allow(*roles: Role, office: str | None = None) -> Access:
    """Lets these roles in. `office` names the path parameter with the office's id: managers and counter officers
    may enter their own only. A leader may look, never change."""
    return Access(frozenset(roles), office)


async def signed_in(request: Request) -> Officer:
    """The officer of this request, whatever the role; signing in is complete."""
    found = await at_stage(request, Stage.OPEN)
    return officer_of(found.account)


def check_office(officer: Officer, office_id: str | None) -> None:
    """For what carries its office inside, such as an appointment. Raises `Problem` 403 for another's office."""
    if not officer.may_enter(office_id):
        raise Problem(403, "office")


async def at_stage(request: Request, *stages: Stage) -> Current:
    """The session of this request, which has come to one of `stages`; any other is sent to its own page."""
    found = await current(request)
    if found is None:
        raise SignInNeeded(_and_back(SIGN_IN, request))
    if request.method not in _SAFE:
        await _sent_from_our_page(request, found)
    if found.stage not in stages:
        raise SignInNeeded(_and_back(STAGE_PAGES[found.stage], request))
    request.state.staff = found
    return found


async def from_our_site(request: Request) -> None:
    """Like `from_this_site`, but a browser that says nothing of where it comes from is refused too."""
    await from_this_site(request)
    origin = request.headers.get("origin")
    if origin is None and request.headers.get("sec-fetch-site") is None:
        raise Problem(403, "cross_site")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem(403, "cross_site")


def csrf_token(request: Request) -> str:
    """The token for the forms of the page that answers this request; empty where nobody is signed in."""
    found: Current | None = getattr(request.state, "staff", None)
    return found.csrf if found else ""


async def record(
    connection: AsyncConnection, at: datetime, officer: Officer, action: str, subject: str, **detail: Any
) -> None:
    """Writes into the audit log what an officer did, in the transaction of the change. No personal data."""
    await audit.record(connection, at, officer.actor, action, subject, role=str(officer.role), **detail)


def officer_of(account: Account) -> Officer:
    """The officer whose account this is."""
    return Officer(account.id, account.name, account.full_name, Role(account.role), account.office_id)


async def _sent_from_our_page(request: Request, found: Current) -> None:
    await from_our_site(request)
    given = request.headers.get("x-csrf-token")
    if given is None:
        given = field(await read_form(request, _MOST_FIELDS), "csrf")
    if not secrets.compare_digest(given.encode(), found.csrf.encode()):
        raise Problem(403, "csrf")


def _and_back(location: str, request: Request) -> str:
    """A page of signing in, which leads back to the page that was asked for."""
    if request.method not in _SAFE or request.url.path in _OWN_PAGES:
        return location
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{location}?den={quote(asked, safe='')}"
