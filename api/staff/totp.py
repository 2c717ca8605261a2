"""The second factor: time-based codes of an authenticator app (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
RECOVERY_CODES = 10
_ISSUER = "Ban hoi Quang Tri"
_CODE = re.compile(r"^[0-9]{6}$")
_RECOVERY = re.compile(r"^[a-z2-7]{16}$")
_EITHER_SIDE = 1
"""Steps by which a telephone's clock may be wrong."""


def new_secret() -> str:
    """A secret to share with the app: 160 random bits in base 32."""
    return pyotp.random_base32()


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed, or None. All steps are compared, whichever is right."""
    code = _squeezed(typed)
    if not _CODE.match(code):
        return None
    generator, at = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    right = None
    for step in range(at - _EITHER_SIDE, at + _EITHER_SIDE + 1):
        if secrets.compare_digest(generator.generate_otp(step), code):
            right = step
    return right


def enrolment_uri(secret: str, name: str) -> str:
    """What the app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def qr_svg(uri: str) -> str:
    """A QR code as an SVG element, black on white in either colour scheme."""
    return segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)


def spelt_out(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Codes for one use each, 80 random bits, in groups of four."""
    made = (base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES))
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in made]


def recovery_hash(typed: str) -> str | None:
    """What is stored of a recovery code, or None where it cannot be one. A fast hash is enough for 80 bits."""
    code = _squeezed(typed)
    return hashlib.sha256(code.encode()).hexdigest() if _RECOVERY.match(code) else None


def _squeezed(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).lower()
