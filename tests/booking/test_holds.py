"""Holding and confirming: what is offered can be had, what is taken cannot, and limits hold."""

from __future__ import annotations

from datetime import time

import pytest

from booking.calendar import at
from booking.errors import (
    Barred,
    BookingError,
    DayLimitReached,
    HoldExpired,
    InvalidPerson,
    LimitReached,
    NotFound,
    SlotClosed,
    SlotFull,
    TooEarly,
    TooLate,
)
from booking.types import Closure, DayStatus, Origin, Person, Share, State, Wish
from store.engine import write
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
    person,
)

TEN = at(TUESDAY, time(10))


async def test_a_day_offers_its_slots_after_the_lead_time(desk: Desk) -> None:
    assert (await desk.starts())[:4] == ["10:00", "10:30", "11:00", "13:30"]
    assert len(await desk.starts(TUESDAY)) == 15
    assert (await desk.starts(TUESDAY, minutes=80))[4:8] == ["09:30", "10:00", "13:30", "14:00"]


async def test_what_is_held_is_no_longer_offered_and_returns_by_itself(desk: Desk, clock: StandingClock) -> None:
    first, second = await desk.hold(TEN), await desk.hold(TEN)
    assert "10:00" not in await desk.starts(TUESDAY)
    with pytest.raises(SlotFull):
        await desk.hold(TEN)
    clock.now = first.expires_at
    assert "10:00" in await desk.starts(TUESDAY)
    with pytest.raises(HoldExpired):
        await desk.do("confirm", second.secret, person())
    third = await desk.hold(TEN)  # meets the overdue holds first, before any sweeper
    assert await desk.state(first.secret) is State.EXPIRED
    assert (await desk.do("confirm", third.secret, person())).appointment.state is State.CONFIRMED
    assert ("system", "appointment_expired") in await desk.audited()


async def test_a_confirmed_appointment_is_found_by_its_secret_only(desk: Desk) -> None:
    ticket = await desk.book(TEN)
    found = await desk.do("find_by_secret", ticket.secret)
    assert found == ticket
    assert (found.appointment.name, found.appointment.phone) == ("Nguyễn Văn B", "0900000001")
    for wrong in (ticket.reference, ticket.secret[:-1] + "x", "", ticket.appointment.uid):
        with pytest.raises(NotFound):
            await desk.do("find_by_secret", wrong)


async def test_confirming_twice_gives_the_same_ticket(desk: Desk) -> None:
    held = await desk.hold(TEN)
    first = await desk.do("confirm", held.secret, person(1))
    assert await desk.do("confirm", held.secret, person(1)) == first
    with pytest.raises(BookingError):
        await desk.do("confirm", held.secret, person(2))
    assert [view.reference for view in await desk.do("day_list", OFFICE, TUESDAY)] == [first.reference]


async def test_a_visit_takes_several_slots(desk: Desk) -> None:
    ticket = await desk.book(TEN, minutes=70)
    assert ticket.appointment.minutes == 90
    await desk.book(TEN, 2, minutes=30)
    slots = {slot.starts_at: slot.free for slot in await desk.do("free_slots", OFFICE, GROUP, TUESDAY, TUESDAY)}
    assert TEN not in slots
    assert [slots[TEN + MINUTE * m] for m in (-30, 30, 60, 210)] == [2, 1, 1, 2]


async def test_a_wish_has_to_lie_in_time_and_on_the_grid(desk: Desk) -> None:
    for starts_at, error in (
        (at(MONDAY, time(9, 30)), TooLate),
        (at(MONDAY, time(7, 30)), TooLate),
        (TEN + 31 * DAY, TooEarly),
        (at(TUESDAY, time(12)), SlotClosed),
        (at(TUESDAY, time(10, 5)), SlotClosed),
        (at(TUESDAY, time(17)), SlotClosed),
        (TEN + 4 * DAY, SlotClosed),  # Saturday
    ):
        with pytest.raises(error):
            await desk.hold(starts_at)
    with pytest.raises(SlotClosed):
        await desk.hold(at(TUESDAY, time(11)), minutes=60)  # would reach into the break
    assert await desk.do("day_list", OFFICE, TUESDAY) == []


