"""From the wish to the held seat: plain links and forms, what is offered, what is refused and how kindly."""

from __future__ import annotations

import pytest

from booking.types import State
from tests.api.appointments.support import CODE, ERRAND, FEW, OFFICE, WEDNESDAY, BookingSite, text_of


async def test_a_citizen_finds_the_way_by_links_alone(pages: BookingSite) -> None:
    citizen = pages.citizen
    assert f"/dat-lich/noi?viec={CODE}" in await citizen.open("/dat-lich?q=dang+ky+khai+sinh")
    assert f"/dat-lich/ngay?{ERRAND}".replace("&", "&amp;") in await citizen.open(f"/dat-lich/noi?viec={CODE}")
    assert f"{ERRAND}&ngay=2026-12-02".replace("&", "&amp;") in await citizen.open(f"/dat-lich/ngay?{ERRAND}")
    assert 'name="gio" value="2026-12-02T08:00"' in await citizen.open(f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02")


async def test_the_way_in_is_seen_from_the_chat_and_from_a_procedure(pages: BookingSite) -> None:
    assert '<a class="button button--plain" href="/dat-lich">' in await pages.citizen.open("/")
    assert f'<a class="button" href="/dat-lich/noi?viec={CODE}">' in await pages.citizen.open(f"/thu-tuc/{CODE}")


async def test_groups_lead_on_without_a_procedure(pages: BookingSite) -> None:
    assert "/dat-lich/noi?nhom=chung_thuc" in await pages.citizen.open("/dat-lich")
    page = await pages.citizen.open("/dat-lich/noi?nhom=chung_thuc")
    assert "noi=tinh_quang_tri" in page
    assert "noi=dac_khu_con_co" in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hai lang", "xa_hai_lang"),
        ("Hải Lăng", "xa_hai_lang"),
        ("xa hai lag", "xa_hai_lang"),
        ("Vĩnh Ô", "xa_ben_quan"),
        ("thi tran ho xa", "xa_vinh_linh"),
        ("con co", "dac_khu_con_co"),
    ],
)
async def test_a_centre_is_found_by_new_and_old_names(pages: BookingSite, typed: str, found: str) -> None:
    page = await pages.citizen.open(f"/dat-lich/noi?viec={CODE}&tim={typed}")
    first = page[page.index('id="offices"') :].partition("noi=")[2]
    assert first.startswith(found)


async def test_a_name_that_is_none_says_so(pages: BookingSite) -> None:
    assert "Không có nơi nào" in await pages.citizen.open(f"/dat-lich/noi?viec={CODE}&tim=zzzz")


