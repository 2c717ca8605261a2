"""The waiting list of a full day, and the display of the waiting room."""

from __future__ import annotations

import re

from booking.sweeper import Sweeper
from booking.types import Share, State
from tests.api.appointments.support import (
    ERRAND,
    FEW,
    GROUP,
    NAME,
    OFFICE,
    PHONE,
    BookingSite,
    later,
    secret_of,
    text_of,
)
from tests.booking.support import render

WAIT = f"/dat-lich/cho?{ERRAND}&ngay=2026-12-02"


async def _waiting(booking: BookingSite) -> str:
    page = await booking.citizen.open(WAIT)
    token = re.search(r'name="luot" value="([^"]+)"', page)
    assert token
    answers = [await booking.citizen.send(WAIT, luot=token[1]) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    return str(answers[0].headers["location"])


async def test_a_full_day_offers_to_wait(booking: BookingSite) -> None:
    await booking.fill()
    days = await booking.citizen.open(f"/dat-lich/ngay?{ERRAND}")
    assert WAIT.replace("&", "&amp;") in days
    place = await _waiting(booking)
    page = await booking.citizen.open(place)
    assert re.search(r"đứng thứ</span><strong>1<", page)


async def test_a_seat_that_frees_is_kept_for_the_first(booking: BookingSite) -> None:
    tickets = await booking.fill()
    place = await _waiting(booking)
    await booking.do("cancel", tickets[3].secret)
    booking.clock.go(later(15))
    await Sweeper(booking.site.services.database, booking.site.services.booking, render).run_once()
    page = await booking.citizen.open(place)
    assert "Đã có chỗ!" in page
    path = re.search(r'href="(/lich-hen/[^"]+)"', page)
    assert path
    await booking.citizen.send(path[1], ten=NAME, dien_thoai=PHONE)
    assert (await booking.ticket(path[1])).appointment.state is State.CONFIRMED
    assert "Phiếu hẹn 9 giờ" in text_of(await booking.citizen.client.get(place))


async def test_waiting_can_be_given_up(booking: BookingSite) -> None:
    await booking.fill()
    place = await _waiting(booking)
    assert (await booking.citizen.send(f"{place}/thoi")).headers["location"] == place
    assert "không chờ chỗ nào" in await booking.citizen.open(place)


async def test_nobody_waits_for_a_day_with_free_times(pages: BookingSite) -> None:
    response = await pages.citizen.client.get(WAIT)
    assert response.headers["location"].startswith("/dat-lich/gio?")


async def test_places_cannot_be_guessed(strict: BookingSite) -> None:
    for number in range(FEW):
        assert (await strict.citizen.client.get(f"/dat-lich/cho/{number:022d}")).status_code == 404
    assert (await strict.citizen.client.get("/dat-lich/cho/x")).status_code == 429


async def test_the_display_shows_numbers_and_nothing_else(booking: BookingSite) -> None:
    path = await booking.citizen.book("2026-11-30T10:30")
    assert "Chưa gọi số nào" in await booking.citizen.open(f"/hang-doi/{OFFICE}")
    ticket = await booking.ticket(path)
    await booking.do("check_in", OFFICE, ticket.reference, "lan")
    walk_in = await booking.do("walk_in", OFFICE, GROUP, "lan", name="Lê Thị Mận")
    assert walk_in.share is Share.WALK_IN
    await booking.do("call_next", OFFICE, None, "Quầy 2", "lan")
    page = await booking.citizen.open(f"/hang-doi/{OFFICE}")
    assert "002" in page
    assert "Quầy 2" in page
    for secret in (ticket.reference, walk_in.reference, secret_of(path), NAME, "Mận", "0912"):
        assert secret not in page


async def test_the_display_renews_itself_without_script_and_can_be_stopped(pages: BookingSite) -> None:
    assert '<noscript><meta http-equiv="refresh" content="10">' in await pages.citizen.open(f"/hang-doi/{OFFICE}")
    still = await pages.citizen.open(f"/hang-doi/{OFFICE}?dung=1")
    assert "refresh" not in still
    assert "hx-get" not in still


async def test_an_unknown_office_has_no_display(pages: BookingSite) -> None:
    assert (await pages.citizen.client.get("/hang-doi/nope")).status_code == 404
