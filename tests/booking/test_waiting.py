"""The waiting list: the first who waits gets a freed seat before everybody else, and one message."""

from __future__ import annotations

from datetime import time

import pytest

from booking.calendar import at
from booking.errors import SlotFull, TooEarly, TooLate
from booking.sweeper import Sweeper
from booking.types import Origin, State, WaitWish
from tests.booking.support import (
    DAY,
    GROUP,
    MINUTE,
    MONDAY,
    OFFICE,
    OFFICER,
    TUESDAY,
    WEDNESDAY,
    Desk,
    StandingClock,
    person,
    render,
)

NINE = at(TUESDAY, time(9))
WISH = WaitWish(OFFICE, GROUP, TUESDAY, TUESDAY)


@pytest.fixture
def sweeper(desk: Desk) -> Sweeper:
    return Sweeper(desk.engine, desk.service, render)


async def fill(desk: Desk) -> list[str]:
    """Tuesday has one seat at nine, and it is taken."""
    await desk.do("set_capacity", OFFICE, GROUP, 1, 0, OFFICER)
    secrets = []
    for number, slot in enumerate(await desk.do("free_slots", OFFICE, GROUP, TUESDAY, TUESDAY)):
        secrets.append((await desk.book(slot.starts_at, number + 100)).secret)
    return secrets


async def queue_up(desk: Desk, *chats: str) -> list[Origin]:
    origins = [Origin("telegram", await desk.conversation(chat), chat) for chat in chats]
    for place, origin in enumerate(origins, 1):
        assert (await desk.do("wait_for", WISH, origin)).place == place
    return origins


async def test_a_freed_seat_goes_to_the_first_who_waits(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    secrets = await fill(desk)
    first, second = await queue_up(desk, "c1", "c2")
    assert (await sweeper.run_once()).offered == 0
    await desk.do("cancel", secrets[3])  # nine o'clock
    clock.go(4 * MINUTE)
    assert (await sweeper.run_once()).offered == 0
    clock.go(MINUTE)  # a minute before the seat returns for all
    swept = await sweeper.run_once()
    assert (swept.offered, swept.sent) == (1, 1)
    clock.go(2 * MINUTE)
    with pytest.raises(SlotFull):
        await desk.hold(NINE)
    (offer,) = await desk.do("find_mine", first.conversation_id)
    assert (offer.appointment.state, offer.appointment.starts_at) == (State.HELD, NINE)
    assert [payload["kind"] for payload in await desk.sent()] == ["seat_free"]
    assert await desk.do("waiting", first.conversation_id) == []
    (other,) = await desk.do("waiting", second.conversation_id)
    assert other.place == 1
    await desk.do("confirm", offer.secret, person(1))
    await sweeper.run_once()
    assert len(await desk.sent()) == 1


async def test_who_does_not_answer_makes_room_for_the_next(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    secrets = await fill(desk)
    first, second = await queue_up(desk, "c1", "c2")
    await desk.do("cancel", secrets[3])
    clock.go(6 * MINUTE)
    await sweeper.run_once()
    clock.go(31 * MINUTE)
    swept = await sweeper.run_once()
    assert (swept.expired, swept.offered) == (1, 1)
    assert await desk.do("find_mine", first.conversation_id) == []
    assert len(await desk.do("find_mine", second.conversation_id)) == 1
    assert len(await desk.sent()) == 2


async def test_nobody_is_offered_a_seat_at_night(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    secrets = await fill(desk)
    await desk.do("wait_for", WISH, Origin("telegram", await desk.conversation()))
    clock.now = at(MONDAY, time(21, 30))
    await desk.do("cancel", secrets[14])
    clock.go(30 * MINUTE)
    assert (await sweeper.run_once()).offered == 0
    clock.now = at(TUESDAY, time(7))
    assert (await sweeper.run_once()).offered == 1


async def test_the_same_wish_keeps_its_place_and_can_be_taken_back(desk: Desk) -> None:
    first, _second = await queue_up(desk, "c1", "c2")
    assert (await desk.do("wait_for", WISH, first)).place == 1
    assert len(await desk.do("waiting", first.conversation_id)) == 1
    assert await desk.do("stop_waiting", first.conversation_id) == 1
    assert await desk.do("waiting", first.conversation_id) == []
    assert await desk.do("stop_waiting", first.conversation_id) == 0


async def test_only_days_that_can_be_booked_are_waited_for(desk: Desk, clock: StandingClock) -> None:
    origin = Origin("telegram", await desk.conversation())
    for first, last, error in (
        (MONDAY - DAY, MONDAY - DAY, TooLate),
        (WEDNESDAY, TUESDAY, TooLate),
        (MONDAY + 31 * DAY, MONDAY + 40 * DAY, TooEarly),
    ):
        with pytest.raises(error):
            await desk.do("wait_for", WaitWish(OFFICE, GROUP, first, last), origin)
    with pytest.raises(ValueError, match="conversation"):
        await desk.do("wait_for", WISH, Origin("web"))


async def test_waiting_ends_with_its_last_day(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    (origin,) = await queue_up(desk, "c1")
    clock.now = at(WEDNESDAY, time(8))
    await sweeper.housekeep()
    assert await desk.do("waiting", origin.conversation_id) == []


async def test_a_hold_is_not_taken_away_in_its_last_minute(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    secrets = await fill(desk)
    await desk.do("cancel", secrets[3])
    clock.go(6 * MINUTE)
    held = await desk.hold(NINE)
    await queue_up(desk, "c1")
    clock.now = held.expires_at - MINUTE / 2
    assert (await sweeper.run_once()).offered == 0
    assert (await desk.do("confirm", held.secret, person(1))).appointment.state is State.CONFIRMED