async def test_a_holder_has_one_hold_at_a_time_over_all_offices(desk: Desk) -> None:
    mine = Origin("web", holder="browser 1")
    first = await desk.hold(TEN, origin=mine, office=OTHER)
    second = await desk.hold(TEN, origin=mine)
    assert await desk.state(first.secret) is State.EXPIRED
    assert await desk.state(second.secret) is State.HELD
    await desk.hold(TEN, origin=Origin("web", holder="browser 2"))
    with pytest.raises(SlotFull):
        await desk.hold(TEN, origin=Origin("web", holder="browser 3"))
    with pytest.raises(SlotFull):
        await desk.hold(TEN, minutes=60, origin=Origin("web", holder="browser 3"))
    again = await desk.hold(TEN, origin=mine)  # takes the place of the own one
    assert await desk.state(again.secret) is State.HELD


async def test_a_refused_step_leaves_nothing_even_if_the_caller_commits(desk: Desk) -> None:
    for number in (2, 3):
        await desk.book(TEN + HOUR, number)
    mine = Origin("web", holder="browser 1")
    first = await desk.hold(TEN, origin=mine)
    async with write(desk.engine) as connection:
        with pytest.raises(SlotFull):  # 10:00 and 10:30 are free, 11:00 is not
            await desk.service.hold(connection, Wish(OFFICE, GROUP, TEN, 90), mine)
    assert await desk.state(first.secret) is State.HELD
    slots = {slot.starts_at: slot.free for slot in await desk.do("free_slots", OFFICE, GROUP, TUESDAY, TUESDAY)}
    assert (slots[TEN], slots[TEN + 30 * MINUTE]) == (1, 2)


async def test_a_hold_is_given_back(desk: Desk) -> None:
    held = await desk.hold(TEN)
    await desk.hold(TEN)
    await desk.do("release", held.secret)
    assert await desk.state((await desk.hold(TEN)).secret) is State.HELD
    ticket = await desk.book(TEN + HOUR)
    await desk.do("release", ticket.secret)  # no hold any more: stays
    assert await desk.state(ticket.secret) is State.CONFIRMED


async def test_one_phone_has_two_appointments_and_one_a_day(desk: Desk) -> None:
    await desk.book(TEN, 1)
    held = await desk.hold(TEN + 2 * HOUR + 90 * MINUTE)
    with pytest.raises(DayLimitReached):
        await desk.do("confirm", held.secret, Person("Trần Thị Khác", "+84 900 000 001"))
    assert await desk.state(held.secret) is State.HELD
    await desk.book(TEN, 1, office=OTHER)
    third = await desk.hold(TEN + DAY)
    with pytest.raises(LimitReached) as refused:
        await desk.do("confirm", third.secret, person(1))
    assert "2 lịch hẹn" in str(refused.value)
    await desk.do("confirm", third.secret, person(2))


