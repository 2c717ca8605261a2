"""Refuses what no route should see: a wrong host name, a body too large or too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refuse
from api.problems import Problem

BODY_LIMIT = 64 * 1024
"""Bytes. More than anybody has to say in a form or to the REST interface."""
WEBHOOK_LIMIT = 256 * 1024
"""Bytes. Two texts of 4096 characters, one quoting the other, escaped and with all their entities, stay below."""
_WEBHOOKS = "/telegram/"
BODY_SECONDS = 20.0
_OPEN_TO_ANY_HOST = ("/healthz", "/readyz")
"""Asked by their address by whatever watches over the machine."""


class Guard:
    """Checks the host, then reads the body within its limits and hands it on as one piece."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], body_seconds: float = BODY_SECONDS) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is allowed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self._check_host(Request(scope))
            body = await self._body(scope, receive)
        except Problem as problem:
            await refuse(problem, Request(scope))(scope, receive, send)
            return
        except ClientDisconnect:
            return
        await self.app(scope, _replay(body, receive), send)

    def _check_host(self, request: Request) -> None:
        if request.url.path in _OPEN_TO_ANY_HOST:
            return
        host = request.headers.get("host", "")
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        if name.lower() not in self.hosts and "*" not in self.hosts:
            raise Problem(421, "wrong_host")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return b""
        declared = Request(scope).headers.get("content-length", "")
        limit = WEBHOOK_LIMIT if scope["path"].startswith(_WEBHOOKS) else BODY_LIMIT
        if declared.isdigit() and int(declared) > limit:
            raise Problem(413, "too_large", {"Connection": "close"})
        try:
            async with asyncio.timeout(self.body_seconds):
                return await _read(receive, limit)
        except TimeoutError as error:
            raise Problem(408, "too_slow", {"Connection": "close"}) from error


async def _read(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise Problem(413, "too_large", {"Connection": "close"})
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the whole body first, then whatever the server says next."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
