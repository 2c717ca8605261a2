"""What no route ever sees: foreign host names, bodies too large or too slow, junk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.types import Message, Scope

from tests.api.site_support import Site

Sent = list[Message]
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8000"])
async def test_a_foreign_host_name_is_refused(site: Site, host: str) -> None:
    response = await site.client.get("/", headers={"host": host})
    assert response.status_code == 421
    assert "Sai tên miền" in response.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"])
async def test_the_names_of_this_machine_are_taken(site: Site, host: str) -> None:
    assert (await site.client.get("/", headers={"host": host})).status_code == 200


async def test_a_probe_may_come_by_any_address(site: Site) -> None:
    for path in ("/healthz", "/readyz"):
        assert (await site.client.get(path, headers={"host": "10.1.2.3:8000"})).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/ask", "/hoi", "/moi"])
async def test_a_body_of_100_kb_is_refused(site: Site, path: str) -> None:
    response = await site.client.post(path, content=b"x" * 100_000, headers=JSON)
    assert response.status_code == 413
    assert response.headers["connection"] == "close"


async def test_a_large_body_without_declared_length_is_refused_while_it_comes(site: Site) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 10_000_000:
            given += 8192
            yield b"x" * 8192

    response = await site.client.post("/api/v1/ask", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


async def test_a_body_that_never_ends_is_given_up(site: Site) -> None:
    from api.guard import Guard

    async def never(_scope: Scope, _receive: object, _send: object) -> None:
        raise AssertionError("nothing may arrive")

    guard = Guard(never, hosts={"127.0.0.1"}, body_seconds=0.01)
    sent = await _post(guard, site, lambda: asyncio.Event().wait())
    assert sent[0]["status"] == 408


async def test_a_client_that_goes_away_is_forgotten(site: Site) -> None:
    from api.guard import Guard

    async def never(_scope: Scope, _receive: object, _send: object) -> None:
        raise AssertionError("nothing may arrive")

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert await _post(Guard(never, hosts={"127.0.0.1"}), site, gone) == []


async def _post(app: Any, site: Site, receive: Callable[[], Awaitable[Any]]) -> Sent:
    sent: Sent = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/ask",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "app": site.app,
    }
    await app(scope, receive, send)
    return sent


BINARY = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (BINARY, JSON),
        (b"\xff\xfe{\x00", JSON),
        (b'{"text": "\xff"}', JSON),
        (b'{"text": "a"', JSON),
        (b"[1, 2]", JSON),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"", JSON),
        (b'{"text": "a"}', {"content-type": "text/plain"}),
        (b'{"text": "a"}', {}),
        (b"text=a", FORM),
        (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", JSON),
    ],
)
async def test_junk_gets_a_clear_refusal_from_rest(site: Site, content: bytes, headers: dict[str, str]) -> None:
    response = await site.client.post("/api/v1/ask", content=content, headers=headers)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] in ("malformed", "invalid")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (BINARY, FORM, 422),
        (b"text=%ff%fe", FORM, 303),
        (b"text=" + b"%F0%9F%98%80" * 10, FORM, 303),
        (b"text=%00%01", FORM, 303),
        (b'{"text": "a"}', JSON, 415),
        (b"--x\r\n", {"content-type": "multipart/form-data; boundary=x"}, 415),
        (b"a=1&" * 100, FORM, 400),
        (b"", FORM, 422),
    ],
)
async def test_junk_never_breaks_the_chat(site: Site, content: bytes, headers: dict[str, str], status: int) -> None:
    response = await site.client.post("/hoi", content=content, headers=headers)
    assert response.status_code == status
    assert (await site.client.get("/")).status_code == 200


async def test_unknown_methods_and_paths_are_counted_without_their_names(site: Site) -> None:
    await site.client.request("BREW", "/secret-of-a-citizen")
    text = (await site.client.get("/metrics")).text
    assert 'method="other",route="other"' in text
    assert "secret-of-a-citizen" not in text
