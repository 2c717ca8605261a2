"""The door for name and phone: taken out of a message for a booking before the message is stored.

Redaction stands before the log (docs/adr/0003); what it hides of somebody who is booking or reporting goes, for
minutes, where only the booking or the report finds it (`store.confided`). Nothing is taken unless one is under way.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.appointments.memory import Step
from bot.appointments.person import person_in
from bot.reports.memory import Step as ReportStep
from feed.door import admit
from feed.redaction import PLACEHOLDERS, Kind, find
from index.text import fold
from store.confided import Confided

KEPT = timedelta(minutes=30)
"""Longer than any seat is held."""
_LONGEST = 300
"""Characters; who tells more than name and phone is not answering that question."""
_WORDS = ("dat lich", "dac lich", "dat hen", "dat cho", "hen ", "nhan cho", "lay so", "phan anh", "gop y", "kien nghi")
"""What a message that begins a booking or a report holds, without diacritics."""
_KINDS = {"name": Kind.NAME, "phone": Kind.PHONE}


@dataclass(frozen=True, slots=True)
class Taken:
    """A text as it may be stored, and what was taken out of it."""

    text: str
    told: Confided


def take(raw: str, state: dict[str, Any]) -> Taken | None:
    """What a message tells of who comes, in a conversation in this state; None when it tells nothing."""
    booking, report = state.get("booking") or {}, state.get("report") or {}
    if len(raw) > _LONGEST or not (booking or report or any(word in fold(raw.lower()) for word in _WORDS)):
        return None
    raw = unicodedata.normalize("NFC", raw)
    spans = find(raw)
    names, phones = ([(s.start, s.end) for s in spans if s.kind is kind] for kind in (Kind.NAME, Kind.PHONE))
    asked = booking.get("step") == Step.PERSON or report.get("step") == ReportStep.CONTACT
    told = person_in(raw, names, phones, asked=asked)
    if not told.spans:
        return None
    text, last = "", 0
    for start, end, kind in told.spans:
        text += raw[last:start] + PLACEHOLDERS[_KINDS[kind]]
        last = end
    return Taken(admit(text + raw[last:]).text, Confided(told.name, told.phone))


def told_in(text: str) -> frozenset[str]:
    """What of "name" and "phone" a stored message told."""
    return frozenset(field for field, kind in _KINDS.items() if PLACEHOLDERS[kind] in text)
