"""The day at the office: check-in, walk-in, who is called next, and what an office sees of others: nothing."""

from __future__ import annotations

import asyncio
from datetime import time

import pytest

from booking.calendar import at
from booking.errors import NotFound, NotYet, SlotClosed, SlotFull, WrongDay, WrongState
from booking.types import Share, State
from tests.booking.support import (
    DAY,
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
    by_state,
)

TEN = at(MONDAY, time(10))


async def test_a_visit_from_the_door_to_the_end(desk: Desk, clock: StandingClock) -> None:
    ticket = await desk.book(TEN)
    clock.now = TEN - 10 * MINUTE
    arrived = await desk.do("check_in", OFFICE, f"https://example.org/lich/{ticket.secret}", OFFICER)
    assert (arrived.state, arrived.number, arrived.checked_in_at) == (State.CHECKED_IN, 1, clock.now)
    assert (await desk.do("queue_display", OFFICE)).waiting == (1,)
    clock.now = TEN + 5 * MINUTE
    called = await desk.do("call_next", OFFICE, None, "Quầy 3", OFFICER)
    assert (called.reference, called.state, called.counter) == (ticket.reference, State.SERVING, "Quầy 3")
    display = await desk.do("queue_display", OFFICE)
    assert ([(call.number, call.counter) for call in display.called], display.waiting) == ([(1, "Quầy 3")], ())
    clock.go(12 * MINUTE)
    assert (await desk.do("finish", OFFICE, ticket.reference.lower(), OFFICER)).state is State.DONE
    assert await desk.do("call_next", OFFICE, None, "Quầy 3", OFFICER) is None
    with pytest.raises(WrongState):
        await desk.do("finish", OFFICE, ticket.reference, OFFICER)
    steps = [action for actor, action in await desk.audited() if actor == f"officer:{OFFICER}"]
    assert steps == ["appointment_checked_in", "appointment_serving", "appointment_done"]


async def test_only_todays_own_appointments_are_checked_in(desk: Desk) -> None:
    tomorrow = await desk.book(TEN + DAY)
    with pytest.raises(WrongDay):
        await desk.do("check_in", OFFICE, tomorrow.reference, OFFICER)
    elsewhere = await desk.book(TEN, 2, office=OTHER)
    for code in (elsewhere.reference, elsewhere.secret, "K7-3MHP", ""):
        with pytest.raises(NotFound):
            await desk.do("check_in", OFFICE, code, OFFICER)
    for step in ("finish", "no_show"):
        with pytest.raises(NotFound):
            await desk.do(step, OFFICE, elsewhere.reference, OFFICER)
    with pytest.raises(NotFound):
        await desk.do("cancel_by_office", OFFICE, elsewhere.reference, OFFICER, "x")
    assert await desk.do("day_list", OFFICE, MONDAY) == []
    assert await desk.do("search", OFFICE, elsewhere.reference) == []


async def test_a_hold_is_nobody_at_the_door(desk: Desk) -> None:
    held = await desk.hold(TEN)
    with pytest.raises(NotFound):
        await desk.do("find", OFFICE, held.secret)


async def test_walk_ins_have_seats_of_their_own_and_those_too_near_to_book(desk: Desk, clock: StandingClock) -> None:
    clock.now = at(MONDAY, time(8, 10))
    tickets = [await desk.do("walk_in", OFFICE, GROUP, OFFICER, name="Lê Lợi" if n == 0 else None) for n in range(16)]
    slots = [(f"{view.starts_at:%H:%M}", view.share) for view in tickets]
    one, two = Share.WALK_IN, Share.ONLINE
    assert slots[:3] == [("08:00", one), ("08:00", two), ("08:00", two)]
    assert slots[12:] == [("10:00", one), ("10:00", two), ("10:00", two), ("10:30", one)]
    assert [view.number for view in tickets] == list(range(1, 17))
    assert len(await desk.starts()) == 9  # 10:30 to 16:30: what can be booked online stays for online
    assert tickets[0].name == "Lê Lợi"


async def test_walk_ins_end_when_the_day_is_full_or_over(desk: Desk, clock: StandingClock) -> None:
    clock.now = at(MONDAY, time(16, 40))
    for _ in range(3):
        await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    with pytest.raises(SlotFull):
        await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    clock.now = at(MONDAY, time(17))
    with pytest.raises(SlotClosed):
        await desk.do("walk_in", OFFICE, GROUP, OFFICER)


async def test_who_is_called_next(desk: Desk, clock: StandingClock) -> None:
    ten, eleven = await desk.book(TEN, 1), await desk.book(TEN + HOUR, 2)
    late = await desk.book(TEN, 3)
    clock.now = TEN - 20 * MINUTE
    await desk.do("check_in", OFFICE, eleven.reference, OFFICER)
    walked = await desk.do("walk_in", OFFICE, GROUP, OFFICER)  # at 9:40, for the slot of 9:30
    await desk.do("check_in", OFFICE, ten.reference, OFFICER)
    clock.now = TEN + 15 * MINUTE
    await desk.do("check_in", OFFICE, late.reference, OFFICER)
    waiting = (await desk.do("queue_display", OFFICE)).waiting
    called = [await desk.do("call_next", OFFICE, GROUP, "1", OFFICER) for _ in range(5)]
    order = [walked.reference, ten.reference, late.reference, eleven.reference]
    assert [view and view.reference for view in called] == [*order, None]
    assert waiting == tuple(view.number for view in called[:4])


async def test_two_counters_never_call_the_same_person(desk: Desk) -> None:
    for _ in range(6):
        await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    called = await asyncio.gather(*(desk.do("call_next", OFFICE, None, f"{n}", OFFICER) for n in range(8)))
    numbers = sorted(view.number for view in called if view is not None)
    assert numbers == [1, 2, 3, 4, 5, 6]


async def test_a_no_show_may_still_turn_up(desk: Desk, clock: StandingClock) -> None:
    ticket = await desk.book(TEN)
    with pytest.raises(NotYet):
        await desk.do("no_show", OFFICE, ticket.reference, OFFICER)
    clock.now = TEN + 20 * MINUTE
    assert (await desk.do("no_show", OFFICE, ticket.reference, OFFICER)).state is State.NO_SHOW
    assert (await desk.do("check_in", OFFICE, ticket.reference, OFFICER)).state is State.CHECKED_IN
    await desk.do("call_next", OFFICE, GROUP, "1", OFFICER)
    assert (await desk.do("no_show", OFFICE, ticket.reference, OFFICER)).state is State.NO_SHOW


async def test_lists_and_search(desk: Desk, clock: StandingClock) -> None:
    first, second = await desk.book(TEN + HOUR, 1), await desk.book(TEN, 2)
    third = await desk.book(at(TUESDAY, time(9)), 3)
    await desk.do("cancel", second.secret)
    await desk.hold(TEN)
    views = await desk.do("day_list", OFFICE, MONDAY)
    assert [view.reference for view in views] == [second.reference, first.reference]
    assert by_state(views) == {State.CANCELLED: 1, State.CONFIRMED: 1}
    for text, found in (
        (third.reference.lower().replace("-", ""), [third]),
        ("nguyen van d", [third]),
        ("Văn", [first, second, third]),
        ("0003", [third]),
        ("03", []),
        ("", []),
        ("Quang Trung", []),
    ):
        got = [view.reference for view in await desk.do("search", OFFICE, text)]
        assert sorted(got) == sorted(ticket.reference for ticket in found), text
