"""What may stand in public: findings of personal data in an officer's words, which somebody must have confirmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from feed.errors import PersonalData
from feed.redaction import Kind, find


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a text that looks like personal data."""

    kind: Kind
    text: str


def findings(*texts: str, known: Collection[str] = ()) -> list[Finding]:
    """What looks like personal data in these texts, each once.

    `known` are numbers of offices, such as a hotline: in whatever spelling, they are nobody's data.
    """
    offices = {_digits(number) for number in known}
    found: dict[Finding, None] = {}
    for text in texts:
        text = unicodedata.normalize("NFC", text)
        for span in find(text):
            piece = text[span.start : span.end]
            if _digits(piece) not in offices:
                found[Finding(span.kind, piece)] = None
    return list(found)


def check(found: Collection[Finding], confirmed: Collection[str]) -> None:
    """Raises `PersonalData` unless every finding was confirmed, word for word, to be no personal data."""
    left = [(finding.kind, finding.text) for finding in found if finding.text not in confirmed]
    if left:
        raise PersonalData(left)


def _digits(text: str) -> str:
    """The digits of a number, +84 as 0; a text without any never equals a number."""
    digits = re.sub(r"\D", "", text.replace("+84", "0"))
    return digits or text
