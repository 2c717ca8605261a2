"""The ids of the dialogue's choices: each says all there is to know, so that an old button still works.

`k:` and a letter, then parts between colons, at most 60 characters: offices have ids of at most 18 characters, service
groups of 22.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from booking.types import ZONE

PREFIX = "k:"
LEAVE = "k:x"
MINE = "k:l"
ACCEPT = "k:a"
"""Take the seat that was held for one who waited."""
STOP_WAITING = "k:u"
_STAMP, _DAY = "%y%m%d%H%M", "%y%m%d"
_SUBJECT = re.compile(r"[a-z_]{1,22}|\d{1,2}\.\d{6,7}")
_OFFICE = re.compile(r"[a-z0-9_]{1,24}")
_REFERENCE = re.compile(r"[0-9A-Z]{2}-[0-9A-Z]{4}")
_PLACE = re.compile(r"-?\d{1,5}")


@dataclass(frozen=True, slots=True)
class Tap:
    """A choice taken apart; what it does not say is None."""

    kind: str
    subject: str | None = None
    office: str | None = None
    at: datetime | None = None
    first: date | None = None
    last: date | None = None
    reference: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def group(ident: str) -> str:
    """Book at this counter."""
    return f"{PREFIX}g:{ident}"


def office(ident: str, subject: str) -> str:
    """Book at this office."""
    return f"{PREFIX}o:{ident}:{subject}"


def slot(office_id: str, subject: str, at: datetime) -> str:
    """Take this time."""
    return f"{PREFIX}s:{office_id}:{subject}:{at.astimezone(ZONE):{_STAMP}}"


def later(office_id: str, subject: str, at: datetime) -> str:
    """Show the times after this one."""
    return f"{PREFIX}n:{office_id}:{subject}:{at.astimezone(ZONE):{_STAMP}}"


def next_person(office_id: str, subject: str) -> str:
    """Book the same for another person, as a community helper does."""
    return f"{PREFIX}h:{office_id}:{subject}"


def wait(office_id: str, subject: str, first: date, last: date) -> str:
    """Wait for a seat on these days."""
    return f"{PREFIX}w:{office_id}:{subject}:{first:{_DAY}}:{last:{_DAY}}"


def move(reference: str) -> str:
    """Move this appointment."""
    return f"{PREFIX}m:{reference}"


def move_to(reference: str, at: datetime) -> str:
    """Move it to this time."""
    return f"{PREFIX}t:{reference}:{at.astimezone(ZONE):{_STAMP}}"


def cancel(reference: str) -> str:
    """Cancel this appointment, once asked again."""
    return f"{PREFIX}c:{reference}"


def sure(reference: str) -> str:
    """Cancel it."""
    return f"{PREFIX}y:{reference}"


def place(latitude: float, longitude: float) -> str:
    """A shared location, rounded to about two kilometres: nearer nobody needs to know to find a centre."""
    return f"{PREFIX}p:{round(latitude * 50) * 2}:{round(longitude * 50) * 2}"


def read(choice: str) -> Tap | None:
    """What a choice of the dialogue means; None for any other text."""
    kind, *parts = choice.removeprefix(PREFIX).split(":")
    names = _FORMS.get(kind)
    if not choice.startswith(PREFIX) or names is None or len(names) != len(parts):
        return None
    try:
        return Tap(kind, **{name: _READERS[name](part) for name, part in zip(names, parts, strict=True)})
    except ValueError:
        return None


_FORMS: dict[str, tuple[str, ...]] = {
    "x": (),
    "l": (),
    "a": (),
    "u": (),
    "g": ("subject",),
    "o": ("office", "subject"),
    "s": ("office", "subject", "at"),
    "h": ("office", "subject"),
    "n": ("office", "subject", "at"),
    "w": ("office", "subject", "first", "last"),
    "m": ("reference",),
    "t": ("reference", "at"),
    "c": ("reference",),
    "y": ("reference",),
    "p": ("latitude", "longitude"),
}


def _of(form: re.Pattern[str]) -> Callable[[str], str]:
    def read_part(part: str) -> str:
        if not form.fullmatch(part):
            raise ValueError(part)
        return part

    return read_part


def _day(part: str) -> date:
    return datetime.strptime(_of(re.compile(r"\d{6}"))(part), _DAY).date()


def _moment(part: str) -> datetime:
    return datetime.strptime(_of(re.compile(r"\d{10}"))(part), _STAMP).replace(tzinfo=ZONE)


def _degrees(part: str) -> float:
    return int(_of(_PLACE)(part)) / 100


_READERS: dict[str, Callable[[str], Any]] = {
    "subject": _of(_SUBJECT),
    "office": _of(_OFFICE),
    "reference": _of(_REFERENCE),
    "at": _moment,
    "first": _day,
    "last": _day,
    "latitude": _degrees,
    "longitude": _degrees,
}
