"""The private page: who comes, the ticket, sent twice, too late, refused; what of it others may see."""

from __future__ import annotations

import re

import pytest
from icalendar import Calendar

from booking.types import State
from tests.api.appointments.support import FEW, NAME, PHONE, BookingSite, later, secret_of, text_of


async def test_a_ticket_says_all_that_is_needed(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    ticket = await booking.ticket(path)
    page = text_of(await booking.citizen.client.get(path))
    for words in ("08:00", "Thứ tư 02/12/2026", "xã Hải Lăng", "Đăng ký khai sinh", NAME, ticket.reference):
        assert words in page
    assert "Giấy chứng sinh" in page
    assert "ngày" in page.partition("Theo ")[2]
    assert "Mã QR của lịch hẹn" in page


async def test_sent_twice_it_is_one_appointment(booking: BookingSite) -> None:
    path = await booking.citizen.choose()
    answers = [await booking.citizen.send(path, ten=NAME, dien_thoai=PHONE) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [f"{path}?xong=dat"] * 2
    day = (await booking.ticket(path)).appointment.day
    assert len(await booking.do("day_list", "xa_hai_lang", day)) == 1


async def test_going_back_shows_the_ticket_and_not_the_form(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    page = await booking.citizen.client.get(path)
    assert 'name="dien_thoai"' not in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "phone", "field"), [("", PHONE, "name"), (NAME, "12345", "phone"), ("A", PHONE, "name")]
)
async def test_what_was_typed_wrong_is_pointed_out_and_kept(
    pages: BookingSite, name: str, phone: str, field: str
) -> None:
    path = await pages.citizen.choose()
    refused = await pages.citizen.send(path, ten=name, dien_thoai=phone, giup="1")
    assert refused.status_code == 422
    assert f'id="{field}-wrong"' in refused.text
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', refused.text)
    assert f'value="{phone}"' in refused.text
    assert " checked" in refused.text
    assert (await pages.ticket(path)).appointment.state is State.HELD


async def test_who_took_longer_than_the_hold_gets_the_same_time_if_it_is_free(booking: BookingSite) -> None:
    path = await booking.citizen.choose()
    booking.clock.go(later(11))
    assert "Chỗ giữ đã hết hạn" in text_of(await booking.citizen.client.get(path))
    answer = await booking.citizen.send(path, ten=NAME, dien_thoai=PHONE)
    booked = (await booking.ticket(answer.headers["location"])).appointment
    assert (booked.state, f"{booked.starts_at:%H:%M}") == (State.CONFIRMED, "08:00")


async def test_who_took_longer_and_lost_the_time_is_told(booking: BookingSite) -> None:
    path = await booking.citizen.choose()
    booking.clock.go(later(11))
    await booking.fill()
    answer = await booking.citizen.send(path, ten=NAME, dien_thoai=PHONE)
    assert answer.headers["location"] == path
    assert "chọn lại giờ" in text_of(await booking.citizen.client.get(path))


async def test_a_second_visit_on_the_same_day_is_refused_with_a_reason(booking: BookingSite) -> None:
    await booking.citizen.book()
    path = await booking.citizen.choose("2026-12-02T09:00")
    refused = await booking.citizen.send(path, ten=NAME, dien_thoai=PHONE)
    assert refused.status_code == 409
    assert "đã có lịch hẹn" in text_of(refused)


async def test_the_link_does_not_leak(pages: BookingSite) -> None:
    path = await pages.citizen.book()
    for address in (path, f"{path}/doi", f"{path}/huy", f"{path}/lich-hen.ics"):
        headers = (await pages.citizen.client.get(address)).headers
        assert headers["referrer-policy"] == "strict-origin"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["cache-control"] == "no-store"


async def test_neither_name_nor_phone_nor_code_is_logged(
    pages: BookingSite, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await pages.citizen.book()
    await pages.citizen.client.get(path)
    logged = "".join(capsys.readouterr())
    assert "/lich-hen/{secret}" in logged
    for secret in (secret_of(path), "0912", "Hoa"):
        assert secret not in logged


async def test_addresses_hold_neither_name_nor_phone(pages: BookingSite) -> None:
    path = await pages.citizen.choose()
    answer = await pages.citizen.send(path, ten=NAME, dien_thoai=PHONE)
    assert answer.headers["location"] == f"{path}?xong=dat"


@pytest.mark.parametrize("wrong", ["x" * 22, "short", "a" * 200, "K7-3MHP", "é" * 22])
async def test_wrong_codes_are_all_answered_alike(pages: BookingSite, wrong: str) -> None:
    answers = {(await pages.citizen.client.get(f"/lich-hen/{code}")).text for code in (wrong, "y" * 22)}
    assert len(answers) == 1
    for path in ("", "/doi", "/huy"):
        assert (await pages.citizen.send(f"/lich-hen/{wrong}{path}")).status_code == 404


async def test_codes_cannot_be_tried_one_after_the_other(strict: BookingSite) -> None:
    """After so many wrong ones even a right one waits: trying on tells nothing. Others are not held up."""
    path = await strict.citizen.book()
    for number in range(FEW):
        assert (await strict.citizen.client.get(f"/lich-hen/{number:022d}")).status_code == 404
    refused = [await strict.citizen.client.get(address) for address in (f"/lich-hen/{'z' * 22}", path, "/lich/x.ics")]
    assert [response.status_code for response in refused] == [429] * 3
    assert (await strict.citizen.send(f"{path}/huy")).status_code == 429
    async with strict.another() as other:
        assert (await other.client.get(path)).status_code == 200


async def test_a_reference_opens_nothing(pages: BookingSite) -> None:
    reference = (await pages.ticket(await pages.citizen.book())).reference
    assert (await pages.citizen.client.get(f"/lich-hen/{reference}")).status_code == 404
    asked = await pages.citizen.send("/lich-hen", ma=reference)
    assert asked.status_code == 422


async def test_a_pasted_link_opens_the_ticket(pages: BookingSite) -> None:
    path = await pages.citizen.book()
    for typed in (f"https://hoi.example{path}", f" {secret_of(path)} ", f"{path}/"):
        assert (await pages.citizen.send("/lich-hen", ma=typed)).headers["location"] == path


async def test_the_calendar_file_leads_back_and_the_feed_does_not(pages: BookingSite) -> None:
    path = await pages.citizen.book()
    page = (await pages.citizen.client.get(path)).text
    taken = Calendar.from_ical((await pages.citizen.client.get(f"{path}/lich-hen.ics")).content)
    assert path in str(taken.events[0]["url"])
    address = re.search(r'href="webcal://[^/]+(/lich/[^"]+)"', page)
    assert address
    feed = await pages.citizen.client.get(address[1])
    assert feed.headers["content-type"].startswith("text/calendar")
    assert secret_of(path) not in feed.text
    assert NAME not in feed.text
    assert secret_of(path) not in address[1]
    assert (await pages.citizen.client.get(f"/lich-hen/{address[1][6:28]}")).status_code == 404


async def test_a_followed_calendar_sees_the_move_and_the_cancellation(booking: BookingSite) -> None:
    path = await booking.citizen.book()
    page = (await booking.citizen.client.get(path)).text
    address = re.search(r'href="webcal://[^/]+(/lich/[^"]+)"', page)
    assert address
    seen = []
    for step, fields in (("", {}), ("/doi", {"gio": "2026-12-03T09:00"}), ("/huy", {})):
        if step:
            await booking.citizen.send(path + step, **fields)
        event = Calendar.from_ical((await booking.citizen.client.get(address[1])).content).events[0]
        seen.append((event["uid"], event["sequence"], str(event["status"])))
    assert len({uid for uid, _, _ in seen}) == 1
    assert [(number, status) for _, number, status in seen] == [(0, "CONFIRMED"), (1, "CONFIRMED"), (2, "CANCELLED")]


async def test_a_feed_of_somebody_elses_making_opens_nothing(pages: BookingSite) -> None:
    for token in ("x", "A" * 43, "é", "=="):
        assert (await pages.citizen.client.get(f"/lich/{token}.ics")).status_code == 404
