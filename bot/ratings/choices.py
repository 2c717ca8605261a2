"""The ids of the choices that rate: `s:4:m812` four stars for the answer to message 812, `s:4:k7-3MHP` for a visit."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "s:"
REASONS_GOOD = ("right", "clear", "quick", "kind")
REASONS_BAD = ("wrong", "unclear", "lacking", "slow", "rude")
_SUBJECT = r"(?P<subject>m\d{1,18}|[0-9A-Z]{2}-[0-9A-Z]{4})"
_TAP = re.compile(rf"s:(?P<act>[1-5]|w|{'|'.join((*REASONS_GOOD, *REASONS_BAD))}):{_SUBJECT}")


@dataclass(frozen=True, slots=True)
class Tap:
    """A choice taken apart. `act`: stars, a reason, or "w" to write one's own."""

    act: str
    subject: str

    @property
    def message(self) -> int | None:
        """The message whose answer is rated."""
        return int(self.subject[1:]) if self.subject.startswith("m") else None

    @property
    def reference(self) -> str | None:
        """The appointment that is rated."""
        return None if self.subject.startswith("m") else self.subject


def of_message(message: int) -> str:
    """What the ids of choices call the answer to a message."""
    return f"m{message}"


def rate(act: str, subject: str) -> str:
    """Stars, a reason, or "w" for a subject."""
    return f"{PREFIX}{act}:{subject}"


def read(choice: str) -> Tap | None:
    """What a choice that rates means; None for any other."""
    found = _TAP.fullmatch(choice)
    return Tap(found["act"], found["subject"]) if found else None
