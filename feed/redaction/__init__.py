"""Takes personal data out of citizens' texts before anything is written or logged.

Rules, not a model: they find what people type (accented or not), keep look-alikes (fees, decree numbers,
codes, dates) and take time proportional to the text. Measured by `benchmarks/redaction.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from feed.redaction.addresses import find_addresses
from feed.redaction.kinds import PLACEHOLDERS, Kind, Span
from feed.redaction.marks import find_coordinates, find_emails, find_passports, find_plates
from feed.redaction.names import find_names
from feed.redaction.numbers import find_insurance_cards, find_numbers
from feed.redaction.view import View

__all__ = ["PLACEHOLDERS", "Kind", "Redacted", "Span", "find", "redact"]

_FINDERS: tuple[Callable[[View], list[Span]], ...] = (
    find_emails,
    find_coordinates,
    find_insurance_cards,
    find_plates,
    find_passports,
    find_numbers,
    find_addresses,
    find_names,
)
_MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without personal data, and the kinds that were taken out of it."""

    text: str
    kinds: frozenset[Kind]


def redact(text: str) -> Redacted:
    """`text`, composed to NFC, with placeholders instead of personal data. Never raises.

    Redacting twice changes nothing: rounds repeat until nothing is found, because a placeholder can bring
    words together.
    """
    text = unicodedata.normalize("NFC", text)
    kinds: set[Kind] = set()
    for _ in range(_MOST_ROUNDS):
        spans = find(text)
        if not spans:
            break
        kinds.update(span.kind for span in spans)
        text = _replace(text, spans)
    return Redacted(text, frozenset(kinds))


def find(text: str) -> list[Span]:
    """The personal data in an NFC text, in order, without overlaps."""
    view = View(text)
    found: list[Span] = []
    for finder in _FINDERS:
        spans = finder(view)
        view.settle(spans)
        found += spans
    return sorted(found, key=lambda span: span.start)


def _replace(text: str, spans: list[Span]) -> str:
    pieces, last = [], 0
    for span in spans:
        pieces += [text[last : span.start], PLACEHOLDERS[span.kind]]
        last = span.end
    return "".join(pieces) + text[last:]
