"""Every staff route, every role, the own and another's office: who gets in. A new route fails until it is listed.

List a route in `ROUTES` with its address, the roles that may open it, and how its office is named in the address.
Own and other office are filled in for `{office_id}`; other parameters stand in `VALUES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from starlette.responses import PlainTextResponse

from api.staff.access import BOUND, COUNTER, MANAGERS, Access, Role, allow, signed_in
from tests.api.counter import rules as counter
from tests.api.figures import rules as figures
from tests.api.review import rules as review
from tests.api.staff.support import KEY, OFFICE, OTHER, Browser, StaffSite, open_staff_site

EVERYONE = frozenset(Role)
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may send this to that address. `roles` None: also who has not signed in."""

    method: str
    path: str
    roles: frozenset[Role] | None

    @property
    def name(self) -> str:
        """How a failure names it."""
        return f"{self.method} {self.path}"


ROUTES = [
    Rule("GET", "/can-bo", EVERYONE),
    Rule("GET", "/can-bo/dang-nhap", None),
    Rule("POST", "/can-bo/dang-nhap", None),
    Rule("GET", "/can-bo/ma-xac-nhan", EVERYONE),
    Rule("POST", "/can-bo/ma-xac-nhan", EVERYONE),
    Rule("GET", "/can-bo/thiet-lap-ma", EVERYONE),
    Rule("POST", "/can-bo/thiet-lap-ma", EVERYONE),
    Rule("GET", "/can-bo/mat-khau", EVERYONE),
    Rule("POST", "/can-bo/mat-khau", EVERYONE),
    Rule("POST", "/can-bo/dang-xuat", EVERYONE),
    Rule("POST", "/can-bo/dang-xuat-moi-noi", EVERYONE),
    *(Rule(*screen) for screen in (*counter.SCREENS, *review.SCREENS, *figures.SCREENS)),
]
VALUES: dict[str, str] = {**counter.VALUES, **review.VALUES, **figures.VALUES}
"""Values for other parameters than the office."""

probe = APIRouter(prefix="/can-bo/thu")
"""Screens of this test's own, so that the matrix sees every kind of rule, and is seen to fail."""
PROBES = [
    Rule("GET", "/can-bo/thu/{office_id}/lich", frozenset({*COUNTER, Role.LEADER})),
    Rule("POST", "/can-bo/thu/{office_id}/lich", frozenset({*COUNTER, Role.LEADER})),
    Rule("POST", "/can-bo/thu/{office_id}/gio", frozenset(MANAGERS)),
    Rule("GET", "/can-bo/thu/duyet", frozenset({Role.ADMIN, Role.REVIEWER})),
]


def _add_probes() -> None:
    for rule in PROBES:
        access = allow(*(rule.roles or ()), office="office_id" if "{office_id}" in rule.path else None)
        probe.add_api_route(
            rule.path.removeprefix("/can-bo/thu"), _fine, methods=[rule.method], dependencies=[Depends(access)]
        )


async def _fine() -> PlainTextResponse:
    return PlainTextResponse("vào được")


_add_probes()


def expected(rule: Rule, role: Role | None, office: str) -> bool:
    """Whether this role, whose office is `OFFICE`, may do this at `office`. Written down apart from the code."""
    if rule.roles is None:
        return True
    if role is None or role not in rule.roles:
        return False
    if "{office_id}" in rule.path and role in (Role.OFFICE_MANAGER, Role.COUNTER_OFFICER) and office != OFFICE:
        return False
    return rule in ROUTES or role is not Role.LEADER or rule.method in SAFE


def routes_of(app: FastAPI) -> Iterator[tuple[str, Any]]:
    """Every method of every staff route, as the application serves it."""
    routers = [route for route in app.routes if hasattr(route, "effective_route_contexts")]
    for route in (*app.routes, *(context for router in routers for context in router.effective_route_contexts())):
        if str(getattr(route, "path", "")).startswith("/can-bo"):
            for method in sorted(route.methods):  # type: ignore[attr-defined]
                yield method, route


