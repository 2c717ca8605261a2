"""A change of the calendar never drops an appointment: it names those it hits, proposes, and moves on request."""

from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from booking.calendar import DEFAULT_HOURS, at
from booking.errors import CalendarInUse, InvalidCalendar, NotFound, SlotClosed, SlotFull
from booking.types import Closure, ConflictKind, DayStatus, Move, Origin, Span, SpecialDay, State
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
    WEDNESDAY,
    Desk,
    StandingClock,
)

TEN, TWO = at(TUESDAY, time(10)), at(TUESDAY, time(14))
AFTERNOON = Closure(at(TUESDAY, time(13)), at(TUESDAY, time(18)), "Hội nghị")


async def test_closing_an_afternoon_lists_and_moves_its_appointments(desk: Desk) -> None:
    chat = await desk.conversation()
    tickets = [await desk.book(TWO, number, origin=Origin("telegram", chat)) for number in (1, 2)]
    morning = await desk.book(TEN, 3)
    preview = await desk.do("preview_closure", OFFICE, AFTERNOON)
    assert [(c.appointment.reference, c.kind) for c in preview] == [
        (ticket.reference, ConflictKind.CLOSED) for ticket in tickets
    ]
    assert await desk.do("conflicts", OFFICE) == []  # nothing was changed yet
    closure, hit = await desk.do("add_closure", OFFICE, AFTERNOON, OFFICER)
    assert hit == preview == await desk.do("conflicts", OFFICE)
    assert [conflict.proposal.starts_at for conflict in hit] == [at(WEDNESDAY, time(7, 30))] * 2  # two seats there
    moves = [Move(c.appointment.reference, c.proposal.starts_at) for c in hit]
    moved = await desk.do("move_conflicts", OFFICE, moves, OFFICER)
    assert [(m.refused, m.appointment.day, m.appointment.sequence) for m in moved] == [(None, WEDNESDAY, 1)] * 2
    assert await desk.do("conflicts", OFFICE) == []
    assert (await desk.do("find_by_secret", morning.secret)) == morning
    await desk.do("remove_closure", OFFICE, closure.id, OFFICER)
    assert "15:00" in await desk.starts(TUESDAY)
    with pytest.raises(NotFound):
        await desk.do("remove_closure", OFFICE, closure.id, OFFICER)


async def test_proposals_are_different_seats(desk: Desk) -> None:
    await desk.do("set_capacity", OFFICE, GROUP, 1, 0, OFFICER)
    for number, minutes in ((1, 0), (2, 30), (3, 60)):
        await desk.book(TWO + minutes * MINUTE, number)
    _, hit = await desk.do("add_closure", OFFICE, AFTERNOON, OFFICER)
    proposed = [conflict.proposal.starts_at for conflict in hit]
    assert proposed == [at(WEDNESDAY, time(7, 30)), at(WEDNESDAY, time(8)), at(WEDNESDAY, time(8, 30))]


async def test_a_move_that_does_not_work_says_why_and_the_others_go_on(desk: Desk) -> None:
    first, second, gone = [await desk.book(TWO, 1), await desk.book(TWO, 2), await desk.book(TEN, 3)]
    await desk.do("cancel", gone.secret)
    moves = [
        Move(first.reference, at(TUESDAY, time(12))),
        Move(second.reference, TWO + HOUR),
        Move(gone.reference, TWO + HOUR),
        Move(first.reference, at(MONDAY, time(7, 30))),
    ]
    moved = await desk.do("move_conflicts", OFFICE, moves, OFFICER)
    assert [result.refused is None for result in moved] == [False, True, False, False]
    assert "hủy" in moved[2].refused
    assert (await desk.do("find_by_secret", first.secret)) == first
    assert (await desk.do("find_by_secret", second.secret)).appointment.starts_at == TWO + HOUR
    with pytest.raises(NotFound):
        await desk.do("move_conflicts", OTHER, [Move(first.reference, TEN)], OFFICER)


async def test_conflicts_without_any_free_time_have_no_proposal(desk: Desk) -> None:
    ticket = await desk.book(TWO)
    for day in range(1, 32):
        nothing = SpecialDay(MONDAY + day * DAY, (), "Sửa trụ sở")
        await desk.do("set_special_day", OFFICE, nothing, OFFICER)
    await desk.do("set_special_day", OFFICE, SpecialDay(MONDAY, (), "Sửa trụ sở"), OFFICER)
    (conflict,) = await desk.do("conflicts", OFFICE)
    assert (conflict.appointment.reference, conflict.proposal) == (ticket.reference, None)


async def test_other_hours_hit_what_they_leave_out(desk: Desk) -> None:
    ticket = await desk.book(TWO)
    before = await desk.do("calendar", OFFICE)
    assert (before.hours_are_default, before.hours) == (True, DEFAULT_HOURS)
    mornings = {weekday: (Span(time(8), time(11)),) for weekday in range(5)}
    (preview,) = await desk.do("preview_hours", OFFICE, mornings)
    assert preview.appointment.reference == ticket.reference
    assert preview.proposal.starts_at == at(WEDNESDAY, time(8))
    assert (await desk.do("calendar", OFFICE)).hours_are_default
    assert await desk.do("set_hours", OFFICE, mornings, OFFICER) == [preview]
    after = await desk.do("calendar", OFFICE)
    assert (after.hours_are_default, after.hours) == (False, mornings)
    assert (await desk.do("calendar", OTHER)).hours_are_default
    assert await desk.starts(WEDNESDAY) == ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"]


