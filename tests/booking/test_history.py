"""Who did what at an office: its own steps only, the latest first."""

from __future__ import annotations

from datetime import time

from booking.calendar import at
from booking.history import history
from booking.types import Closure
from store.engine import read
from tests.booking.support import HOUR, MONDAY, OFFICE, OFFICER, OTHER, TUESDAY, Desk

TEN = at(TUESDAY, time(10))


async def test_the_log_of_an_office(desk: Desk) -> None:
    ticket = await desk.book(TEN)
    await desk.book(TEN, 2, office=OTHER)
    await desk.do("add_closure", OFFICE, Closure(TEN, TEN + HOUR, "Họp"), OFFICER)
    await desk.do("cancel_by_office", OFFICE, ticket.reference, OFFICER, "Họp")
    async with read(desk.engine) as connection:
        events = await history(connection, OFFICE, MONDAY, only_officers=False)
        officers = await history(connection, OFFICE, MONDAY, only_officers=True)
        assert await history(connection, OFFICE, TUESDAY, only_officers=False) == []
    assert officers == events[:2]
    assert [(event.actor, event.action, event.reference) for event in events] == [
        (f"officer:{OFFICER}", "appointment_cancelled", ticket.reference),
        (f"officer:{OFFICER}", "closure_added", None),
        ("citizen", "appointment_confirmed", ticket.reference),
        ("citizen", "appointment_held", ticket.reference),
    ]
