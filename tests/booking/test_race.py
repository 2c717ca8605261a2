"""Never sold twice: with the guard off the race is seen, with it on exactly one wins, on both databases."""

from __future__ import annotations

import asyncio
from datetime import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from benchmarks.booking_race import drop_guard, race
from benchmarks.booking_worker import hold_unguarded
from booking import locks
from booking.calendar import at
from booking.errors import HoldExpired, LimitReached, SlotFull, WrongState
from booking.types import Hold, Origin, State, Wish
from store.booking_tables import seats
from store.engine import read, write
from tests.booking.support import (
    DAY,
    GROUP,
    MINUTE,
    MORNING,
    OFFICE,
    OFFICER,
    TUESDAY,
    Desk,
    StandingClock,
    faults,
    person,
)

TEN = at(TUESDAY, time(10))
WISH = Wish(OFFICE, GROUP, TEN)


@pytest.fixture
async def one_seat(desk: Desk) -> Desk:
    """One seat in each slot."""
    await desk.do("set_capacity", OFFICE, GROUP, 1, 0, OFFICER)
    return desk


async def owners(desk: Desk) -> int:
    async with read(desk.engine) as connection:
        return int((await connection.execute(select(func.count()).select_from(seats))).scalar_one())


async def all_at_once(desk: Desk, count: int = 8) -> list[object]:
    async def hold() -> Hold:
        async with write(desk.engine) as connection:
            return await desk.service.hold(connection, WISH, Origin("web"))

    return list(await asyncio.gather(*(hold() for _ in range(count)), return_exceptions=True))


async def test_exactly_one_gets_the_last_seat(one_seat: Desk) -> None:
    outcomes = await all_at_once(one_seat)
    assert sum(isinstance(outcome, Hold) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, SlotFull) for outcome in outcomes) == 7
    assert await owners(one_seat) == 1


async def test_the_constraint_alone_is_enough(one_seat: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_lock(connection: AsyncConnection, name: str) -> None:
        return

    monkeypatch.setattr(locks, "lock_name", no_lock)
    outcomes = await all_at_once(one_seat)
    assert sum(isinstance(outcome, Hold) for outcome in outcomes) == 1
    assert await owners(one_seat) == 1


async def test_without_the_guard_the_seat_would_be_sold_again_and_again(one_seat: Desk) -> None:
    await drop_guard(one_seat.engine)
    both = [hold_unguarded(one_seat.engine, one_seat.service, WISH) for _ in range(8)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(outcome, Hold) for outcome in outcomes) > 1, "no race, so the tests above prove nothing"
    async with read(one_seat.engine) as connection:
        found = await faults(connection, MORNING, lambda group, share: 1)
    assert any(fault.startswith("over capacity") for fault in found), "the invariants do not see the fault"


async def test_one_phone_cannot_slip_past_its_limit_at_two_offices(desk: Desk) -> None:
    holds = [await desk.hold(TEN, office=f"office{n}") for n in range(6)]
    confirmed = (desk.do("confirm", held.secret, person(1)) for held in holds)
    outcomes = await asyncio.gather(*confirmed, return_exceptions=True)
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 4


async def test_confirming_and_expiring_at_the_same_time_end_in_one_of_the_two(
    one_seat: Desk, engine: AsyncEngine, clock: StandingClock
) -> None:
    """Two replicas whose clocks differ: for one the hold is over, for the other it is not yet."""
    held = await one_seat.hold(TEN)
    clock.now = held.expires_at - MINUTE / 60
    ahead = Desk(engine, lambda: held.expires_at)
    mine, theirs = await asyncio.gather(
        one_seat.do("confirm", held.secret, person(1)), ahead.do("hold", WISH, Origin("web")), return_exceptions=True
    )
    assert isinstance(mine, (HoldExpired, WrongState)) != isinstance(theirs, SlotFull)
    async with read(engine) as connection:
        assert await faults(connection, clock.now, lambda group, share: 1) == []


async def test_cancelling_twice_at_once_frees_one_seat(one_seat: Desk, clock: StandingClock) -> None:
    ticket = await one_seat.book(TEN)
    views = await asyncio.gather(*(one_seat.do("cancel", ticket.secret) for _ in range(4)))
    assert {(view.state, view.sequence) for view in views} == {(State.CANCELLED, 1)}
    clock.go(DAY / 24)
    outcomes = await all_at_once(one_seat)
    assert sum(isinstance(outcome, Hold) for outcome in outcomes) == 1


@pytest.mark.slow
def test_processes_fight_for_the_same_seats(database_url: str) -> None:
    result = race(database_url, processes=2, workers=4, seats_=50, seconds=2, seed=1, unguarded=False)
    assert result.sound, result
    assert result.booked == 50


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_race_sees_a_missing_guard(database_url: str) -> None:
    result = race(database_url, processes=2, workers=6, seats_=50, seconds=2, seed=1, unguarded=True)
    assert result.sold_twice > 0
