"""Adds the pages for officers to the application, where its settings make them safe."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI, Request, Response
from starlette.responses import RedirectResponse

from api.counter import routes as counter
from api.figures import routes as figures
from api.figures.live import Live
from api.problems import Problem
from api.review import routes as review
from api.services import Services
from api.settings import Settings
from api.staff import routes
from api.staff.access import SignInNeeded
from api.staff.door import Door, door_of
from api.staff.sealing import Seal, key_in

if TYPE_CHECKING:
    from api.staff.provider import Provider

ROUTERS = (routes.router, counter.router, review.router, figures.router)
"""Every router below /can-bo. Screens of other work add theirs here."""


def add_staff(app: FastAPI, settings: Settings, services: Services) -> None:
    """Adds every staff page; where they would not be safe, none is there."""
    if not settings.serves_staff:
        return
    seal = Seal(settings.staff_key.get_secret_value() if settings.staff_key else key_in(settings.data_dir))
    app.state.door = Door(
        database=services.database,
        clock=services.clock,
        idle=timedelta(minutes=settings.staff_idle_minutes),
        longest=timedelta(hours=settings.staff_session_hours),
        secure=settings.secure_cookies,
        seal=seal,
        passwords=services.passwords,
        limiter=services.limiter,
        provider=_add_provider(app, settings, seal),
    )
    app.state.live = Live(services.database, services.clock)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(over_https)])

    @app.exception_handler(SignInNeeded)
    async def _first(_request: Request, error: Exception) -> Response:
        assert isinstance(error, SignInNeeded)
        return RedirectResponse(error.location, status_code=303)


async def over_https(request: Request) -> None:
    """Refuses a staff page over http where officers come over https: a password would travel in the clear."""
    if door_of(request).secure and request.url.scheme != "https":
        raise Problem(403, "insecure")


def _add_provider(app: FastAPI, settings: Settings, seal: Seal) -> Provider | None:
    """The provider and its routes. Its library is an extra, imported only where it is used."""
    if settings.oidc_metadata_url is None:
        return None
    from api.staff.provider import Provider
    from api.staff.provider_routes import router

    app.include_router(router, dependencies=[Depends(over_https)])
    return Provider(settings, seal)
