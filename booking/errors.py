"""Why a booking was refused, each with what the citizen or the officer is told. Nothing was changed then."""

from __future__ import annotations

from datetime import datetime

from booking.types import State
from booking.wording import moment, say


class BookingError(Exception):
    """Base of the errors of this room; its text is Vietnamese, for whoever asked."""

    key = ""

    def __init__(self, **values: object) -> None:
        super().__init__(say(self.key, **values))


class SlotFull(BookingError):
    """Every seat of the slot is taken: somebody was faster."""

    key = "slot_full"


class SlotClosed(BookingError):
    """The office is not open then, or no slot begins at that time."""

    key = "slot_closed"


class TooEarly(BookingError):
    """The slot lies beyond the horizon."""

    key = "too_early"

    def __init__(self, days: int) -> None:
        super().__init__(days=days)
        self.days = days


class TooLate(BookingError):
    """The slot begins within the lead time or has begun; or the visit has begun and cannot be changed any more."""

    key = "too_late"

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes=minutes)
        self.minutes = minutes


class LimitReached(BookingError):
    """The phone has as many appointments as it may have."""

    key = "limit_open"

    def __init__(self, most: int) -> None:
        super().__init__(most=most)
        self.most = most


class DayLimitReached(LimitReached):
    """The phone (for a helper: the name) has an appointment at this office on this day."""

    key = "limit_day"


class Barred(BookingError):
    """Too many no-shows: until `until` only walk-in."""

    key = "barred"

    def __init__(self, until: datetime) -> None:
        super().__init__(until=moment(until))
        self.until = until


class HoldExpired(BookingError):
    """The hold was not confirmed in time."""

    key = "hold_expired"


class NotFound(BookingError):
    """No appointment has this code, here."""

    key = "not_found"


class WrongState(BookingError):
    """The appointment cannot take this step now."""

    key = "wrong_state"

    def __init__(self, state: State) -> None:
        super().__init__(state=say(f"state_{state.value}"))
        self.state = state


class WrongDay(BookingError):
    """The appointment is for another day: it cannot be checked in today."""

    key = "wrong_day"

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(at=moment(starts_at))
        self.starts_at = starts_at


class NotYet(BookingError):
    """The time of the appointment has not come: nobody can have missed it."""

    key = "not_yet"

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(at=moment(starts_at))
        self.starts_at = starts_at


class InvalidPerson(BookingError):
    """Name or phone is missing or is none."""

    key = "invalid_phone"

    def __init__(self, field: str) -> None:
        self.key = f"invalid_{field}"
        super().__init__()
        self.field = field


class InvalidCalendar(BookingError):
    """Hours, capacity, slot length or a closure that cannot be."""

    key = "invalid_calendar"


class CalendarInUse(BookingError):
    """The slot length cannot change while visits are booked in slots of the old length."""

    key = "calendar_in_use"
