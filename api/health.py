"""For machines that watch: alive, ready, and the figures for Prometheus."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from api.problems import Problem
from api.services import Services
from api.settings import Settings
from index.artefact import ArtefactUnusable
from store import transcripts
from store.engine import read
from store.errors import StoreUnavailable

router = APIRouter(include_in_schema=False)


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def readyz(request: Request) -> JSONResponse:
    """The service can answer citizens: the database takes queries and the knowledge is open."""
    services: Services = request.app.state.services
    checks = {"database": await _database(services), "knowledge": _knowledge(services)}
    ready = all(checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JSONResponse(body, status_code=200 if ready else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures for Prometheus; behind a token when the operator set one."""
    _authorise(request, request.app.state.settings)
    services: Services = request.app.state.services
    if _knowledge(services):
        services.metrics.show_knowledge(services.catalogue().version)
    try:
        async with read(services.database) as connection:
            services.metrics.show_queues(**await transcripts.open_rows(connection))
    except StoreUnavailable:
        services.metrics.database_up.set(0)
    else:
        services.metrics.database_up.set(1)
    return Response(services.metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _authorise(request: Request, settings: Settings) -> None:
    if settings.metrics_token is None:
        return
    given = request.headers.get("authorization", "").encode()
    wanted = f"Bearer {settings.metrics_token.get_secret_value()}".encode()
    if not secrets.compare_digest(given, wanted):
        raise Problem(401, "unauthorized", {"WWW-Authenticate": "Bearer"})


async def _database(services: Services) -> bool:
    try:
        async with read(services.database) as connection:
            await connection.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except StoreUnavailable:
        return False
    return True


def _knowledge(services: Services) -> bool:
    try:
        services.catalogue()
    except ArtefactUnusable:
        return False
    return True