def accesses(dependant: Dependant) -> list[object]:
    """What guards a route, at any depth."""
    found: list[object] = [] if dependant.call is None else [dependant.call]
    for inner in dependant.dependencies:
        found += accesses(inner)
    return found


def unguarded(app: FastAPI) -> list[str]:
    """Routes apart from the pages of signing in that lack `allow(…)` and `signed_in`, whatever they answer."""
    return [
        f"{method} {route.path}"
        for method, route in routes_of(app)
        if route.endpoint.__module__ not in ("api.staff.routes", "api.staff.provider_routes")
        and not any(isinstance(guard, Access) or guard is signed_in for guard in accesses(route.dependant))
    ]


@pytest.fixture
def backend() -> str:
    """Nothing here depends on the database."""
    return "sqlite"


async def test_every_route_is_listed(staff: StaffSite) -> None:
    """Fails when a screen is added without saying here who may open it, or listed and not there."""
    there = sorted(f"{method} {route.path}" for method, route in routes_of(staff.site.app))
    assert there == sorted(rule.name for rule in ROUTES)


async def test_every_screen_says_who_may_open_it(staff: StaffSite) -> None:
    assert unguarded(staff.site.app) == []


async def test_a_screen_that_forgot_to_say_is_found(tmp_path: Path) -> None:
    forgetful = APIRouter()
    forgetful.add_api_route("/can-bo/quen", _fine)
    async with open_staff_site(tmp_path, routers=(probe, forgetful)) as staff:
        assert unguarded(staff.site.app) == ["GET /can-bo/quen"]


async def test_every_screen_of_an_office_asks_whose_it_is(staff: StaffSite) -> None:
    for method, route in routes_of(staff.site.app):
        found = [guard for guard in accesses(route.dependant) if isinstance(guard, Access)]
        if "{office_id}" in route.path:
            assert [guard.office for guard in found] == ["office_id"], f"{method} {route.path}"


@pytest.mark.parametrize("role", [None, *Role])
async def test_who_gets_in(tmp_path: Path, database_url: str, role: Role | None) -> None:
    """Asked from outside: one site, one officer, every route, both offices."""
    async with open_staff_site(tmp_path, database_url=database_url, staff_key=KEY, routers=(probe,)) as staff:
        browser = staff.browser() if role is None else await staff.signed_in("lan", role)
        csrf = await browser.csrf()
        for rule in (*ROUTES, *PROBES):
            if "dang-xuat" in rule.path and role is not None:
                continue  # tested apart: it would end the session
            for office in (OFFICE, OTHER):
                got_in = await _gets_in(browser, rule, office, csrf)
                assert got_in == expected(rule, role, office), f"{rule.name} {role} {office}"
                if "{office_id}" not in rule.path:
                    break


async def test_who_may_sign_out(staff: StaffSite) -> None:
    """Also a leader, who changes nothing else."""
    for number, role in enumerate(Role):
        browser = await staff.signed_in(str(role), role)
        path = "/can-bo/dang-xuat" if number % 2 else "/can-bo/dang-xuat-moi-noi"
        assert (await browser.post(path)).headers["location"] == "/can-bo/dang-nhap?xong=ra"


def test_bound_roles_are_those_of_one_office() -> None:
    assert frozenset({Role.OFFICE_MANAGER, Role.COUNTER_OFFICER}) == BOUND


async def _gets_in(browser: Browser, rule: Rule, office: str, csrf: str) -> bool:
    """Whether the request came through to the route: neither refused nor sent away to sign in."""
    path = rule.path.format(office_id=office, **VALUES)
    if rule.method in SAFE:
        answer = await browser.client.request(rule.method, path)
    else:
        answer = await browser.post(path, csrf)
    assert answer.status_code < 500, rule.name
    sent_away = answer.status_code == 303 and "/can-bo/dang-nhap" in answer.headers["location"]
    return answer.status_code != 403 and not sent_away
