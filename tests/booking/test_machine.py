"""Whatever the order of hold, confirm, cancel, expire, move, close, walk-in: no seat sold twice, no visit lost.

A model knows who has which seat and until when. Every step must end as the model says (a seat that is free can be had,
one that is taken cannot), and after every step the rows themselves must be sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from booking.calendar import at
from booking.errors import (
    BookingError,
    HoldExpired,
    NotYet,
    SlotClosed,
    SlotFull,
    TooLate,
    WrongDay,
    WrongState,
)
from booking.policy import BookingPolicy
from booking.sweeper import Sweeper
from booking.types import OPEN_STATES, Closure, Move, Origin, Share, Span, State
from store.booking_tables import appointments, booking_closures, notices, seats
from store.engine import open_engine, read, write_repeatable
from tests.booking.support import (
    GROUP,
    HOUR,
    MINUTE,
    MONDAY,
    OFFICE,
    OFFICER,
    OTHER,
    TUESDAY,
    Desk,
    StandingClock,
    faults,
    person,
    render,
)

HALF = 30 * MINUTE
CAPACITY = {Share.ONLINE: 2, Share.WALK_IN: 1}
HOURS = dict.fromkeys(range(7), (Span(time(8), time(10)),))


def slots_of(day: date) -> list[datetime]:
    """Every day is open from eight to ten."""
    return [at(day, time(8)) + n * HALF for n in range(4)]


SLOTS = [*slots_of(MONDAY), *slots_of(TUESDAY)]
POLICY = BookingPolicy(lead_minutes=15, most_open=99, most_per_day=99, no_shows=99)
DELAY = 6 * MINUTE
"""The middle of the release delay: what the dice of the tests show."""

offices, slots = st.sampled_from([OFFICE, OTHER]), st.sampled_from(SLOTS)
holders = st.sampled_from([None, "a", "b"])


@dataclass(slots=True)
class Visit:
    """What the model knows of an appointment."""

    secret: str
    reference: str
    office: str
    share: Share
    starts_at: datetime
    count: int
    state: State
    holder: str | None = None
    expires_at: datetime | None = None

    @property
    def slots(self) -> list[datetime]:
        return [self.starts_at + HALF * n for n in range(self.count)]


@dataclass(slots=True)
class Seat:
    """Who has a seat, and until when."""

    visit: Visit
    slot: datetime
    free_at: datetime | None


class Machine(RuleBasedStateMachine):
    """Random orders of everything that can happen."""

    visits = Bundle("visits")
    closures = Bundle("closures")

    def __init__(self, desk: Callable[[StandingClock], Coroutine[Any, Any, Desk]]) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self.clock = StandingClock(at(MONDAY, time(7)))
        self.desk = self._runner.run(desk(self.clock))
        self.seats: list[Seat] = []
        self.known: list[Visit] = []
        self.closed: list[tuple[str, Closure]] = []
        self.people = 0

    def teardown(self) -> None:
        self._runner.run(self.desk.engine.dispose())
        self._runner.close()

    # What the model expects

    def taken(self, office: str, slot: datetime, share: Share, but: Visit | None = None) -> int:
        return sum(
            seat.visit.office == office
            and seat.slot == slot
            and seat.visit.share is share
            and seat.visit is not but
            and (seat.free_at is None or seat.free_at > self.clock.now)
            for seat in self.seats
        )

    def is_open(self, office: str, slot: datetime) -> bool:
        closed = any(
            where == office and closure.starts_at < slot + HALF and closure.ends_at > slot
            for where, closure in self.closed
        )
        return slot in slots_of(slot.date()) and not closed

    def refusal(self, visit: Visit, starts_at: datetime) -> type[BookingError] | None:
        """Why a visit cannot be at that time, or None if it can."""
        wanted = [starts_at + HALF * n for n in range(visit.count)]
        if not all(self.is_open(visit.office, slot) for slot in wanted):
            return SlotClosed
        mine = {s.slot for s in self.seats if s.visit is visit and (s.free_at is None or s.free_at > self.clock.now)}
        full = any(
            slot not in mine and self.taken(visit.office, slot, visit.share) >= CAPACITY[visit.share] for slot in wanted
        )
        return SlotFull if full else None

    def expected(self, outcome: object, error: type[BookingError] | None) -> bool:
        """Whether the step went through; fails the test where that is not what the model says."""
        if error is None:
            assert not isinstance(outcome, BookingError), repr(outcome)
            return True
        assert isinstance(outcome, error), (outcome, error)
        return False

    def do(self, step: str, *arguments: Any, **named: Any) -> Any:
        try:
            return self._runner.run(self.desk.do(step, *arguments, **named))
        except BookingError as refused:
            return refused

    def give_back(self, visit: Visit, free_at: datetime | None) -> None:
        """All seats of a visit return then; None: at once."""
        for seat in [seat for seat in self.seats if seat.visit is visit]:
            if free_at is None:
                self.seats.remove(seat)
            elif seat.free_at is None:
                seat.free_at = free_at

    def move(self, visit: Visit, starts_at: datetime) -> None:
        wanted = [starts_at + HALF * n for n in range(visit.count)]
        for seat in [seat for seat in self.seats if seat.visit is visit]:
            if seat.slot in wanted and (seat.free_at is None or seat.free_at > self.clock.now):
                seat.free_at = None
                wanted.remove(seat.slot)
            elif seat.free_at is None:
                seat.free_at = self.clock.now + DELAY
        self.seats += [Seat(visit, slot, None) for slot in wanted]
        visit.starts_at = starts_at

    def overdue(self, visit: Visit) -> bool:
        return visit.state is State.HELD and visit.expires_at is not None and visit.expires_at <= self.clock.now

    # What can happen

    @rule(target=visits, office=offices, slot=slots, minutes=st.sampled_from([None, 60]), holder=holders)
    def hold(self, office: str, slot: datetime, minutes: int | None, holder: str | None) -> Any:
        visit = Visit("", "", office, Share.ONLINE, slot, 2 if minutes else 1, State.HELD, holder)
        earlier = [v for v in self.known if holder and v.holder == holder and v.state is State.HELD]
        returned = [seat for seat in self.seats if seat.visit in earlier]
        self.seats = [seat for seat in self.seats if seat not in returned]
        early = slot < self.clock.now + 15 * MINUTE
        error = TooLate if early else self.refusal(visit, slot)
        outcome = self._hold(visit, minutes)
        if not self.expected(outcome, error):
            self.seats += returned
            return multiple()
        for other in earlier:
            other.state = State.EXPIRED
        visit.secret, visit.expires_at = outcome.secret, outcome.expires_at
        self.seats += [Seat(visit, start, outcome.expires_at) for start in visit.slots]
        self.known.append(visit)
        return visit

    @rule(target=visits, office=offices, slot=slots)
    def book(self, office: str, slot: datetime) -> Any:
        visit = self.hold(office, slot, None, None)
        if isinstance(visit, Visit):
            self.confirm(visit)
        return visit

    def _hold(self, visit: Visit, minutes: int | None) -> Any:
        origin = Origin("web", holder=visit.holder)
        try:
            return self._runner.run(
                self.desk.hold(visit.starts_at, office=visit.office, minutes=minutes, origin=origin)
            )
        except BookingError as refused:
            return refused

    @rule(visit=visits)
    def confirm(self, visit: Visit) -> None:
        if not visit.secret:
            return  # walked in
        self.people += 1
        error: type[BookingError] | None = None
        if visit.state is State.EXPIRED or self.overdue(visit):
            error = HoldExpired
        elif visit.state is not State.HELD:
            error = WrongState
        elif not all(self.is_open(visit.office, slot) for slot in visit.slots):
            error = SlotClosed
        ticket = self.do("confirm", visit.secret, person(self.people))
        if self.expected(ticket, error):
            visit.state, visit.reference, visit.holder = State.CONFIRMED, ticket.reference, None
            for seat in self.seats:
                if seat.visit is visit:
                    seat.free_at = None

    @rule(visit=visits)
    def cancel(self, visit: Visit) -> None:
        if not visit.secret:
            return
        error: type[BookingError] | None = None
        over = visit.state in (State.CANCELLED, State.EXPIRED)
        if not over and visit.state not in (State.HELD, State.CONFIRMED):
            error = WrongState
        elif visit.state is State.CONFIRMED and visit.starts_at <= self.clock.now:
            error = TooLate
        outcome = self.do("cancel", visit.secret)
        if not self.expected(outcome, error) or over:
            return
        held = visit.state is State.HELD
        self.give_back(visit, None if held else self.clock.now + DELAY)
        visit.state = State.EXPIRED if held else State.CANCELLED

    @rule(visit=visits, slot=slots)
    def reschedule(self, visit: Visit, slot: datetime) -> None:
        if not visit.secret:
            return
        error: type[BookingError] | None = None
        if visit.state is not State.CONFIRMED:
            error = WrongState
        elif visit.starts_at <= self.clock.now or slot < self.clock.now + 15 * MINUTE:
            error = TooLate
        elif slot != visit.starts_at:
            error = self.refusal(visit, slot)
        if self.expected(self.do("reschedule", visit.secret, slot), error) and slot != visit.starts_at:
            self.move(visit, slot)

    @rule(target=visits, office=offices)
    def walk_in(self, office: str) -> Any:
        view = self.do("walk_in", office, GROUP, OFFICER)
        ahead = [slot for slot in slots_of(self.clock.now.date()) if slot + HALF > self.clock.now]
        ahead = [slot for slot in ahead if self.is_open(office, slot)]
        free = [slot for slot in ahead if self.taken(office, slot, Share.WALK_IN) < 1]
        if isinstance(view, BookingError):
            assert isinstance(view, SlotFull if ahead else SlotClosed)
            assert not free
            return multiple()
        assert view.starts_at in ahead
        assert not free or view.starts_at <= free[0]
        assert self.taken(office, view.starts_at, view.share) < CAPACITY[view.share]
        visit = Visit("", view.reference, office, view.share, view.starts_at, 1, State.CHECKED_IN)
        self.seats.append(Seat(visit, visit.starts_at, None))
        self.known.append(visit)
        return visit

    @rule(visit=visits)
    def check_in(self, visit: Visit) -> None:
        if not visit.reference:
            return
        error: type[BookingError] | None = None
        if visit.starts_at.date() != self.clock.now.date():
            error = WrongDay
        elif visit.state not in (State.CONFIRMED, State.NO_SHOW):
            error = WrongState
        if self.expected(self.do("check_in", visit.office, visit.reference, OFFICER), error):
            visit.state = State.CHECKED_IN

    @rule(office=offices)
    def call_next(self, office: str) -> None:
        called = self.do("call_next", office, None, "1", OFFICER)
        today = self.clock.now.date()
        here = [v for v in self.known if v.office == office and v.starts_at.date() == today]
        present = [v for v in here if v.state is State.CHECKED_IN]
        assert (called is None) == (not present)
        if called is not None:
            (visit,) = [v for v in present if v.reference == called.reference]
            visit.state = State.SERVING

    @rule(visit=visits, done=st.booleans())
    def end(self, visit: Visit, done: bool) -> None:
        if not visit.reference:
            return
        error: type[BookingError] | None = None
        if done and visit.state is not State.SERVING:
            error = WrongState
        elif not done and visit.state is State.CONFIRMED and visit.starts_at > self.clock.now:
            error = NotYet
        elif not done and visit.state not in (State.CONFIRMED, State.CHECKED_IN, State.SERVING):
            error = WrongState
        step = "finish" if done else "no_show"
        if self.expected(self.do(step, visit.office, visit.reference, OFFICER), error):
            visit.state = State.DONE if done else State.NO_SHOW

    @rule(target=closures, office=offices, slot=slots)
    def close(self, office: str, slot: datetime) -> tuple[str, Closure]:
        closure, hit = self.do("add_closure", office, Closure(slot, slot + HOUR, "Họp"), OFFICER)
        already = {v.reference for v in self.hit(office)}
        self.closed.append((office, closure))
        assert {c.appointment.reference for c in hit} == {v.reference for v in self.hit(office)} - already
        return office, closure

    @rule(closed=consumes(closures))
    def open(self, closed: tuple[str, Closure]) -> None:
        self.do("remove_closure", closed[0], closed[1].id, OFFICER)
        self.closed.remove(closed)

    def hit(self, office: str) -> list[Visit]:
        """Who is in a closed time."""
        ahead = [v for v in self.known if v.state is State.CONFIRMED and v.starts_at > self.clock.now]
        return [v for v in ahead if v.office == office and not all(self.is_open(office, slot) for slot in v.slots)]

    @rule(office=offices)
    def move_conflicts(self, office: str) -> None:
        conflicts = self.do("conflicts", office)
        assert {c.appointment.reference for c in conflicts} == {v.reference for v in self.hit(office)}
        proposed = {c.appointment.reference: c.proposal.starts_at for c in conflicts if c.proposal is not None}
        moved = self.do("move_conflicts", office, [Move(*pair) for pair in proposed.items()], OFFICER)
        for result in moved:
            assert result.refused is None  # a proposal can be had, all of them together
            (visit,) = [v for v in self.known if v.reference == result.appointment.reference]
            self.move(visit, proposed[visit.reference])

    @rule(minutes=st.sampled_from([1, 5, 6, 11, 30, 60]))
    def wait(self, minutes: int) -> None:
        self.clock.go(minutes * MINUTE)

    @rule()
    @precondition(lambda self: self.clock.now.date() == MONDAY)
    def sleep(self) -> None:
        self.clock.now = at(TUESDAY, time(7, 30))

    @rule()
    @precondition(lambda self: self.known)
    def sweep(self) -> None:
        sweeper = Sweeper(self.desk.engine, self.desk.service, render)
        self._runner.run(sweeper.run_once())
        self._runner.run(sweeper.housekeep())
        for visit in self.known:
            if self.overdue(visit):
                visit.state = State.EXPIRED
                self.give_back(visit, None)

    # What must hold at any time

    @invariant()
    def rows_are_sound(self) -> None:
        self._runner.run(self._check())

    async def _check(self) -> None:
        async with read(self.desk.engine) as connection:
            assert await faults(connection, self.clock.now, lambda group, share: CAPACITY[Share(share)]) == []
            columns = (appointments.c.reference, appointments.c.state, appointments.c.starts_at)
            settled_rows = select(*columns).where(appointments.c.state.not_in(("held", "expired")))
            rows = (await connection.execute(settled_rows)).all()
        there = sorted((row.reference, row.state, row.starts_at) for row in rows)
        settled = [v for v in self.known if v.state not in (State.HELD, State.EXPIRED)]
        assert there == sorted((v.reference, v.state.value, v.starts_at) for v in settled)
        assert all(v.state in OPEN_STATES or v.state in (State.DONE, State.NO_SHOW, State.CANCELLED) for v in settled)


async def _opened(url: str, clock: StandingClock) -> Desk:
    """An empty database with two small offices."""
    engine = open_engine(url, pool_size=2)
    desk = Desk(engine, clock, POLICY, write_repeatable)
    async with write_repeatable(engine) as connection:
        for table in (seats, notices, appointments, booking_closures):
            await connection.execute(delete(table))
    for office in (OFFICE, OTHER):
        await desk.do("set_hours", office, HOURS, OFFICER)
        await desk.do("set_capacity", office, GROUP, CAPACITY[Share.ONLINE], CAPACITY[Share.WALK_IN], OFFICER)
    return desk


def _play(url: str, examples: int, steps: int) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=quiet,
        phases=[Phase.generate],  # shrinking a failure would take minutes
    )
    run_state_machine_as_test(lambda: Machine(lambda clock: _opened(url, clock)), settings=chosen)


def test_any_order_of_events(database_url: str, backend: str) -> None:
    examples = 10 if backend == "sqlite" else 4
    _play(database_url, examples, 50)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_any_order_of_many_events(database_url: str, backend: str) -> None:
    _play(database_url, 40 if backend == "sqlite" else 20, 60)


