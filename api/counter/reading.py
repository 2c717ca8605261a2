"""Reads the forms of the calendar's screens into changes. Pure. What cannot be read is a `Fault`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from api.appointments.views import read_day
from api.counter.changes import (
    Change,
    ClosureTakenBack,
    NewCapacities,
    NewClosure,
    NewHours,
    NewSlotLength,
    NewSpecialDay,
    SpecialDayTakenBack,
)
from booking.calendar import at
from booking.types import Capacity, Closure, Span, SpecialDay
from bot.appointments.services import services

Fields = Mapping[str, str]
SLOT_LENGTHS = (10, 15, 20, 30, 60)
MOST_SPANS = 3
_NOON = time(12)
_REASON_LENGTH = 200
_WEEK = 7


class Fault(Exception):
    """A form that makes no sense; `key` names its sentence in the catalogue."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_change(part: str, fields: Fields, now: datetime) -> Change:
    """The change that a form of this part asks for. Raises `Fault`; `KeyError` for an unknown part."""
    return READERS[part](fields, now)


def _hours(fields: Fields, _now: datetime) -> Change:
    days = {weekday: _spans(fields, f"{weekday}-") for weekday in range(_WEEK)}
    if not any(days.values()):
        raise Fault("fault_no_hours")
    return NewHours({weekday: spans for weekday, spans in days.items() if spans})


def _slot_length(fields: Fields, _now: datetime) -> Change:
    minutes = _count(fields.get("phut", ""))
    if minutes not in SLOT_LENGTHS:
        raise Fault("fault_number")
    return NewSlotLength(minutes)


def _capacities(fields: Fields, _now: datetime) -> Change:
    wanted = {
        group: Capacity(_count(fields.get(f"hen-{group}", "")), _count(fields.get(f"quay-{group}", "")))
        for group in services()
        if f"hen-{group}" in fields
    }
    if not wanted:
        raise Fault("fault_number")
    return NewCapacities(wanted)


def _closure(fields: Fields, now: datetime) -> Change:
    first = _day(fields.get("tu", ""))
    last = _day(fields.get("den", "") or fields.get("tu", ""))
    begin, end = _closed_times(fields, first, last)
    if end <= begin:
        raise Fault("fault_order")
    if end <= now:
        raise Fault("fault_past")
    return NewClosure(Closure(begin, end, _reason(fields)))


def _closed_times(fields: Fields, first: date, last: date) -> tuple[datetime, datetime]:
    """From when to when it is closed, by the part of the day that was chosen."""
    part, midnight = fields.get("buoi", "ca-ngay"), time()
    if part == "ca-ngay":
        return at(first, midnight), at(last + timedelta(days=1), midnight)
    if first != last:
        raise Fault("fault_one_day")
    if part == "sang":
        return at(first, midnight), at(first, _NOON)
    if part == "chieu":
        return at(first, _NOON), at(first + timedelta(days=1), midnight)
    return at(first, _clock(fields.get("tu-gio", ""))), at(first, _clock(fields.get("den-gio", "")))


def _closure_back(fields: Fields, _now: datetime) -> Change:
    return ClosureTakenBack(fields.get("nghi", "")[:24])


def _special_day(fields: Fields, now: datetime) -> Change:
    day = _day(fields.get("ngay", ""))
    if at(day + timedelta(days=1), time()) <= now:
        raise Fault("fault_past")
    spans = _spans(fields, "") if fields.get("mo") == "mo" else ()
    if fields.get("mo") == "mo" and not spans:
        raise Fault("fault_no_hours")
    return NewSpecialDay(SpecialDay(day, spans, _reason(fields)))


def _special_day_back(fields: Fields, _now: datetime) -> Change:
    return SpecialDayTakenBack(_day(fields.get("ngay", "")))


READERS: Mapping[str, Callable[[Fields, datetime], Change]] = {
    "gio": _hours,
    "khung": _slot_length,
    "suc-chua": _capacities,
    "nghi": _closure,
    "bo-nghi": _closure_back,
    "ngay": _special_day,
    "bo-ngay": _special_day_back,
}
"""By the last part of the address."""


def _spans(fields: Fields, prefix: str) -> tuple[Span, ...]:
    """The spans whose fields are filled in."""
    found = []
    for number in range(MOST_SPANS):
        opens, closes = fields.get(f"{prefix}{number}-tu", ""), fields.get(f"{prefix}{number}-den", "")
        if bool(opens) != bool(closes):
            raise Fault("fault_half_span")
        if opens:
            found.append(Span(_clock(opens), _clock(closes)))
    return tuple(found)


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Fault("fault_day")
    return day


def _clock(text: str) -> time:
    try:
        return datetime.strptime(text[:5], "%H:%M").time()
    except ValueError:
        raise Fault("fault_clock") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise Fault("fault_number")
    return int(text)


def _reason(fields: Fields) -> str:
    reason = " ".join(fields.get("ly-do", "").split())
    if not reason or len(reason) > _REASON_LENGTH:
        raise Fault("fault_reason")
    return reason
