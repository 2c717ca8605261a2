"""Who may read what: keys of partner systems with scopes, limited in number of calls, their use on record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from fastapi import Request

from api.problems import Problem
from api.services import Services
from store import api_keys, audit
from store.api_keys import PREFIX, ApiKey
from store.engine import read, write_repeatable

_LONGEST_KEY = 100


class Scope(StrEnum):
    """What a key opens. Names stand in the database and stay as they are."""

    QUESTIONS = "questions"
    CASES = "cases"
    ANSWERS = "answers"
    FIGURES = "figures"


def keyed(scope: Scope) -> Callable[[Request], Awaitable[ApiKey]]:
    """A dependency that lets in who sends `Authorization: Bearer` with a key in force that has this scope.

    Raises `Problem` 401 without such a key, 403 where it lacks the scope, 429 where it is used too often. Wrong keys
    are counted by network address, as are wrong codes of appointments.
    """

    async def check(request: Request) -> ApiKey:
        services: Services = request.app.state.services
        key = await _known(services, request)
        limited = await services.limiter.export(key.name)
        if limited:
            raise Problem(429, "limited", {"Retry-After": str(limited.retry_after)}, seconds=limited.retry_after)
        if scope not in key.scopes:
            raise Problem(403, "key_scope", scope=scope)
        await _on_record(services, key, scope)
        return key

    return check


async def _known(services: Services, request: Request) -> ApiKey:
    address = request.client.host if request.client else ""
    limited = await services.limiter.may_try_code(address)
    if limited:
        raise Problem(429, "limited", {"Retry-After": str(limited.retry_after)}, seconds=limited.retry_after)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    given = given.strip()
    if scheme.lower() == "bearer" and given.startswith(PREFIX) and len(given) <= _LONGEST_KEY:
        async with read(services.database) as connection:
            key = await api_keys.of(connection, given)
        if key is not None and key.in_force(services.clock()):
            return key
    if given:
        await services.limiter.wrong_code(address)
    raise Problem(401, "api_key", {"WWW-Authenticate": 'Bearer realm="banhoi"'}) from None


async def _on_record(services: Services, key: ApiKey, scope: Scope) -> None:
    """Last use and an audit entry, every few minutes at most: a partner that reads all day must not fill the log."""
    now = services.clock()
    if not api_keys.needs_touch(key, now):
        return
    async with write_repeatable(services.database) as connection:
        await api_keys.touch(connection, key, now)
        await audit.record(connection, now, f"key:{key.name}", "export_read", f"export:{scope}")