async def test_less_capacity_hits_who_booked_last(desk: Desk, clock: StandingClock) -> None:
    first, second = await desk.book(TWO, 1), await desk.book(TWO, 2)
    (preview,) = await desk.do("preview_capacity", OFFICE, GROUP, 1, 1)
    assert preview.appointment.reference == second.reference
    (hit,) = await desk.do("set_capacity", OFFICE, GROUP, 1, 1, OFFICER)
    assert (hit.appointment.reference, hit.kind) == (second.reference, ConflictKind.OVER_CAPACITY)
    assert hit.proposal.starts_at == TWO + 30 * MINUTE
    await desk.do("cancel", first.secret)
    assert await desk.do("conflicts", OFFICE) == []
    clock.go(6 * MINUTE)  # seat 1 has returned, seat 2 is taken: one visit is all that the slot takes now
    assert "14:00" not in await desk.starts(TUESDAY)
    with pytest.raises(SlotFull):
        await desk.hold(TWO)
    with pytest.raises(InvalidCalendar):
        await desk.do("set_capacity", OFFICE, GROUP, -1, 1, OFFICER)


async def test_a_special_day_for_all_and_an_offices_own(desk: Desk) -> None:
    saturday = TUESDAY + 4 * DAY
    open_all = SpecialDay(saturday, (Span(time(8), time(9)),), "Làm bù")
    assert await desk.do("set_special_day", None, open_all, OFFICER) == []
    assert await desk.starts(saturday) == ["08:00", "08:30"]
    await desk.book(at(saturday, time(8)))
    (hit,) = await desk.do("set_special_day", OFFICE, SpecialDay(saturday, (), "Mất nước"), OFFICER)
    assert hit.appointment.day == saturday
    (day,) = await desk.do("free_days", OFFICE, GROUP, saturday, saturday)
    assert (day.status, day.reason) == (DayStatus.CLOSED, "Mất nước")
    assert (await desk.do("free_days", OTHER, GROUP, saturday, saturday))[0].status is DayStatus.FREE
    assert await desk.do("clear_special_day", OFFICE, saturday, OFFICER) == []
    assert await desk.starts(saturday) == ["08:00", "08:30"]
    await desk.do("clear_special_day", None, saturday, OFFICER)
    assert len(await desk.do("conflicts", OFFICE)) == 1


async def test_the_slot_length_changes_only_while_nothing_is_booked(desk: Desk) -> None:
    ticket = await desk.book(TWO)
    with pytest.raises(CalendarInUse):
        await desk.do("set_slot_minutes", OFFICE, 20, OFFICER)
    await desk.do("cancel", ticket.secret)
    await desk.do("set_slot_minutes", OFFICE, 20, OFFICER)
    assert (await desk.starts(TUESDAY))[:3] == ["07:40", "08:00", "08:20"]
    with pytest.raises(InvalidCalendar):
        await desk.do("set_slot_minutes", OFFICE, 7, OFFICER)


async def test_an_office_may_have_its_own_rules(desk: Desk) -> None:
    policy = await desk.do("set_policy", OFFICE, {"horizon_days": 7, "lead_minutes": 0}, OFFICER)
    assert (policy.horizon_days, policy.hold_minutes) == (7, 10)
    assert (await desk.do("set_policy", OFFICE, {"lead_minutes": None}, OFFICER)).lead_minutes == 120
    assert (await desk.do("policy", OFFICE)).horizon_days == 7
    assert (await desk.do("policy", OTHER)).horizon_days == 30
    with pytest.raises(ValidationError):
        await desk.do("set_policy", OFFICE, {"horizon_days": 0}, OFFICER)
    with pytest.raises(ValidationError):
        await desk.do("set_policy", OFFICE, {"no_such_rule": 1}, OFFICER)
    with pytest.raises(InvalidCalendar):
        await desk.do("set_policy", OFFICE, {"slot_minutes": 20}, OFFICER)


async def test_closures_that_cannot_be_are_refused(desk: Desk) -> None:
    for closure in (Closure(TWO, TWO, "x"), Closure(TWO + HOUR, TWO, "x"), Closure(TWO, TWO + HOUR, " ")):
        with pytest.raises(InvalidCalendar):
            await desk.do("add_closure", OFFICE, closure, OFFICER)
    await desk.do("add_closure", OFFICE, Closure(TEN, TEN + HOUR, "Họp"), OFFICER)
    with pytest.raises(SlotClosed):
        await desk.hold(TEN)


async def test_an_appointment_is_cancelled_by_the_office_and_its_owner_told(desk: Desk) -> None:
    chat = await desk.conversation()
    ticket = await desk.book(TWO, origin=Origin("telegram", chat))
    view = await desk.do("cancel_by_office", OFFICE, ticket.reference, OFFICER, "Cán bộ ốm")
    assert (view.state, view.sequence) == (State.CANCELLED, 1)
    assert (f"officer:{OFFICER}", "appointment_cancelled") in await desk.audited()
