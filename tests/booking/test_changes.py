"""Moving and cancelling: seats go and come back in time, sequences rise, nothing is changed twice."""

from __future__ import annotations

from datetime import time

import pytest

from booking.calendar import at
from booking.errors import DayLimitReached, NotFound, SlotClosed, SlotFull, TooEarly, TooLate, WrongState
from booking.types import State
from tests.booking.support import DAY, HOUR, MINUTE, OFFICE, OFFICER, TUESDAY, WEDNESDAY, Desk, StandingClock

TEN = at(TUESDAY, time(10))


async def free(desk: Desk) -> dict[str, int]:
    slots = await desk.do("free_slots", OFFICE, "ho_tich", TUESDAY, TUESDAY)
    return {f"{slot.starts_at:%H:%M}": slot.free for slot in slots}


async def test_a_cancelled_seat_returns_after_a_delay_only(desk: Desk, clock: StandingClock) -> None:
    ticket = await desk.book(TEN)
    cancelled = await desk.do("cancel", ticket.secret)
    assert (cancelled.state, cancelled.sequence) == (State.CANCELLED, 1)
    assert await desk.do("cancel", ticket.secret) == cancelled  # a second time is no error
    assert (await free(desk))["10:00"] == 1
    clock.go(6 * MINUTE)  # the dice of the tests always show the middle of 2 and 10 minutes
    assert (await free(desk))["10:00"] == 2
    await desk.book(TEN, 2)
    await desk.book(TEN, 3)
    with pytest.raises(SlotFull):
        await desk.hold(TEN)


async def test_nothing_that_has_begun_is_cancelled(desk: Desk, clock: StandingClock) -> None:
    first, second = await desk.book(TEN, 1), await desk.book(TEN, 2)
    clock.now = TEN
    with pytest.raises(TooLate):
        await desk.do("cancel", first.secret)
    await desk.do("check_in", OFFICE, second.reference, OFFICER)
    with pytest.raises(WrongState):
        await desk.do("cancel", second.secret)
    with pytest.raises(NotFound):
        await desk.do("cancel", "x" * 22)


async def test_cancelling_a_hold_gives_it_back_at_once(desk: Desk) -> None:
    held = await desk.hold(TEN)
    for _ in range(2):
        assert (await desk.do("cancel", held.secret)).state is State.EXPIRED
    assert (await free(desk))["10:00"] == 2


async def test_an_appointment_moves_and_its_old_seat_returns_later(desk: Desk, clock: StandingClock) -> None:
    ticket = await desk.book(TEN)
    moved = await desk.do("reschedule", ticket.secret, TEN + 2 * HOUR + 90 * MINUTE)
    view = moved.appointment
    assert (moved.secret, view.reference, view.uid) == (ticket.secret, ticket.reference, ticket.appointment.uid)
    assert (view.sequence, view.starts_at) == (1, at(TUESDAY, time(13, 30)))
    now = await free(desk)
    assert (now["10:00"], now["13:30"]) == (1, 1)
    clock.go(6 * MINUTE)
    assert (await free(desk))["10:00"] == 2
    assert (await desk.do("reschedule", ticket.secret, view.starts_at)).appointment == view


async def test_a_move_keeps_the_slots_that_both_times_share(desk: Desk) -> None:
    await desk.do("set_capacity", OFFICE, "ho_tich", 1, 0, OFFICER)
    ticket = await desk.book(TEN, minutes=60)
    moved = await desk.do("reschedule", ticket.secret, TEN + 30 * MINUTE)
    assert moved.appointment.ends_at == TEN + 90 * MINUTE
    back = await desk.do("reschedule", ticket.secret, TEN)  # its own seat, not yet free for others
    assert (back.appointment.starts_at, back.appointment.sequence) == (TEN, 2)


async def test_a_move_that_is_refused_changes_nothing(desk: Desk, clock: StandingClock) -> None:
    ticket = await desk.book(TEN, 1)
    for number in (2, 3):
        await desk.book(TEN + HOUR, number)
    for starts_at, error in (
        (TEN + HOUR, SlotFull),
        (at(TUESDAY, time(12)), SlotClosed),
        (TEN + 40 * DAY, TooEarly),
        (clock.now + HOUR, TooLate),
    ):
        with pytest.raises(error):
            await desk.do("reschedule", ticket.secret, starts_at)
    assert (await desk.do("find_by_secret", ticket.secret)) == ticket
    await desk.do("cancel", ticket.secret)
    with pytest.raises(WrongState):
        await desk.do("reschedule", ticket.secret, TEN + 2 * HOUR)


async def test_a_move_does_not_get_around_the_limit_of_the_day(desk: Desk) -> None:
    await desk.book(TEN, 1)
    second = await desk.book(TEN + DAY, 1)
    with pytest.raises(DayLimitReached):
        await desk.do("reschedule", second.secret, at(TUESDAY, time(14)))
    assert (await desk.do("find_by_secret", second.secret)).appointment.day == WEDNESDAY
