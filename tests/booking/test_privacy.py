"""Names and phones go when their purpose is over, by themselves and on request; figures and visits stay."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from booking.calendar import at
from booking.errors import NotFound
from booking.sweeper import Sweeper
from booking.types import Origin, Person, State
from store.booking_tables import appointments, seats
from store.engine import read
from store.tables import audit
from tests.booking.support import (
    DAY,
    HOUR,
    MINUTE,
    OFFICE,
    OFFICER,
    OTHER,
    TUESDAY,
    Desk,
    StandingClock,
    render,
)

TEN = at(TUESDAY, time(10))


@pytest.fixture
def sweeper(desk: Desk) -> Sweeper:
    return Sweeper(desk.engine, desk.service, render)


async def stored(desk: Desk, column: str) -> list[object]:
    async with read(desk.engine) as connection:
        return list((await connection.execute(select(appointments.c[column]).order_by(appointments.c.id))).scalars())


async def test_names_go_after_thirty_days_and_hashes_after_sixty(
    desk: Desk, clock: StandingClock, sweeper: Sweeper
) -> None:
    chat = await desk.conversation()
    ticket = await desk.book(TEN, origin=Origin("telegram", chat, "c1"))
    clock.now = TEN + 30 * DAY
    assert await sweeper.housekeep() == 0
    assert await stored(desk, "name") == ["Nguyễn Văn B"]
    clock.go(HOUR)
    assert await sweeper.housekeep() == 1
    assert await sweeper.housekeep() == 0
    for column in ("name", "phone", "conversation_id", "holder_hash"):
        assert await stored(desk, column) == [None]
    assert await stored(desk, "phone_hash") != [None]
    clock.now = TEN + 61 * DAY
    await sweeper.housekeep()
    assert await stored(desk, "phone_hash") == [None]
    assert (await desk.do("figures", OFFICE, TUESDAY, TUESDAY)).by_state == {State.CONFIRMED: 1}
    assert (await desk.do("find_by_secret", ticket.secret)).appointment.name is None


async def test_an_office_may_keep_names_shorter(desk: Desk, clock: StandingClock, sweeper: Sweeper) -> None:
    await desk.do("set_policy", OFFICE, {"keep_days": 2}, OFFICER)
    await desk.book(TEN, 1)
    await desk.book(TEN, 2, office=OTHER)
    clock.now = TEN + 3 * DAY
    await sweeper.housekeep()
    assert await stored(desk, "name") == [None, "Nguyễn Văn C"]


async def test_a_citizen_is_forgotten_but_for_what_is_to_come(desk: Desk, clock: StandingClock) -> None:
    chat = await desk.conversation()
    origin = Origin("telegram", chat, "c1")
    past = await desk.book(TEN, 1, origin=origin)
    clock.now = TEN + HOUR
    coming = await desk.book(TEN + 6 * DAY, 1, origin=origin)
    other = await desk.book(TEN + 6 * DAY, 2, origin=Origin("telegram", await desk.conversation("c2")))
    assert await desk.do("forget", chat) == [coming]
    assert (await desk.do("find_by_secret", past.secret)).appointment.name is None
    assert (await desk.do("find_by_secret", coming.secret)).appointment.name == "Nguyễn Văn B"
    await desk.do("cancel", coming.secret)
    assert await desk.do("forget", chat) == []
    assert await stored(desk, "phone") == [None, None, other.appointment.phone]
    assert await desk.do("find_mine", chat) == []


async def test_old_expired_holds_and_returned_seats_are_removed(
    desk: Desk, clock: StandingClock, sweeper: Sweeper
) -> None:
    held = await desk.hold(TEN)
    cancelled = await desk.book(TEN, 1)
    await desk.do("cancel", cancelled.secret)
    clock.go(11 * MINUTE)
    assert (await sweeper.run_once()).expired == 1
    await sweeper.housekeep()
    async with read(desk.engine) as connection:
        assert (await connection.execute(select(func.count()).select_from(seats))).scalar_one() == 0
    assert await desk.state(held.secret) is State.EXPIRED
    clock.go(31 * DAY)
    await sweeper.housekeep()
    with pytest.raises(NotFound):
        await desk.do("find_by_secret", held.secret)
    assert await desk.state(cancelled.secret) is State.CANCELLED


async def test_no_personal_data_and_no_secret_in_the_audit_log_or_beside_its_columns(desk: Desk) -> None:
    held = await desk.hold(TEN, origin=Origin("web", holder="browser 7"))
    await desk.do("confirm", held.secret, Person("Trần Đại Nghĩa", "0987654321"))
    async with read(desk.engine) as connection:
        entries = (await connection.execute(select(audit.c.actor, audit.c.subject, audit.c.detail))).all()
        (row,) = (await connection.execute(select(appointments))).all()
    kept = {name: str(value) for name, value in row._mapping.items()}
    told = str(entries) + str({name: value for name, value in kept.items() if name not in ("name", "phone")})
    for secret in ("Nghĩa", "0987654321", "987654321", held.secret, "browser 7"):
        assert secret not in told
    assert held.ends_at - held.starts_at == timedelta(minutes=30)
