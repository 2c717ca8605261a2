"""One log line and one count per request; catches what nobody else caught."""

from __future__ import annotations

import secrets
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refuse
from api.metrics import Metrics
from api.problems import Problem

_log = structlog.get_logger("api.access")
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/{name}")


class Observe:
    """Names every request, times it, and turns an unexpected error into an answer."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=secrets.token_hex(6)):
            try:
                await self.app(scope, receive, watched)
            except Exception:
                _log.exception("request_failed", route=_route(scope))
                if status == 0:
                    await refuse(Problem(500, "internal"), Request(scope))(scope, receive, watched)
            self._record(scope, status, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = _route(scope), _method(scope)
        self.metrics.requests.labels(method=method, route=route, status=str(status)).inc()
        self.metrics.request_seconds.labels(route=route).observe(seconds)
        log = _log.debug if route in _QUIET else _log.info
        log("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _route(scope: Scope) -> str:
    """The route's pattern, never the address: addresses are endless and may hold what people typed."""
    template = getattr(scope.get("route"), "path_format", None)
    return template if isinstance(template, str) else "other"


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"
