"""What tests of booking share: a clock that stands still, short ways to book, invariants that must hold at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from booking.calendar import at
from booking.policy import BookingPolicy
from booking.service import BookingService
from booking.states import TRANSITIONS
from booking.types import Appointment, Hold, Notice, Origin, Person, State, Ticket, Wish
from store import conversations
from store.booking_tables import appointments, seats
from store.engine import read, write
from store.tables import audit, outbox

KEY = b"a key of the tests, not a secret"
MONDAY = date(2026, 11, 30)
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
MORNING = at(MONDAY, time(8))
OFFICE, OTHER = "phuong_dong_hoi", "xa_hai_lang"
GROUP = "ho_tich"
OFFICER = "lan"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class StandingClock:
    """Time moves only when a test says so."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, by: timedelta) -> None:
        """Later."""
        self.now += by


def middle(low: float, high: float) -> float:
    """Dice without chance."""
    return (low + high) / 2


def phone(number: int) -> str:
    """A phone for each number."""
    return f"09{number:08d}"


def person(number: int = 1, **values: Any) -> Person:
    """Somebody else for each number."""
    return Person(f"Nguyễn Văn {'ABCDEFGHIJKLMNOPQRSTUVXY'[number % 24]}", phone(number), **values)


def render(notice: Notice) -> dict[str, Any]:
    """A payload that says what it is about."""
    return {"kind": notice.kind.value, "reference": notice.ticket.reference, "secret": notice.ticket.secret}


class Desk:
    """The service and its database; every call is a transaction of its own."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], datetime],
        policy: BookingPolicy | None = None,
        transaction: Callable[[AsyncEngine], AbstractAsyncContextManager[AsyncConnection]] = write,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.service = BookingService(KEY, clock, policy, middle)
        self._transaction = transaction

    async def do(self, step: str, *arguments: Any, **named: Any) -> Any:
        """One method of the service."""
        async with self._transaction(self.engine) as connection:
            return await getattr(self.service, step)(connection, *arguments, **named)

    async def conversation(self, chat: str = "c1", channel: str = "telegram") -> int:
        """A stored chat."""
        async with self._transaction(self.engine) as connection:
            return (await conversations.open_locked(connection, channel, chat, self.clock())).id

    async def hold(
        self, starts_at: datetime, *, office: str = OFFICE, minutes: int | None = None, origin: Origin | None = None
    ) -> Hold:
        """A seat."""
        wish = Wish(office, GROUP, starts_at, minutes)
        held: Hold = await self.do("hold", wish, origin or Origin("web"))
        return held

    async def book(self, starts_at: datetime, number: int = 1, **values: Any) -> Ticket:
        """A confirmed appointment."""
        held = await self.hold(starts_at, **values)
        ticket: Ticket = await self.do("confirm", held.secret, person(number))
        return ticket

    async def starts(self, day: date = MONDAY, last: date | None = None, minutes: int | None = None) -> list[str]:
        """The free times of a day."""
        slots = await self.do("free_slots", OFFICE, GROUP, day, last or day, minutes)
        return [f"{slot.starts_at:%H:%M}" for slot in slots]

    async def state(self, secret: str) -> State:
        """Where an appointment stands."""
        return State((await self.do("find_by_secret", secret)).appointment.state)

    async def sent(self) -> list[dict[str, Any]]:
        """The outbox."""
        async with read(self.engine) as connection:
            return list((await connection.execute(select(outbox.c.payload).order_by(outbox.c.id))).scalars())

    async def audited(self) -> list[tuple[str, str]]:
        """Who did what."""
        async with read(self.engine) as connection:
            rows = await connection.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.id))
            return [(row.actor, row.action) for row in rows]


async def faults(connection: AsyncConnection, now: datetime, capacity: Callable[[str, str], int]) -> list[str]:
    """What must never be, found in the rows themselves; `capacity` by group and share. Empty: all is well."""
    rows = (await connection.execute(select(appointments))).all()
    taken = (await connection.execute(select(seats))).all()
    return [
        *_over_capacity(taken, now, capacity),
        *_seats_and_visits(rows, taken, now),
        *await _broken_histories(connection, rows),
    ]


def _over_capacity(taken: Sequence[Any], now: datetime, capacity: Callable[[str, str], int]) -> list[str]:
    live = [seat for seat in taken if seat.free_at is None or seat.free_at > now]
    load = Counter((seat.office_id, seat.group_id, seat.starts_at, seat.share) for seat in live)
    return [f"over capacity: {key} {count}" for key, count in load.items() if count > capacity(key[1], key[3])]


def _seats_and_visits(rows: Sequence[Any], taken: Sequence[Any], now: datetime) -> list[str]:
    """Everybody who comes has a seat in each slot of the visit, and nobody else has one for good."""
    found = []
    for row in rows:
        kept = sorted(s.starts_at for s in taken if s.appointment_id == row.id and s.free_at is None)
        held = sorted(s.starts_at for s in taken if s.appointment_id == row.id and s.free_at is not None)
        count = int((row.ends_at - row.starts_at) / timedelta(minutes=30))
        visit = [row.starts_at + timedelta(minutes=30) * number for number in range(count)]
        needs = row.state in ("confirmed", "checked_in", "serving", "done", "no_show")
        if kept != (visit if needs else []):
            found.append(f"{row.state} {row.reference} has seats {kept}, needs {visit if needs else []}")
        if row.state == "held" and row.expires_at > now and held != visit:
            found.append(f"held {row.reference} lost its seats")
        if row.state == "expired" and held:
            found.append(f"expired {row.reference} keeps seats")
    return found


async def _broken_histories(connection: AsyncConnection, rows: Sequence[Any]) -> list[str]:
    """The audit log tells every appointment's way from nothing to where it stands, without gap or forbidden step."""
    statement = select(audit.c.subject, audit.c.detail).where(audit.c.subject.startswith("appointment:"))
    where: dict[str, str | None] = {}
    found = []
    for subject, detail in await connection.execute(statement.order_by(audit.c.id)):
        if detail["from"] != where.get(subject):
            found.append(f"{subject} was {where.get(subject)}, changed from {detail['from']}")
        if detail["from"] is not None and State(detail["to"]) not in TRANSITIONS[State(detail["from"])]:
            found.append(f"{subject} went from {detail['from']} to {detail['to']}")
        where[subject] = detail["to"]
    present = {f"appointment:{row.reference}": row.state for row in rows}
    lost = [(key, state) for key, state in present.items() if where.get(key) != state]
    return found + [f"{key} is {state}, audited {where.get(key)}" for key, state in lost]


def by_state(views: Sequence[Appointment]) -> Counter[State]:
    """How many stand where."""
    return Counter(view.state for view in views)