async def test_a_helper_books_for_five_people(desk: Desk) -> None:
    names = ["Hồ Thị A", "Hồ Văn B", "Hồ Văn C", "Hồ Văn D", "Hồ Văn E"]
    for number, name in enumerate(names):
        held = await desk.hold(TEN + (number // 2) * 30 * MINUTE)
        ticket = await desk.do("confirm", held.secret, Person(name, "0912345678", helper=True))
        assert ticket.appointment.for_other
        if number == 0:
            again = await desk.hold(TEN + 60 * MINUTE)
            with pytest.raises(DayLimitReached):
                await desk.do("confirm", again.secret, Person("ho thi a", "0912345678", helper=True))
            await desk.do("release", again.secret)
    held = await desk.hold(TEN + DAY)
    with pytest.raises(LimitReached):
        await desk.do("confirm", held.secret, Person("Hồ Văn F", "0912345678", helper=True))


async def test_who_stays_away_twice_is_barred_for_a_while(desk: Desk, clock: StandingClock) -> None:
    for day in (TUESDAY, WEDNESDAY):
        ticket = await desk.book(at(day, time(10)), 1)
        clock.now = at(day, time(10, 20))
        await desk.do("no_show", OFFICE, ticket.reference, OFFICER)
    held = await desk.hold(TEN + 5 * DAY + 3 * DAY)
    with pytest.raises(Barred) as refused:
        await desk.do("confirm", held.secret, person(1))
    assert "lấy số trực tiếp" in str(refused.value)
    assert (await desk.do("confirm", held.secret, person(2))).appointment.state is State.CONFIRMED
    walked = await desk.do("walk_in", OFFICE, GROUP, OFFICER)
    assert walked.share is Share.WALK_IN
    clock.now = at(WEDNESDAY, time(10)) + 30 * DAY
    later = await desk.hold(clock.now + 3 * DAY + HOUR)
    assert (await desk.do("confirm", later.secret, person(1))).appointment.state is State.CONFIRMED


@pytest.mark.parametrize(("name", "number"), [("", "0912345678"), ("7", "0912345678"), ("Lê Lợi", "12")])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_name_and_phone_are_needed(desk: Desk, name: str, number: str) -> None:
    held = await desk.hold(TEN)
    with pytest.raises(InvalidPerson):
        await desk.do("confirm", held.secret, Person(name, number))
    assert await desk.state(held.secret) is State.HELD


async def test_a_slot_that_was_closed_meanwhile_cannot_be_confirmed(desk: Desk) -> None:
    held = await desk.hold(TEN)
    await desk.do("add_closure", OFFICE, Closure(TEN, TEN + HOUR, "Mất điện"), OFFICER)
    with pytest.raises(SlotClosed):
        await desk.do("confirm", held.secret, person())


async def test_days_say_what_they_offer(desk: Desk, clock: StandingClock) -> None:
    await desk.do("set_capacity", OFFICE, GROUP, 1, 0, OFFICER)
    midnight = at(WEDNESDAY, time())
    await desk.do("add_closure", OFFICE, Closure(midnight, midnight + DAY, "Tập huấn"), OFFICER)
    for slot in await desk.do("free_slots", OFFICE, GROUP, TUESDAY, TUESDAY):
        await desk.hold(slot.starts_at)
    days = {offer.day: offer for offer in await desk.do("free_days", OFFICE, GROUP, MONDAY - DAY, MONDAY + 32 * DAY)}
    assert days[MONDAY - DAY].status is DayStatus.TOO_SOON
    assert (days[MONDAY].status, days[MONDAY].free_slots) == (DayStatus.FREE, 10)
    assert days[TUESDAY].status is DayStatus.FULL
    assert (days[WEDNESDAY].status, days[WEDNESDAY].reason) == (DayStatus.CLOSED, "Tập huấn")
    assert (days[MONDAY + 5 * DAY].status, days[MONDAY + 5 * DAY].reason) == (DayStatus.CLOSED, "")
    assert days[MONDAY + 31 * DAY].status is DayStatus.TOO_FAR
    assert days[MONDAY + 32 * DAY].status is DayStatus.HOLIDAY  # 1 January
    clock.now = at(MONDAY, time(15))
    assert (await desk.do("free_days", OFFICE, GROUP, MONDAY, MONDAY))[0].status is DayStatus.TOO_SOON


async def test_own_appointments_are_found_by_conversation(desk: Desk, clock: StandingClock) -> None:
    chat = await desk.conversation()
    ticket = await desk.book(TEN, origin=Origin("telegram", chat, "c1"))
    held = await desk.hold(TEN + DAY, origin=Origin("telegram", chat, "c1"))
    await desk.book(TEN, 2)
    mine = await desk.do("find_mine", chat)
    assert [found.secret for found in mine] == [ticket.secret, held.secret]
    clock.go(11 * MINUTE)
    assert await desk.do("find_mine", chat) == [ticket]
