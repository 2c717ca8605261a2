"""Takes personal data out of citizens' texts before anything is written or logged.

Rules, not a model: they find what people type (accented or not), keep look-alikes (fees, decree numbers,
codes, dates) and take time proportional to the text. Measured by `benchmarks/redaction.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from feed.redaction.addresses import find_addresses
from feed.redaction.hamlets import find_hamlets
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
    find_hamlets,
)
_MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without personal data, and the kinds that were taken out of it."""

    text: str
    kinds: frozenset[Kind]
    spans: tuple[Span, ...] = ()
    """Where it stood in the text that came in, composed to NFC."""


def redact(text: str) -> Redacted:
    """`text`, composed to NFC, with placeholders instead of personal data. Never raises.

    Redacting twice changes nothing: rounds repeat until nothing is found, because a placeholder can bring
    words together.
    """
    text = unicodedata.normalize("NFC", text)
    taken: list[Span] = []
    for _ in range(_MOST_ROUNDS):
        spans = find(text)
        if not spans:
            break
        text = _replace(text, spans)
        taken = sorted([*taken, *(_origin(span, taken) for span in spans)], key=lambda span: span.start)
    return Redacted(text, frozenset(span.kind for span in taken), tuple(taken))


def find(text: str) -> list[Span]:
    """The personal data in an NFC text, in order, without overlaps."""
    view = View(text)
    found: list[Span] = []
    for finder in _FINDERS:
        spans = finder(view)
        view.settle(spans)
        found += spans
    return sorted(found, key=lambda span: span.start)


def _origin(span: Span, taken: list[Span]) -> Span:
    """A span of a text with placeholders, as it stood before `taken` were replaced."""
    shift = 0
    for earlier in taken:
        if earlier.start >= span.start + shift:
            break
        shift += earlier.end - earlier.start - len(PLACEHOLDERS[earlier.kind])
    return Span(span.start + shift, span.end + shift, span.kind)


def _replace(text: str, spans: list[Span]) -> str:
    pieces, last = [], 0
    for span in spans:
        pieces += [text[last : span.start], PLACEHOLDERS[span.kind]]
        last = span.end
    return "".join(pieces) + text[last:]
