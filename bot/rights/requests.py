"""What a turn about a citizen's data asks for, and what it is told.

Like the requests of the booking dialogue: the engine returns one with its turn, the caller carries it out in the
transaction that writes the turn, and hands the result back. No name, phone or secret goes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from booking.types import Appointment


@dataclass(frozen=True, slots=True)
class ShowData:
    """What is kept about this conversation, for somebody who wants to see it."""


@dataclass(frozen=True, slots=True)
class PrepareDeletion:
    """The same, to be asked whether it shall be deleted."""


@dataclass(frozen=True, slots=True)
class DeleteData:
    """Delete all that may be deleted."""


DataRequest = ShowData | PrepareDeletion | DeleteData


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """For how many days what is kept, where nobody asks for its deletion."""

    messages: int
    """Messages, replies, the chat's address; from the last message on."""
    questions: int
    """Questions in the log, without personal data."""


@dataclass(frozen=True, slots=True)
class KeptAppointment:
    """An appointment that still holds a name. Without name and phone here."""

    appointment: Appointment
    until: date
    """The day on which name and phone are deleted."""
    to_come: bool


@dataclass(frozen=True, slots=True)
class DataKept:
    """What is kept about a conversation."""

    since: date
    messages: int
    """Messages and taps in the log."""
    recent: tuple[str, ...]
    """The newest messages in the citizen's own words, as they are stored: redacted. Oldest first."""
    votes: int
    appointments: tuple[KeptAppointment, ...]
    waiting: int
    """Entries of the waiting list."""
    confided: bool
    """Name or phone was told for a booking or a report that is under way."""
    rules: RetentionRules
    reports: tuple[str, ...] = ()
    """Codes of the reports sent or joined, the newest first."""


@dataclass(frozen=True, slots=True)
class DataDeleted:
    """What was deleted, and what could not be."""

    messages: int
    votes: int
    cancelled: tuple[Appointment, ...]
    remaining: tuple[KeptAppointment, ...]
    """Appointments whose time has come: the office needs them until they are over."""


@dataclass(frozen=True, slots=True)
class DataRefused:
    """There is no such service here; nothing was done."""


DataResult = DataKept | DataDeleted | DataRefused
