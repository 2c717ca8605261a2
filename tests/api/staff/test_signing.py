"""Signing in: password, second factor, its set-up, new password, out again. On both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.staff.access import Role
from store.staff_tables import accounts, recovery_codes, sessions
from tests.api.staff.support import PASSWORD, StaffSite

HOME, SIGN_IN, CODE, ENROL, CHANGE = (
    "/can-bo",
    "/can-bo/dang-nhap",
    "/can-bo/ma-xac-nhan",
    "/can-bo/thiet-lap-ma",
    "/can-bo/mat-khau",
)


async def test_the_first_sign_in_sets_up_the_second_factor(staff: StaffSite) -> None:
    account_id = await staff.account("lan", Role.REVIEWER)
    browser = staff.browser()
    assert (await browser.get(HOME)).headers["location"] == SIGN_IN
    assert (await browser.password("lan")).status_code == 303
    assert (await browser.get(HOME)).headers["location"] == ENROL
    done = await browser.enrol()
    assert done.status_code == 200
    assert len(browser.recovery) == 10
    home = await browser.get(HOME)
    assert home.status_code == 200
    assert "Xin chào Lan" in home.text
    assert "Cán bộ duyệt" in home.text
    me = f"account:{account_id}"
    assert (await staff.audited())[1:] == [(me, "second_factor_enrolled", me), (me, "signed_in", me)]


async def test_later_sign_ins_ask_for_a_code(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    browser = staff.browser()
    browser.secret = first.secret
    await browser.password("lan")
    assert (await browser.get(HOME)).headers["location"] == CODE
    assert (await browser.get(ENROL)).headers["location"] == CODE
    assert (await browser.give_code()).headers["location"] == CODE
    assert (await browser.get(CODE)).headers["location"] == HOME
    assert (await browser.get(HOME)).status_code == 200


async def test_a_name_is_taken_as_typed_on_a_telephone(staff: StaffSite) -> None:
    await staff.account("lan")
    assert (await staff.browser().password(" Lan ")).status_code == 303


async def test_it_leads_back_to_the_page_that_was_asked_for(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    browser = staff.browser()
    browser.secret = first.secret
    asked = await browser.get("/can-bo/mat-khau?a=1")
    assert asked.headers["location"] == SIGN_IN  # one of the pages of signing in is no place to return to
    sent = await browser.password("lan", den="/can-bo/lich?ngay=2026-11-23")
    assert sent.headers["location"] == "/can-bo/lich?ngay=2026-11-23"
    done = await browser.give_code(den="/can-bo/lich?ngay=2026-11-23")
    assert done.headers["location"] == "/can-bo/lich?ngay=2026-11-23"


async def test_it_leads_nowhere_else(staff: StaffSite) -> None:
    await staff.account("lan")
    for den in ("https://ke.xau/can-bo/", "//ke.xau", "/", "/can-bo.ke.xau/", "/can-bo/\\..\\x", "/can-bo/../x",
                "/can-bo/\nx", "/can-bo/" + "x" * 300):  # fmt: skip
        assert (await staff.browser().password("lan", den=den)).headers["location"] == CODE, den


async def test_a_given_out_password_has_to_be_changed_first(staff: StaffSite) -> None:
    await staff.account("lan", one_time=True)
    browser = staff.browser()
    await browser.password("lan")
    await browser.enrol()
    assert (await browser.get(HOME)).headers["location"] == CHANGE
    page = await browser.get(CHANGE)
    assert "mật khẩu được cấp" in page.text
    new = "chồng cấy vợ cày con trâu đi bừa"
    done = await browser.post(CHANGE, old=PASSWORD, new=new, again=new)
    assert done.headers["location"] == f"{HOME}?xong=mat-khau"
    assert "Đã đổi mật khẩu" in (await browser.get(done.headers["location"])).text
    other = staff.browser()
    assert (await other.password("lan")).status_code == 422
    assert (await other.password("lan", new)).status_code == 303


async def test_a_given_out_password_lasts_a_week(staff: StaffSite) -> None:
    await staff.account("lan", one_time=True)
    staff.clock.pass_by(days=6, hours=23)
    assert (await staff.browser().password("lan")).status_code == 303
    staff.clock.pass_by(hours=1)
    assert (await staff.browser().password("lan")).status_code == 422


WEAK = [
    (PASSWORD, "ngắn quá", "ngắn quá", "12 ký tự"),
    (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "lặp lại"),
    (PASSWORD, "Tôi tên là Lan.Nguyen", "Tôi tên là Lan.Nguyen", "tên đăng nhập"),
    (PASSWORD, "x" * 120 + "abcdefgh" * 20, "x" * 120 + "abcdefgh" * 20, "dài quá"),
    (PASSWORD, PASSWORD, PASSWORD, "phải khác"),
    (PASSWORD, "mật khẩu rất là dài", "mật khẩu rất là dai", "không giống"),
    ("sai", "mật khẩu rất là dài", "mật khẩu rất là dài", "đang dùng chưa đúng"),
]


async def test_a_weak_or_mistyped_password_is_refused(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan.nguyen")
    for old, new, again, said in WEAK:
        refused = await browser.post(CHANGE, old=old, new=new, again=again)
        assert refused.status_code == 422, said
        assert said in refused.text
    assert (await staff.browser().password("lan.nguyen")).status_code == 303


async def test_a_new_password_ends_the_other_sessions(staff: StaffSite) -> None:
    here = await staff.signed_in("lan")
    there = staff.browser()
    there.secret = here.secret
    await there.sign_in("lan")
    before, new = here.cookie, "chồng cấy vợ cày con trâu đi bừa"
    await here.post(CHANGE, old=PASSWORD, new=new, again=new)
    assert here.cookie != before
    assert (await here.get(HOME)).status_code == 200
    assert (await there.get(HOME)).headers["location"] == SIGN_IN


async def test_a_code_works_once(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    code = first.code()
    for status in (303, 422):
        browser = staff.browser()
        await browser.password("lan")
        assert (await browser.give_code(code)).status_code == status
    assert (await browser.get(HOME)).headers["location"] == CODE


async def test_the_code_of_the_set_up_is_used_up_too(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    await browser.password("lan")
    await browser.enrol()
    again = staff.browser()
    await again.password("lan")
    assert (await again.give_code(browser.code())).status_code == 422


async def test_a_telephones_clock_may_be_half_a_minute_wrong(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    for seconds, status in ((-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)):
        staff.clock.pass_by(minutes=5)
        browser = staff.browser()
        await browser.password("lan")
        staff.clock.pass_by(seconds=seconds)
        code = first.code()
        staff.clock.pass_by(seconds=-seconds)
        assert (await browser.give_code(code)).status_code == status, seconds


async def test_a_recovery_code_works_once(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    code = first.recovery[3]
    for typed, status in ((code.upper().replace("-", " "), 303), (code, 422)):
        browser = staff.browser()
        await browser.password("lan")
        assert (await browser.give_code(typed)).status_code == status
    assert "recovery_code_used" in [action for _, action, _ in await staff.audited()]
    assert len(await staff.rows(recovery_codes)) == 9


async def test_another_officers_recovery_code_is_worth_nothing(staff: StaffSite) -> None:
    lan, minh = await staff.signed_in("lan"), await staff.signed_in("minh")
    browser = staff.browser()
    await browser.password("minh")
    assert (await browser.give_code(lan.recovery[0])).status_code == 422
    assert (await browser.give_code(minh.recovery[0])).status_code == 303


async def test_the_set_up_goes_on_with_the_same_secret_and_never_shows_it_again(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    await browser.password("lan")
    shown = {re.search(r'secret">([^<]+)<', (await browser.get(ENROL)).text)[1] for _ in range(2)}  # type: ignore[index]
    assert len(shown) == 1
    assert (await browser.post(ENROL, code="000000")).status_code == 422
    await browser.enrol()
    for path in (HOME, ENROL, CODE, CHANGE):
        page = (await browser.client.get(path, follow_redirects=True)).text
        assert browser.secret not in page.replace(" ", "")


async def test_two_browsers_cannot_both_set_up_the_second_factor(staff: StaffSite) -> None:
    """Somebody who knows the given-out password loses to who comes first, and cannot undo it."""
    await staff.account("lan")
    first, second = staff.browser(), staff.browser()
    for browser in (first, second):
        await browser.password("lan")
        await browser.get(ENROL)
    await first.enrol()
    assert (await second.post(ENROL, code="123456")).headers["location"] == CODE


async def test_nothing_that_opens_the_door_is_stored_as_it_is(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    stored = repr([await staff.rows(table) for table in (accounts, sessions, recovery_codes)])
    assert browser.cookie
    assert PASSWORD not in stored
    assert browser.cookie not in stored
    assert browser.secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in browser.recovery)
    assert "$argon2id$" in stored


async def test_signing_out_ends_the_session_and_not_only_the_cookie(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    token = browser.cookie
    assert token
    done = await browser.post("/can-bo/dang-xuat")
    assert done.headers["location"] == f"{SIGN_IN}?xong=ra"
    assert browser.cookie is None
    browser.plant(token)
    assert (await browser.get(HOME)).headers["location"] == SIGN_IN
    assert (await staff.audited())[-1][1] == "signed_out"


async def test_signing_out_everywhere(staff: StaffSite) -> None:
    here = await staff.signed_in("lan")
    there = staff.browser()
    there.secret = here.secret
    await there.sign_in("lan")
    await there.post("/can-bo/dang-xuat")
    assert (await here.get(HOME)).status_code == 200
    await there.sign_in("lan")
    await there.post("/can-bo/dang-xuat-moi-noi")
    assert (await here.get(HOME)).headers["location"] == SIGN_IN
    assert await staff.rows(sessions) == []


@pytest.mark.parametrize(("idle", "ends"), [(timedelta(minutes=29), False), (timedelta(minutes=30), True)])
async def test_a_session_that_is_left_alone_ends(staff: StaffSite, idle: timedelta, ends: bool) -> None:
    browser = await staff.signed_in("lan")
    staff.clock.now += idle - timedelta(seconds=30)  # half a minute went by since signing in
    assert (await browser.get(HOME)).status_code == (303 if ends else 200)


async def test_a_session_in_use_ends_after_a_working_day(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    for _ in range(29):
        staff.clock.pass_by(minutes=20)
        assert (await browser.get(HOME)).status_code == 200
    staff.clock.pass_by(minutes=20)
    assert (await browser.get(HOME)).headers["location"] == SIGN_IN


async def test_signing_in_has_to_be_finished_within_ten_minutes(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    await browser.password("lan")
    staff.clock.pass_by(minutes=9, seconds=59)
    assert (await browser.get(HOME)).headers["location"] == ENROL
    staff.clock.pass_by(seconds=1)
    assert (await browser.get(HOME)).headers["location"] == SIGN_IN


async def test_sessions_that_are_over_are_cleared_away(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    staff.clock.pass_by(hours=11)
    browser = staff.browser()
    browser.secret = first.secret
    await browser.sign_in("lan")
    assert len(await staff.rows(sessions)) == 1
