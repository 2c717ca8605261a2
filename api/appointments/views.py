"""Days and times as the pages show them: weeks of days, mornings and afternoons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.texts import booking_text
from booking.types import ZONE, DayOffer, DayStatus, Slot
from bot.when.calendar_dates import monday

_HIDDEN = (DayStatus.TOO_SOON, DayStatus.TOO_FAR)
_SATURDAY = 5
_NOON, _EVENING = 12, 18
_NEXT = 6
"""Times that are proposed instead of one that is gone."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week with the days that are worth showing."""

    title: str
    days: tuple[DayOffer, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day with its free times."""

    title: str
    slots: tuple[Slot, ...]


def weeks(offers: Iterable[DayOffer], today: date) -> list[Week]:
    """The days by week. Left out is what cannot be booked anyway: the past, and weekends without office hours."""
    by_monday: dict[date, list[DayOffer]] = {}
    for offer in offers:
        weekend = offer.day.weekday() >= _SATURDAY and offer.status is DayStatus.CLOSED and not offer.reason
        if offer.status not in _HIDDEN and not weekend:
            by_monday.setdefault(monday(offer.day), []).append(offer)
    return [Week(_week_title(first, today), tuple(days)) for first, days in by_monday.items()]


def parts(slots: Iterable[Slot]) -> list[Part]:
    """A day's times by part of the day, those that have any."""
    named: dict[str, list[Slot]] = {"morning": [], "afternoon": [], "evening": []}
    for slot in slots:
        hour = slot.starts_at.astimezone(ZONE).hour
        named["morning" if hour < _NOON else "afternoon" if hour < _EVENING else "evening"].append(slot)
    return [Part(booking_text(key), tuple(found)) for key, found in named.items() if found]


def nearest_slots(slots: Sequence[Slot], wanted: datetime) -> list[Slot]:
    """The free times nearest to one that is gone, in order."""
    near = sorted(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))[:_NEXT]
    return sorted(near, key=lambda slot: slot.starts_at)


def read_day(text: str) -> date | None:
    """A day of an address, such as 2026-11-24."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None


def read_time(text: str) -> datetime | None:
    """A time of a form, such as 2026-11-24T08:00, at the office's clock."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ZONE)
    except ValueError:
        return None


def _week_title(first: date, today: date) -> str:
    ahead = (first - monday(today)).days // 7
    if ahead in (0, 1):
        return booking_text(f"week_{ahead}")
    sunday = first + timedelta(days=6)
    return booking_text("week", first=f"{first.day}/{first.month}", last=f"{sunday.day}/{sunday.month}")
