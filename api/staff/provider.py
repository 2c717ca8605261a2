"""Signing in through an OpenID Connect provider: authorization code flow with PKCE, state and nonce, by Authlib.

The provider vouches for a person; which account that is, an admin has said beforehand. No account is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from fastapi import Request
from joserfc.errors import JoseError
from starlette.responses import RedirectResponse

from api.settings import Settings
from api.staff.sealing import Seal, SealBroken

RETURN_PATH = "/can-bo/oidc"
_SECONDS = 600
_SECOND_FACTORS = frozenset({"mfa", "otp", "hwk"})
"""Values of `amr` (RFC 8176) that say that more than a password was given."""


class ProviderFailed(Exception):
    """The provider could not be reached, refused, or said something that does not hold."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str | None
    """Only where the provider has verified it."""
    second_factor: bool


class Provider:
    """One provider. What the flow has to remember travels in a sealed cookie, so that any replica can go on."""

    def __init__(self, settings: Settings, seal: Seal) -> None:
        secret = settings.oidc_client_secret
        self.name = settings.oidc_name
        self._seal = seal
        self._client_id = settings.oidc_client_id
        self._base = settings.public_url
        self._secure = settings.secure_cookies
        self._client: Any = OAuth().register(
            "staff",
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=settings.oidc_metadata_url,
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
        )

    @property
    def _cookie(self) -> str:
        return "__Host-staff-oidc" if self._secure else "staff-oidc"

    async def begin(self, request: Request) -> RedirectResponse:
        """Sends the browser to the provider. Raises `ProviderFailed`."""
        request.scope["session"] = {}
        back = (self._base or str(request.base_url).rstrip("/")) + RETURN_PATH
        try:
            response: RedirectResponse = await self._client.authorize_redirect(request, back)
        except (AuthlibBaseError, httpx2.HTTPError, RuntimeError, ValueError) as error:
            raise ProviderFailed from error
        sealed = self._seal.seal_data(request.scope["session"])
        response.set_cookie(self._cookie, sealed, max_age=_SECONDS, httponly=True, samesite="lax", secure=self._secure)
        return response

    async def finish(self, request: Request) -> Person:
        """Whom the provider vouches for, once it has sent the browser back. Raises `ProviderFailed`."""
        try:
            request.scope["session"] = self._seal.open_data(request.cookies.get(self._cookie, ""), _SECONDS)
            token = await self._client.authorize_access_token(request, claims_options=await self._wanted())
        except (SealBroken, AuthlibBaseError, JoseError, httpx2.HTTPError, RuntimeError, ValueError) as error:
            raise ProviderFailed from error
        claims: dict[str, Any] | None = token.get("userinfo")
        if claims is None:  # no id_token was given
            raise ProviderFailed
        return _person(claims)

    def forget(self, response: RedirectResponse) -> None:
        """Takes the flow's cookie away: it serves once."""
        response.delete_cookie(self._cookie, httponly=True, samesite="lax", secure=self._secure)

    async def _wanted(self) -> dict[str, dict[str, Any]]:
        metadata = await self._client.load_server_metadata()
        return {
            "iss": {"essential": True, "value": metadata.get("issuer")},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True},
        }


def _person(claims: dict[str, Any]) -> Person:
    email = claims.get("email")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    methods = claims.get("amr")
    return Person(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(email).lower() if verified else None,
        second_factor=isinstance(methods, list) and not _SECOND_FACTORS.isdisjoint(map(str, methods)),
    )
