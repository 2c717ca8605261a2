"""Moving and cancelling with the link."""

from __future__ import annotations

from booking.types import State
from tests.api.appointments.support import NAME, PHONE, BookingSite, later, text_of


async def test_a_citizen_moves_an_appointment(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    assert f"{path}/doi?ngay=2026-12-03" in await booking.citizen.open(f"{path}/doi")
    assert 'value="2026-12-03T09:00"' in await booking.citizen.open(f"{path}/doi?ngay=2026-12-03")
    for _ in range(2):
        moved = await booking.citizen.send(f"{path}/doi", gio="2026-12-03T09:00")
        assert moved.headers["location"] == f"{path}?xong=doi"
    view = (await booking.ticket(path)).appointment
    assert (f"{view.starts_at:%d %H:%M}", view.sequence) == ("03 09:00", 1)


async def test_a_time_that_is_gone_leaves_the_old_one(booking: BookingSite) -> None:
    path = await booking.citizen.book("2026-12-03T08:00")
    await booking.fill(but=1)
    refused = await booking.citizen.send(f"{path}/doi", gio="2026-12-02T08:00")
    assert refused.status_code == 409
    assert 'value="2026-12-02T16:30"' in refused.text
    assert f"{(await booking.ticket(path)).appointment.starts_at:%d %H:%M}" == "03 08:00"


async def test_cancelling_asks_first_and_happens_once(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    assert "Hủy lịch hẹn này?" in await booking.citizen.open(f"{path}/huy")
    assert (await booking.ticket(path)).appointment.state is State.CONFIRMED
    for _ in range(2):
        assert (await booking.citizen.send(f"{path}/huy")).headers["location"] == f"{path}?xong=huy"
    assert "Lịch hẹn đã hủy" in await booking.citizen.open(path)
    assert (await booking.ticket(path)).appointment.state is State.CANCELLED


async def test_a_seat_that_is_only_held_is_given_back(booking: BookingSite) -> None:
    path = await booking.citizen.choose()
    back = await booking.citizen.send(f"{path}/huy")
    assert back.headers["location"].startswith("/dat-lich/ngay?")
    assert (await booking.ticket(path)).appointment.state is State.EXPIRED


async def test_once_the_time_has_come_nothing_can_be_changed(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    booking.clock.go(later(60 * 48 + 5))
    for page in ("doi", "huy"):
        assert (await booking.citizen.client.get(f"{path}/{page}")).headers["location"] == path
    refused = await booking.citizen.send(f"{path}/huy")
    assert refused.status_code == 409
    assert (await booking.ticket(path)).appointment.state is State.CONFIRMED


async def test_a_ticket_follows_the_day_at_the_office(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    reference = (await booking.ticket(path)).reference
    booking.clock.go(later(60 * 48 - 15))
    await booking.do("check_in", "xa_hai_lang", reference, "lan")
    assert "Số thứ tự: 001" in text_of(await booking.citizen.client.get(path))
    await booking.do("call_next", "xa_hai_lang", None, "Quầy 1", "lan")
    assert "Đang được phục vụ" in text_of(await booking.citizen.client.get(path))
    await booking.do("finish", "xa_hai_lang", reference, "lan")
    assert "Đã làm xong" in text_of(await booking.citizen.client.get(path))
    assert (await booking.citizen.send(path, ten=NAME, dien_thoai=PHONE)).status_code == 303