async def test_default_hours_are_said_to_be_unconfirmed(pages: BookingSite) -> None:
    for path in (f"/dat-lich/ngay?{ERRAND}", f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02"):
        assert "giờ mặc định, trung tâm chưa xác nhận" in await pages.citizen.open(path)
    calendar = await pages.do("calendar", OFFICE)
    await pages.do("set_hours", OFFICE, calendar.hours, "test")
    assert "giờ mặc định" not in await pages.citizen.open(f"/dat-lich/ngay?{ERRAND}")


async def test_what_no_counter_takes_is_not_offered_one(pages: BookingSite) -> None:
    knowledge = pages.site.services.catalogue().knowledge
    elsewhere = next(p for p in knowledge.procedures() if p.level and {level.value for level in p.level} == {"other"})
    page = await pages.citizen.open(f"/dat-lich/noi?viec={elsewhere.code}")
    assert "chưa đặt lịch được" in page
    assert "noi=" not in page
    for path in ("ngay", "gio"):
        address = f"/dat-lich/{path}?viec={elsewhere.code}&noi={OFFICE}&ngay=2026-12-02"
        assert (await pages.citizen.client.get(address)).status_code == 404
    assert "Đặt lịch hẹn</a>" not in await pages.citizen.open(f"/thu-tuc/{elsewhere.code}")


async def test_a_commune_does_not_take_what_the_province_alone_does(pages: BookingSite) -> None:
    knowledge = pages.site.services.catalogue().knowledge
    province = next(
        p
        for p in knowledge.procedures()
        if {level.value for level in p.level} == {"province"} and not p.non_territorial
    )
    page = await pages.citizen.open(f"/dat-lich/noi?viec={province.code}")
    assert "noi=tinh_quang_tri" in page
    assert OFFICE not in page
    refused = await pages.citizen.send(
        f"/dat-lich/gio?viec={province.code}&noi={OFFICE}&ngay=2026-12-02", gio="2026-12-02T08:00"
    )
    assert refused.status_code == 404


async def test_a_tapped_time_is_held_and_the_page_asks_who_comes(booking: BookingSite) -> None:
    path = await booking.citizen.choose()
    page = text_of(await booking.citizen.client.get(path))
    assert "Ai sẽ đến?" in page
    assert "đến 08:10" in page
    assert (await booking.ticket(path)).appointment.state is State.HELD


async def test_a_double_tap_takes_one_seat(booking: BookingSite) -> None:
    form = {"gio": "2026-12-02T08:00", "luot": "t" * 24}
    where = f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02"
    for _ in range(2):
        booking.citizen.client.cookies.clear()
        last = await booking.citizen.send(where, **form)
    slots = await booking.do("free_slots", OFFICE, "ho_tich", WEDNESDAY, WEDNESDAY)
    assert next(slot.free for slot in slots if slot.starts_at.hour == 8 and not slot.starts_at.minute) == 1
    assert (await booking.ticket(last.headers["location"])).appointment.state is State.HELD


async def test_choosing_another_time_gives_the_first_one_back(booking: BookingSite) -> None:
    first = await booking.citizen.choose()
    second = await booking.citizen.choose("2026-12-02T09:00")
    assert (await booking.ticket(first)).appointment.state is State.EXPIRED
    assert (await booking.ticket(second)).appointment.state is State.HELD


async def test_a_time_that_was_just_taken_is_answered_with_the_nearest_free_ones(booking: BookingSite) -> None:
    await booking.fill(but=2)
    refused = await booking.citizen.send(f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02", gio="2026-12-02T08:00")
    assert refused.status_code == 409
    page = text_of(refused)
    assert "vừa hết chỗ" in page
    assert "Các giờ còn trống gần nhất" in page
    assert 'value="2026-12-02T16:00"' in refused.text


@pytest.mark.parametrize("at", ["2026-11-30T08:30", "2026-12-06T08:00", "2027-03-01T08:00", "2026-12-02T08:10"])
async def test_what_cannot_be_booked_takes_no_seat(booking: BookingSite, at: str) -> None:
    refused = await booking.citizen.send(f"/dat-lich/gio?{ERRAND}&ngay={at[:10]}", gio=at)
    assert refused.status_code == 409
    assert "location" not in refused.headers


@pytest.mark.parametrize("query", ["", "viec=9.999999", "nhom=nope", "viec=1.001193", "viec=1.001193&noi=nope"])
async def test_addresses_made_by_hand_lead_nowhere(pages: BookingSite, query: str) -> None:
    assert (await pages.citizen.client.get(f"/dat-lich/ngay?{query}")).status_code == 404


@pytest.mark.parametrize("query", ["", "&ngay=hom-nay", "&ngay=2026-12", "&ngay=99999999999"])
async def test_a_day_that_is_none_leads_back_to_the_days(pages: BookingSite, query: str) -> None:
    response = await pages.citizen.client.get(f"/dat-lich/gio?{ERRAND}{query}")
    assert response.headers["location"].startswith("/dat-lich/ngay?")


async def test_forms_of_other_sites_are_refused(pages: BookingSite) -> None:
    path = f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02"
    forged = await pages.citizen.client.post(path, data={"gio": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403


async def test_seats_cannot_be_hoarded(strict: BookingSite) -> None:
    """One address takes so many and no more; others are not held up."""
    where = f"/dat-lich/gio?{ERRAND}&ngay=2026-12-02"
    for _ in range(FEW):
        strict.citizen.client.cookies.clear()
        assert (await strict.citizen.send(where, gio="2026-12-02T08:00")).status_code in (303, 409)
    refused = await strict.citizen.send(where, gio="2026-12-02T09:00")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    async with strict.another() as other:
        await other.choose("2026-12-02T09:00")
