"""The application: every way in for programs and people with a browser, put together from its services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api import browse, health, public_answers, rest, web
from api.appointments.routes import ROUTERS as APPOINTMENTS
from api.assets import assets
from api.errors import add_error_handlers
from api.guard import Guard
from api.headers import SecurityHeaders
from api.observe import Observe
from api.pages import Site
from api.services import Services
from api.settings import Settings
from api.staff.setup import add_staff
from api.texts import page_text
from api.ways_out import atom, exports
from store.migrate import upgrade_engine

_log = structlog.get_logger("api.app")
WAYS_OUT = (exports.router, atom.router)
REFRESH_SECONDS = 5.0
_RESTART_SECONDS = 1.0


def create_app(settings: Settings, services: Services, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The application over `services`, which it closes at its end. `routers` adds channels' webhooks.

    At its start it brings the database to the newest schema and starts the background work. Without a build
    of the knowledge it starts all the same, says so, and serves as soon as there is one.
    """
    assets()  # a package that lacks a file is found now and not by a citizen
    app = FastAPI(
        title=page_text("api_title"),
        description=page_text("api_description"),
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        middleware=[
            Middleware(SecurityHeaders, secure=settings.secure_cookies),
            Middleware(Observe, metrics=services.metrics),
            Middleware(Guard, hosts=settings.hosts),
        ],
    )
    app.state.settings = settings
    app.state.services = services
    app.state.site = Site(settings.hotline)
    add_error_handlers(app)
    pages = (rest.router, health.router, web.router, browse.router, public_answers.router)
    for router in (*pages, *WAYS_OUT, *APPOINTMENTS, *routers):
        app.include_router(router)
    add_staff(app, settings, services)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    await upgrade_engine(services.database)
    work = (lambda: _keep_fresh(services), *services.background)
    tasks = [asyncio.create_task(_kept_alive(run)) for run in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await services.limiter.close()
        await services.database.dispose()


async def _keep_fresh(services: Services) -> None:
    """Swaps in a newer build of the knowledge soon after it was made."""
    while True:
        if await asyncio.to_thread(services.refresh):
            _log.info("knowledge_swapped", version=services.catalogue().version)
        await asyncio.sleep(REFRESH_SECONDS)


async def _kept_alive(run: Callable[[], Awaitable[None]]) -> None:
    """Runs background work and starts it again when it breaks; ends when it ends."""
    while True:
        try:
            await run()
        except Exception:
            _log.exception("background_work_broke")
            await asyncio.sleep(_RESTART_SECONDS)
        else:
            return
