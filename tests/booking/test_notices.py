"""What citizens are told without asking: in time, never at night, once, only while it is true."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from booking.calendar import at
from booking.sweeper import Sweeper
from booking.types import Closure, Move, Notice, NoticeKind, Origin, State
from booking.wording import notice_text
from store import conversations
from store.engine import write
from tests.booking.support import (
    DAY,
    HOUR,
    OFFICE,
    OFFICER,
    TUESDAY,
    WEDNESDAY,
    Desk,
    StandingClock,
    render,
)

TEN = at(WEDNESDAY, time(10))


@pytest.fixture
def sweeper(desk: Desk) -> Sweeper:
    return Sweeper(desk.engine, desk.service, render)


def kinds(sent: list[dict[str, str]]) -> list[str]:
    return [payload["kind"] for payload in sent]


async def booked(desk: Desk, starts_at: object = TEN) -> object:
    chat = await desk.conversation()
    return await desk.book(starts_at, origin=Origin("telegram", chat))  # type: ignore[arg-type]


async def test_reminders_come_twice_each_once(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    ticket = await booked(desk)
    seen = []
    while clock.now < TEN + HOUR:
        swept = await sweeper.run_once()
        if swept.sent:
            seen.append(clock.now)
        clock.go(HOUR / 2)
    assert seen == [TEN - DAY, TEN - 2 * HOUR]
    sent = await desk.sent()
    assert kinds(sent) == ["remind_day", "remind_hours"]
    assert {payload["secret"] for payload in sent} == {ticket.secret}  # type: ignore[attr-defined]


async def test_two_sweepers_send_once(desk: Desk, clock: StandingClock, engine: AsyncEngine) -> None:
    await booked(desk)
    clock.now = TEN - DAY
    sweepers = [Sweeper(engine, desk.service, render) for _ in range(4)]
    swept = await asyncio.gather(*(sweeper.run_once() for sweeper in sweepers))
    assert (sum(round_.sent for round_ in swept), kinds(await desk.sent())) == (1, ["remind_day"])


async def test_after_an_outage_one_reminder_is_enough_and_none_comes_too_late(
    desk: Desk, clock: StandingClock, sweeper: Sweeper
) -> None:
    await booked(desk)
    clock.now = TEN - HOUR
    assert (await sweeper.run_once()).sent == 1
    assert kinds(await desk.sent()) == ["remind_hours"]
    await desk.book(TEN + 2 * HOUR + HOUR * 1.5, 2, origin=Origin("telegram", await desk.conversation("c2")))
    clock.now = TEN + 4 * HOUR
    assert (await sweeper.run_once()).sent == 0


async def test_who_has_gone_is_not_reminded(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    ticket = await booked(desk)
    await desk.do("cancel", ticket.secret)  # type: ignore[attr-defined]
    clock.now = TEN - HOUR
    assert (await sweeper.run_once()).sent == 0


async def test_a_moved_one_is_reminded_of_its_new_time(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    ticket = await booked(desk)
    clock.now = TEN - DAY
    await sweeper.run_once()
    await desk.do("reschedule", ticket.secret, TEN + DAY)  # type: ignore[attr-defined]
    clock.now = TEN - 2 * HOUR
    assert (await sweeper.run_once()).sent == 0
    clock.now = TEN
    assert (await sweeper.run_once()).sent == 1
    assert kinds(await desk.sent()) == ["remind_day", "remind_day"]


async def test_nobody_is_written_to_at_night(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    ticket = await booked(desk)
    clock.now = at(TUESDAY, time(22))
    await desk.do("cancel_by_office", OFFICE, ticket.reference, OFFICER, "Bão")  # type: ignore[attr-defined]
    assert (await sweeper.run_once()).sent == 0
    clock.now = at(WEDNESDAY, time(6, 59))
    assert (await sweeper.run_once()).sent == 0
    clock.now = at(WEDNESDAY, time(7))
    assert (await sweeper.run_once()).sent == 1
    assert kinds(await desk.sent()) == ["cancelled"]


async def test_a_move_by_the_office_is_told_with_the_new_time(desk: Desk, sweeper: Sweeper) -> None:
    ticket = await booked(desk)
    await desk.do("add_closure", OFFICE, Closure(TEN, TEN + HOUR, "Họp"), OFFICER)
    moves = [Move(ticket.reference, TEN + HOUR)]  # type: ignore[attr-defined]
    await desk.do("move_conflicts", OFFICE, moves, OFFICER)
    await sweeper.run_once()
    await sweeper.run_once()
    assert kinds(await desk.sent()) == ["moved"]


async def test_without_conversation_nobody_can_be_told(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    await desk.book(TEN, 2)
    ticket = await booked(desk)
    async with write(desk.engine) as connection:
        conversation = ticket.appointment.conversation_id  # type: ignore[attr-defined]
        await conversations.delete_conversation(connection, conversation, clock.now)
    clock.now = TEN - HOUR
    assert (await sweeper.run_once()).sent == 0
    assert (await desk.do("find_by_secret", ticket.secret)).appointment.state is State.CONFIRMED  # type: ignore[attr-defined]


async def test_a_renderer_that_breaks_keeps_no_other_notice_back(desk: Desk, clock: StandingClock) -> None:
    first = await booked(desk)
    second = await desk.book(TEN, 2, origin=Origin("telegram", await desk.conversation("c2")))

    def fragile(notice: Notice) -> dict[str, object]:
        if notice.ticket.secret == first.secret:  # type: ignore[attr-defined]
            raise ValueError("no such office")
        return render(notice)

    clock.now = TEN - DAY
    sweeper = Sweeper(desk.engine, desk.service, fragile)
    assert (await sweeper.run_once()).sent == 1
    assert (await sweeper.run_once()).sent == 0
    assert [payload["secret"] for payload in await desk.sent()] == [second.secret]


async def test_the_sweeper_runs_until_it_is_told_to_stop(desk: Desk, clock: StandingClock) -> None:
    await booked(desk)
    clock.now = TEN - DAY
    rounds = 0
    wake = asyncio.Event()

    async def wait(_: asyncio.Event, seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            sweeper.stop()

    sweeper = Sweeper(desk.engine, desk.service, render, wait=wait, wake=wake)
    await sweeper.run()
    assert (rounds, wake.is_set(), kinds(await desk.sent())) == (2, True, ["remind_day"])


async def finished(desk: Desk, clock: StandingClock, at_hour: int) -> None:
    """A visit that ended at this hour of its day."""
    ticket = await booked(desk)
    clock.now = at(WEDNESDAY, time(at_hour))
    await desk.do("check_in", OFFICE, ticket.reference, OFFICER)  # type: ignore[attr-defined]
    await desk.do("call_next", OFFICE, None, "1", OFFICER)
    await desk.do("finish", OFFICE, ticket.reference, OFFICER)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("ended", "waits"), [(10, HOUR), (20, 11 * HOUR)], ids=["by day", "in the evening"])
async def test_a_visit_is_asked_about_once_an_hour_later_and_never_at_night(
    desk: Desk, clock: StandingClock, sweeper: Sweeper, ended: int, waits: timedelta
) -> None:
    await finished(desk, clock, ended)
    clock.go(waits - HOUR / 60)
    await sweeper.run_once()
    assert "rate" not in kinds(await desk.sent())
    clock.go(HOUR / 60)
    for _ in range(2):
        await sweeper.run_once()
    assert kinds(await desk.sent()).count("rate") == 1


async def test_nobody_is_asked_about_a_visit_of_long_ago(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    await finished(desk, clock, 10)
    clock.go(3 * DAY)
    await sweeper.run_once()
    assert "rate" not in kinds(await desk.sent())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_notice_has_its_vietnamese_words(desk: Desk) -> None:
    held = await desk.hold(TEN)
    ticket = await desk.do("find_by_secret", held.secret)
    for kind in NoticeKind:
        text = notice_text(Notice(kind, ticket), "Trung tâm A")
        assert "10 giờ, thứ tư 02/12/2026" in text
        assert "Trung tâm A" in text
    assert "8 giờ 10" in text
    assert timedelta(minutes=10) == held.expires_at - desk.clock()
