"""What goes into the booking room and what comes out: wishes, holds, tickets, appointments, calendars.

Pure values, without database and clock. Times of the domain are aware; those given out are in `ZONE`. An office, a
service group and a procedure are ids of the caller's: this room knows no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Where all the offices are. The offset has been +07:00 all year since 1975."""


class State(StrEnum):
    """Where an appointment stands. `booking.states` says which change may follow which."""

    HELD = "held"
    """A seat is kept for some minutes while the citizen gives name and phone."""
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    """At the office, waiting to be called."""
    SERVING = "serving"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    EXPIRED = "expired"
    """A hold that nobody confirmed in time, or that was given back."""


OPEN_STATES = frozenset({State.HELD, State.CONFIRMED, State.CHECKED_IN, State.SERVING})
"""Its seats are taken."""


class Share(StrEnum):
    """Which part of a slot's capacity a seat belongs to."""

    ONLINE = "online"
    WALK_IN = "walk_in"


class DayStatus(StrEnum):
    """What a day has to offer to a citizen who books."""

    FREE = "free"
    FULL = "full"
    """Open and bookable, but every slot is taken."""
    CLOSED = "closed"
    """The weekly hours leave it out, or an officer closed it: see the reason."""
    HOLIDAY = "holiday"
    TOO_SOON = "too_soon"
    """Past, or nothing is left of it after the lead time."""
    TOO_FAR = "too_far"
    """Beyond the horizon."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked, as long as the visit takes."""

    starts_at: datetime
    ends_at: datetime
    free: int
    """How many more visits can start here: at least 1 where slots are offered."""

    @property
    def day(self) -> date:
        """The day at the office."""
        return self.starts_at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class DayOffer:
    """A day as a citizen sees it before choosing a time."""

    day: date
    status: DayStatus
    free_slots: int
    """Times on which a visit can begin; 0 unless the status is `free`."""
    reason: str = ""
    """Name of the holiday or the officer's reason, in Vietnamese; empty for an ordinary day."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that a citizen has chosen."""

    office_id: str
    group_id: str
    starts_at: datetime
    minutes: int | None = None
    """How long the visit takes; None for one slot. Rounded up to whole slots, which are taken one after the other."""
    procedure_code: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a booking comes from, and where messages about it go."""

    channel: str
    """"web", "telegram" and so on."""
    conversation_id: int | None = None
    """The stored conversation; without one nobody can be reminded."""
    holder: str | None = None
    """Names who is choosing (a conversation, a browser's session); only a keyed hash of it is kept. A holder has one
    hold at a time: a new one gives the earlier one back. None: no such limit (officers)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A seat that is kept until `expires_at`. `secret` confirms it or gives it back."""

    secret: str
    office_id: str
    group_id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes, and whom to call: the minimum that an office needs. Deleted `BookingPolicy.keep_days` later."""

    name: str
    phone: str
    """As typed; Vietnamese numbers in any usual way of writing."""
    for_other: bool = False
    """The one who books is not the one who comes."""
    helper: bool = False
    """The caller vouches that a community helper books: more appointments on one phone, each for another name."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked visit (or a walk-in, or a hold) as officers and its owner see it. Its internal id never leaves."""

    reference: str
    """Short, for staff and for the door: two characters for the day, four at random, "K7-3MHP". Opens nothing."""
    uid: str
    """Stable and globally unique, for calendars."""
    sequence: int
    """Rises with every change of time and with the cancellation (iCalendar's SEQUENCE)."""
    office_id: str
    group_id: str
    procedure_code: str | None
    state: State
    share: Share
    starts_at: datetime
    ends_at: datetime
    name: str | None
    """None for a hold, for a walk-in without a name, and once personal data was deleted."""
    phone: str | None
    """Digits, such as 0912345678; None as for the name."""
    for_other: bool
    channel: str
    conversation_id: int | None
    changed_at: datetime
    """When time or state last changed."""
    expires_at: datetime | None = None
    """Only of a hold."""
    number: int | None = None
    """Number in the day's queue, from check-in on, for calling out; no request takes it."""
    counter: str | None = None
    """Where it was called to."""
    checked_in_at: datetime | None = None
    called_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def day(self) -> date:
        """The day at the office."""
        return self.starts_at.astimezone(ZONE).date()

    @property
    def minutes(self) -> int:
        """How long the visit is planned to take."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Ticket:
    """An appointment in its owner's hand. Whoever has the secret may see, move and cancel it."""

    appointment: Appointment
    secret: str
    """128 random bits in 22 characters, safe in a link; the QR code holds it. The database has only its hash."""

    @property
    def reference(self) -> str:
        """The short code for staff."""
        return self.appointment.reference


@dataclass(frozen=True, slots=True)
class WaitWish:
    """Days on which somebody would come if a seat became free."""

    office_id: str
    group_id: str
    first: date
    last: date
    minutes: int | None = None
    procedure_code: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the waiting list."""

    wish: WaitWish
    place: int
    """How many stand before it for the same office and group, plus one."""
    since: datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours without a break, at the office's clock. Ends after it begins."""

    opens: time
    closes: time


WeekHours = Mapping[int, tuple[Span, ...]]
"""Opening hours by weekday, 0 is Monday. A weekday that is missing is closed."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many visits of a service group one slot takes, by share."""

    online: int
    walk_in: int
    is_default: bool = False
    """Nobody has confirmed it: screens say so."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A time in which an office is closed. Whole days go from midnight to midnight."""

    starts_at: datetime
    ends_at: datetime
    reason: str
    """What citizens are told, in Vietnamese."""
    id: str = ""
    """Random; empty before it is stored."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """An officer's word on one day: it wins over weekly hours and public holidays, both ways."""

    day: date
    spans: tuple[Span, ...]
    """Opening hours of that day; none: closed."""
    reason: str


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """When an office is open, and how it is divided into slots."""

    office_id: str
    hours: WeekHours
    slot_minutes: int
    hours_are_default: bool
    """Nobody has confirmed the hours: every screen has to say "giờ mặc định, chưa được xác nhận"."""
    capacities: Mapping[str, Capacity] = field(default_factory=dict)
    """By service group, those that were set."""
    default_capacity: Capacity = field(default_factory=lambda: Capacity(2, 1, is_default=True))
    closures: tuple[Closure, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()

    def capacity(self, group_id: str) -> Capacity:
        """What one slot takes of a group."""
        return self.capacities.get(group_id, self.default_capacity)


class ConflictKind(StrEnum):
    """Why an appointment no longer fits the calendar."""

    CLOSED = "closed"
    """The office is closed then."""
    OVER_CAPACITY = "over_capacity"
    """More were booked than the slot takes now."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An appointment that a change of the calendar hits. It stands until somebody moves or cancels it."""

    appointment: Appointment
    kind: ConflictKind
    proposal: Slot | None
    """Where it could go; no two conflicts are offered the same seat. None: nothing is free within the horizon."""


@dataclass(frozen=True, slots=True)
class Move:
    """An officer's decision on a conflict."""

    reference: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of it. `refused` is the Vietnamese reason where it could not be moved; then nothing changed."""

    appointment: Appointment
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class SlotLoad:
    """One slot of one service group in the week calendar."""

    starts_at: datetime
    ends_at: datetime
    group_id: str
    capacity: Capacity
    online_taken: int
    walk_in_taken: int


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week calendar."""

    day: date
    spans: tuple[Span, ...]
    """When it is open, after holidays and special days, before closures."""
    status: DayStatus
    """Only `free` (open), `closed` or `holiday`."""
    reason: str
    closures: tuple[Closure, ...]
    slots: tuple[SlotLoad, ...]
    appointments: tuple[Appointment, ...]
    """Without holds and without those that were cancelled or expired, by time."""


@dataclass(frozen=True, slots=True)
class Called:
    """A number on the waiting room's display."""

    number: int
    counter: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class QueueDisplay:
    """What the waiting room sees: no names, no codes."""

    office_id: str
    called: tuple[Called, ...]
    """Being served, latest first."""
    waiting: tuple[int, ...]
    """Numbers in the order in which they will be called."""


@dataclass(frozen=True, slots=True)
class Figures:
    """An office's numbers over some days. They outlive personal data."""

    office_id: str
    first: date
    last: date
    by_state: Mapping[State, int]
    """Appointments and walk-ins by their present state; holds are left out, expired ones too."""
    by_share: Mapping[Share, int]
    """How they came, the cancelled left out."""
    by_group: Mapping[str, int]
    by_hour: Mapping[int, int]
    """Visits by the hour of the day in which they were to begin, the cancelled left out."""
    wait_median_minutes: float | None
    """From check-in, or from the booked time where that was later, to the call. None: nobody was called."""
    wait_p90_minutes: float | None
    service_median_minutes: float | None
    """From the call to the end."""
    no_show_rate: float | None
    """No-shows among the booked visits whose end is known (done or no-show)."""
    online_use: float | None
    """Online seats that were booked, of those that the calendar offers now for these days."""
    wait_by_hour: Mapping[int, float] = field(default_factory=dict)
    """Median wait by the hour in which the visits were to begin; hours in which nobody was called are missing."""


class NoticeKind(StrEnum):
    """Why somebody is written to without having asked."""

    REMIND_DAY = "remind_day"
    REMIND_HOURS = "remind_hours"
    MOVED = "moved"
    CANCELLED = "cancelled"
    """By the office."""
    RATE = "rate"
    """How was the visit?"""
    SEAT_FREE = "seat_free"
    """Of the waiting list: a seat is held for some minutes."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due. The caller's renderer makes the payload that goes to the outbox."""

    kind: NoticeKind
    ticket: Ticket
