"""What the dialogue asks of the booking room, and what it is told.

The dialogue is pure: it returns one request with its turn; the caller carries it out in the transaction that writes
the turn, and hands the result to the dialogue, which may ask again. Nobody's name or phone goes through here, nor any
secret: the caller keeps both, and knows whose conversation it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from booking.types import Appointment, DayOffer, Hold, Slot, Waiting, WaitWish, Wish


@dataclass(frozen=True, slots=True)
class FindTimes:
    """What is free at an office, from `first` to `last`."""

    office_id: str
    group_id: str
    minutes: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class HoldSeat:
    """Keep a seat for this conversation; one that it holds already is given back."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Confirm:
    """Book the seat that this conversation holds, under the name and phone that it confided."""

    for_other: bool
    helper: bool


@dataclass(frozen=True, slots=True)
class Release:
    """Give the held seat back, if there is one."""


@dataclass(frozen=True, slots=True)
class ListMine:
    """What this conversation has booked, holds and waits for."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel an appointment of this conversation."""

    reference: str


@dataclass(frozen=True, slots=True)
class Move:
    """Move an appointment of this conversation."""

    reference: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Put this conversation on the waiting list."""

    wish: WaitWish


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Take it off."""


Request = FindTimes | HoldSeat | Confirm | Release | ListMine | Cancel | Move | WaitFor | StopWaiting


@dataclass(frozen=True, slots=True)
class Times:
    """What is free."""

    office_id: str
    days: tuple[DayOffer, ...]
    slots: tuple[Slot, ...]
    horizon_days: int
    """How many days ahead can be booked."""
    lead_minutes: int
    """How long before it begins a slot can still be booked."""
    hours_are_default: bool
    """Nobody at the office has confirmed its hours: the citizen has to be told."""


@dataclass(frozen=True, slots=True)
class Held:
    """A seat is kept until `hold.expires_at`; its secret is left out."""

    hold: Hold
    keep_days: int
    """How many days after the visit name and phone are deleted."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointment stands, new or moved. Without name and phone."""

    appointment: Appointment
    hours_are_default: bool
    ticket_url: str | None = None
    """Where its owner sees the ticket with its QR code; None where the channel can show none."""
    calendar_url: str | None = None
    """Where its owner gets it as an iCalendar file."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What a conversation has, by time, holds too. Without names and phones."""

    appointments: tuple[Appointment, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The appointment is cancelled."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Waits:
    """The conversation stands on the waiting list."""

    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more to say: a seat was given back, the waiting ended."""


class Reason(StrEnum):
    """Why the booking room refused, as far as the dialogue does something about it."""

    FULL = "full"
    CLOSED = "closed"
    TOO_FAR = "too_far"
    TOO_SOON = "too_soon"
    LIMIT = "limit"
    """The phone has as many appointments as it may have, on that day or at all."""
    BARRED = "barred"
    EXPIRED = "expired"
    """The held seat is gone, or there was none."""
    NOT_FOUND = "not_found"
    WRONG_STATE = "wrong_state"
    NAME = "name"
    PHONE = "phone"
    OFF = "off"
    """There is no booking here."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `text` is what the citizen is told, in Vietnamese, in the booking room's words."""

    reason: Reason
    text: str


Result = Times | Held | Booked | Mine | Cancelled | Waits | Done | Refused
