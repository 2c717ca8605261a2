"""What the report dialogue asks of the feed, and what it is told.

Like the requests of the booking dialogue: the engine returns one with its turn, the caller carries it out in the
transaction that writes the turn, and hands the result back. No name and no phone goes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FindSimilar:
    """Reports that may be about the same."""

    what: str
    commune: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class SendReport:
    """Send it, with what the conversation has confided if the citizen may be called back."""

    what: str
    place: str
    commune: str | None
    latitude: float | None
    longitude: float | None
    call_back: bool


@dataclass(frozen=True, slots=True)
class JoinReport:
    """Support a report that there is."""

    code: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """How far is the report with this code?"""

    code: str


@dataclass(frozen=True, slots=True)
class ListReports:
    """The reports of this conversation."""


@dataclass(frozen=True, slots=True)
class DropReport:
    """It is not sent: forget what was confided for it, and its photos."""


ReportRequest = FindSimilar | SendReport | JoinReport | LookUp | ListReports | DropReport


@dataclass(frozen=True, slots=True)
class ReportState:
    """How far a report is. No word of its citizen's."""

    code: str
    status: str
    """In words."""
    opened: date
    due: date
    open: bool
    agency: str | None
    commune: str | None
    askers: int


@dataclass(frozen=True, slots=True)
class LikeReport:
    """A report that may be the same, with the words that the new one holds, too."""

    code: str
    opened: date
    commune: str | None
    askers: int
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """The reports that may be the same, the most alike first."""

    reports: tuple[LikeReport, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """It is sent, with so many photos."""

    state: ReportState
    photos: int
    called_back: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """The citizen supports this report now."""

    state: ReportState


@dataclass(frozen=True, slots=True)
class Known:
    """Reports that were looked up."""

    reports: tuple[ReportState, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such report, or it can no longer be joined."""

    code: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """It was forgotten."""


@dataclass(frozen=True, slots=True)
class ReportsOff:
    """Reports are not taken here; nothing was done."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The citizen's own words, which a reply may repeat. Told by the dialogue itself."""

    texts: tuple[str, ...]


ReportResult = Similar | Sent | Joined | Known | Unknown | Dropped | ReportsOff | Quoted
