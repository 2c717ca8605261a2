"""Signs what webhooks send, so that its reader knows who wrote it, that nothing was changed and that it is not old.

`Banhoi-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>." and the body, in hexadecimal>`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

HEADER = "Banhoi-Signature"
TOLERANCE = 300
"""Seconds that a signature may be old; its reader refuses older ones and remembers the deliveries it has seen."""
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def new_secret() -> str:
    """A secret of 256 random bits."""
    return "whsec_" + secrets.token_urlsafe(32)


def sign(secret: str, moment: int, body: bytes) -> str:
    """The header for a body that is sent at this moment."""
    return f"t={moment},v1={_digest(secret, moment, body)}"


def verify(secret: str, header: str, body: bytes, now: int, tolerance: int = TOLERANCE) -> bool:
    """Whether the header signs this body and is no older (or further ahead) than `tolerance` seconds."""
    match = _FORM.fullmatch(header)
    if match is None or abs(now - int(match[1])) > tolerance:
        return False
    return hmac.compare_digest(_digest(secret, int(match[1]), body), match[2])


def _digest(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), str(moment).encode() + b"." + body, hashlib.sha256).hexdigest()
