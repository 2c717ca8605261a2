"""The codes by which citizens and officers name a case: "PA-7K3MXQ". Made to be read aloud and copied by hand."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O, 1 I L and U, which are mistaken for one another on paper and over the telephone."""
_DIGITS = "23456789"
_LENGTH = 6
REPORT = "PA"
"""Phản ánh."""


def new_code(prefix: str = REPORT) -> str:
    """A new code; its caller sees to it that it is not taken. It holds a digit, so that it is never a word."""
    characters = [secrets.choice(ALPHABET) for _ in range(_LENGTH)]
    characters[secrets.randbelow(_LENGTH)] = secrets.choice(_DIGITS)
    return f"{prefix}-{''.join(characters)}"
