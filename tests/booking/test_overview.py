"""The week calendar and the figures count what is there."""

from __future__ import annotations

from datetime import time

from booking.calendar import at
from booking.types import Capacity, Closure, DayStatus, Share, State
from tests.booking.support import (
    DAY,
    GROUP,
    HOUR,
    MINUTE,
    MONDAY,
    OFFICE,
    OFFICER,
    TUESDAY,
    Desk,
    StandingClock,
)

TEN = at(MONDAY, time(10))


async def test_a_week_shows_slots_loads_and_appointments(desk: Desk) -> None:
    await desk.do("set_capacity", OFFICE, GROUP, 3, 2, OFFICER)
    await desk.do("add_closure", OFFICE, Closure(at(TUESDAY, time(13)), at(TUESDAY, time(18)), "Họp"), OFFICER)
    ticket = await desk.book(TEN, minutes=60)
    await desk.hold(TEN)
    await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    week = await desk.do("week", OFFICE, MONDAY)
    assert [(day.day - MONDAY).days for day in week] == list(range(7))
    assert [len(day.slots) for day in week] == [15, 8, 15, 15, 15, 0, 0]
    assert (week[5].status, week[1].closures[0].reason) == (DayStatus.CLOSED, "Họp")
    loads = {slot.starts_at: (slot.online_taken, slot.walk_in_taken) for slot in week[0].slots}
    assert (loads[TEN], loads[TEN + 30 * MINUTE], loads[at(MONDAY, time(8))]) == ((2, 0), (1, 0), (0, 1))
    assert week[0].slots[0].capacity == Capacity(3, 2)
    assert [view.reference for view in week[0].appointments][1:] == [ticket.reference]
    asked = await desk.do("week", OFFICE, MONDAY, [GROUP, "dat_dai"])
    assert len(asked[0].slots) == 30
    assert asked[0].slots[1].capacity == Capacity(2, 1, is_default=True)


async def test_figures_of_a_day(desk: Desk, clock: StandingClock) -> None:
    done, missed, gone, coming = [await desk.book(TEN + n * HOUR / 2, n + 1) for n in range(3)] + [
        await desk.book(TEN + DAY, 9)
    ]
    await desk.do("cancel", gone.secret)
    clock.now = TEN - 10 * MINUTE
    await desk.do("check_in", OFFICE, done.reference, OFFICER)
    walked = await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    clock.now = TEN + 8 * MINUTE
    assert (await desk.do("call_next", OFFICE, None, "1", OFFICER)).reference == walked.reference
    await desk.do("call_next", OFFICE, None, "2", OFFICER)
    clock.now = TEN + 20 * MINUTE
    await desk.do("finish", OFFICE, done.reference, OFFICER)
    clock.now = TEN + HOUR
    await desk.do("no_show", OFFICE, missed.reference, OFFICER)
    figures = await desk.do("figures", OFFICE, MONDAY, MONDAY)
    assert figures.by_state == {State.DONE: 1, State.NO_SHOW: 1, State.CANCELLED: 1, State.SERVING: 1}
    assert figures.by_share == {Share.ONLINE: 2, Share.WALK_IN: 1}
    assert (figures.by_group, figures.by_hour) == ({GROUP: 3}, {9: 1, 10: 2})
    assert (figures.wait_median_minutes, figures.wait_p90_minutes) == (13.0, 18.0)  # 8 after the time, 18 from 9:50
    assert (figures.service_median_minutes, figures.no_show_rate) == (12.0, 0.5)
    assert figures.online_use == 2 / (15 * 2)
    both = await desk.do("figures", OFFICE, MONDAY, TUESDAY)
    assert both.by_state[State.CONFIRMED] == 1
    assert coming.appointment.day == TUESDAY
    nothing = await desk.do("figures", OFFICE, TUESDAY + DAY, TUESDAY + DAY)
    assert nothing.by_state == {}
    assert (nothing.wait_median_minutes, nothing.no_show_rate, nothing.online_use) == (None, None, None)
