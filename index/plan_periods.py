"""Years and spans of years, asked for and held by statements of plans."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.models import Statement

_SPAN = re.compile(r"\b(20[1-9]\d)(?:\s*[-–/]\s*|\s+(?:(?:đến|den|tới|toi)\s+)?(?:năm\s+|nam\s+)?)(20[1-9]\d)\b")
_YEAR = re.compile(r"\b20[1-9]\d\b")
_OPEN_END = re.compile(r"^(?:từ|sau)\b", re.IGNORECASE)
_LAST = 2100


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the beginning of one year to the end of another."""

    start: int
    end: int

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}-{self.end}"


def periods_in(text: str) -> list[Period]:
    """The years and spans that a text names, in its order, each once.

    "2026-2027", "2026 đến 2027" and "2026 2027" are one span; "2026 và 2027" are two years.
    """
    found = dict[Period, None]()
    at = 0
    while match := _YEAR.search(text, at):
        span = _SPAN.match(text, match.start())
        years = (int(span[1]), int(span[2])) if span else (int(match[0]), int(match[0]))
        if years[0] > years[1]:
            span, years = None, (years[0], years[0])
        found[Period(*years)] = None
        at = span.end() if span else match.end()
    return list(found)


def period_of(statement: Statement) -> Period | None:
    """The years a statement is for: its period, else its deadline, else the years of its text.

    "đến năm 2030" is the year 2030: what holds on the way there, the document does not say. "từ 2025" has no end.
    """
    for text in (statement.period or "", statement.deadline or ""):
        if periods := periods_in(text):
            start, end = min(p.start for p in periods), max(p.end for p in periods)
            return Period(start, _LAST if _OPEN_END.match(text) and start == end else end)
    named = periods_in(statement.text)
    return named[0] if len(named) == 1 else None


def fit(asked: Period, own: Period | None) -> float:
    """How well what is said of `own` answers what is asked of `asked`, 0 to 1; half where nothing is said of years."""
    if own is None:
        return 0.5
    if asked == own:
        return 1.0
    if own.start <= asked.start and asked.end <= own.end:
        return 0.9
    return 0.7 if asked.start <= own.start and own.end <= asked.end else 0.0
