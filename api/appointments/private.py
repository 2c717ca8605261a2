"""What keeps a ticket's link private: its headers, the limit on wrong codes, the read-only address of its calendar."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Request

from api.limiter import Limited
from api.problems import Problem
from api.services import Services
from booking.codes import SECRET_LENGTH
from booking.errors import NotFound
from booking.types import Ticket
from store.engine import read

HEADERS: Mapping[str, str] = {
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
"""Of every page whose address holds a code. `no-referrer` would make browsers hide from us, too, where a form comes
from; this policy tells everybody the host alone."""


async def ticket_of(request: Request, secret: str) -> Ticket:
    """The ticket that a code opens. An address that gave many wrong codes has to wait, with a right one, too.

    Raises `Problem` 404, the same for every wrong code, or 429.
    """
    services: Services = request.app.state.services
    address = address_of(request)
    limited = await services.limiter.may_try_code(address)
    if limited is not None:
        raise too_fast(limited)
    try:
        if len(secret) != SECRET_LENGTH:
            raise NotFound
        async with read(services.database) as connection:
            return await services.booking.find_by_secret(connection, secret)
    except NotFound as error:
        await services.limiter.wrong_code(address)
        raise Problem(404, "no_ticket", HEADERS) from error


async def count_booking(request: Request) -> None:
    """Counts a step that takes a seat or names a phone. Raises `Problem` 429."""
    services: Services = request.app.state.services
    limited = await services.limiter.booking(address_of(request))
    if limited is not None:
        raise too_fast(limited)


def address_of(request: Request) -> str:
    """The visitor's network address."""
    return request.client.host if request.client else "unknown"


def too_fast(limited: Limited) -> Problem:
    """The refusal of what came too often."""
    seconds = limited.retry_after
    return Problem(429, "booking_limited", {"Retry-After": str(seconds), **HEADERS}, seconds=seconds)


def feed_token(key: bytes, secret: str) -> str:
    """Stands for a code where others read along, such as a calendar provider: it shows, but changes nothing."""
    return base64.urlsafe_b64encode(_cipher(key).encrypt(_bytes(secret), None)).decode().rstrip("=")


def feed_secret(key: bytes, token: str) -> str | None:
    """The code behind such a token; None unless we made it."""
    try:
        plain = _cipher(key).decrypt(_bytes(token), None)
    except (InvalidTag, ValueError, binascii.Error):
        return None
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _cipher(key: bytes) -> AESSIV:
    """Deterministic: the same appointment has the same address each time."""
    return AESSIV(hashlib.sha256(b"banhoi calendar feed:" + key).digest())


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
