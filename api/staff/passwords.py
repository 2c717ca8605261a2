"""Passwords: hashed with Argon2id, checked in the same time whether or not there is an account, judged, made up."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 12
"""Characters; with a second factor NIST SP 800-63B-4 asks for 8."""
LONGEST = 200
_FEWEST_DIFFERENT = 6
_UNMISTAKABLE = "abcdefghijkmnpqrstuvwxyz23456789"
_AT_ONCE = 2
"""Each hash takes 64 MiB: a crowd at the door must not take all memory."""


class Passwords:
    """Hashes and checks. The parameters are those of RFC 9106 for little memory: 64 MiB, 3 passes, 4 lanes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = ""

    async def hash(self, password: str) -> str:
        """The hash to store, with its parameters and salt."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, one_form(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is right. Where nothing is stored it takes as long, and never is."""
        if not self._nobodys:
            self._nobodys = await self.hash(secrets.token_urlsafe())
        async with self._turns:
            right = await asyncio.to_thread(self._verify, stored or self._nobodys, one_form(password))
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, ValueError):  # wrong, or no hash at all
            return False


def fault_of(password: str, name: str) -> str | None:
    """Why a new password is too weak, as a key of the catalogue; None where it will do."""
    one = one_form(password)
    if len(one) < SHORTEST:
        return "password_short"
    if len(one) > LONGEST:
        return "password_long"
    if len(set(one)) < _FEWEST_DIFFERENT:
        return "password_plain"
    if name.lower() in one.lower():
        return "password_name"
    return None


def made_up() -> str:
    """A password to give out once: 20 characters that nobody misreads, 100 random bits."""
    groups = ("".join(secrets.choice(_UNMISTAKABLE) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def one_form(password: str) -> str:
    """Keyboards write the same Vietnamese letter in more than one way (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
