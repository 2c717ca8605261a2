"""To the OpenID provider and back."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api.problems import Problem
from api.staff import signing
from api.staff.access import SIGN_IN, STAGE_PAGES
from api.staff.door import Stage, door_of, give_cookie
from api.staff.provider import RETURN_PATH, Provider, ProviderFailed
from api.staff.routes import visitor_of

router = APIRouter(include_in_schema=False)
_log = structlog.get_logger(__name__)


@router.get(f"{SIGN_IN}/oidc")
async def to_provider(request: Request) -> Response:
    """Sends the officer to the provider."""
    try:
        return await _provider(request).begin(request)
    except ProviderFailed as failed:
        _log.warning("provider_failed", step="begin", cause=type(failed.__cause__).__name__)
        raise Problem(502, "provider") from failed


@router.get(RETURN_PATH)
async def from_provider(request: Request) -> Response:
    """Takes the officer whom the provider sends back; asks for our second factor where it vouches for none."""
    provider, door = _provider(request), door_of(request)
    try:
        person = await provider.finish(request)
    except ProviderFailed as failed:
        _log.warning("provider_failed", step="finish", cause=type(failed.__cause__).__name__)
        raise Problem(403, "provider") from failed
    try:
        token = await signing.with_provider(
            door,
            visitor_of(request),
            person.issuer,
            person.subject,
            person.email,
            second_factor=person.second_factor,
        )
    except signing.Refused as refused:
        raise Problem(refused.status, refused.key) from refused
    response = RedirectResponse(STAGE_PAGES[Stage.CODE], status_code=303)
    provider.forget(response)
    give_cookie(response, door, token)
    return response


def _provider(request: Request) -> Provider:
    provider = door_of(request).provider
    if provider is None:
        raise Problem(404, "not_found")
    return provider
