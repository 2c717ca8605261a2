"""Sessions cannot be planted, forms cannot be forged, cookies do not travel, http is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from api.staff import admin
from api.staff.access import Role
from api.staff.admin import Change
from store.staff_tables import accounts, sessions
from tests.api.site_support import open_site
from tests.api.staff.support import PASSWORD, StaffSite, open_staff_site

HOME, SIGN_IN, CODE, CHANGE, OUT = (
    "/can-bo",
    "/can-bo/dang-nhap",
    "/can-bo/ma-xac-nhan",
    "/can-bo/mat-khau",
    "/can-bo/dang-xuat",
)
PUBLIC = "https://hoi.example.vn"


@pytest.fixture
def backend() -> str:
    """Nothing here depends on the database."""
    return "sqlite"


async def test_every_step_has_a_new_token_and_ends_the_old_session(staff: StaffSite) -> None:
    """Session fixation: a token from before a step is worth nothing after it."""
    first = await staff.signed_in("lan")
    browser = staff.browser()
    browser.secret = first.secret
    browser.plant("planted" * 6)
    await browser.password("lan")
    half = browser.cookie
    await browser.give_code()
    whole = browser.cookie
    assert half
    assert whole
    assert len({"planted" * 6, half, whole}) == 3
    for old in ("planted" * 6, half):
        other = staff.browser()
        other.plant(old)
        assert (await other.get(HOME)).headers["location"] == SIGN_IN
    assert len(await staff.rows(sessions)) == 2  # the first browser's and this one's


async def test_a_planted_half_session_does_not_become_the_victims(staff: StaffSite) -> None:
    """The attacker's own half-finished session, planted in the victim's browser, is left behind."""
    await staff.account("ke.xau")
    await staff.account("lan")
    attacker, victim = staff.browser(), staff.browser()
    await attacker.password("ke.xau")
    assert attacker.cookie
    victim.plant(attacker.cookie)
    await victim.password("lan")
    assert victim.cookie != attacker.cookie
    assert (await attacker.get(HOME)).headers["location"] == SIGN_IN


async def test_a_form_without_the_sessions_token_is_refused(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    for path in (OUT, "/can-bo/dang-xuat-moi-noi", CHANGE):
        for token in ("", "sai", "của ai đó"):
            refused = await browser.post(path, token, old=PASSWORD, new="x" * 3, again="x" * 3)
            assert refused.status_code == 403
            assert "Biểu mẫu đã cũ" in refused.text
    assert (await browser.get(HOME)).status_code == 200


async def test_another_sessions_token_does_not_do(staff: StaffSite) -> None:
    lan, minh = await staff.signed_in("lan"), await staff.signed_in("minh")
    assert (await minh.post(OUT, await lan.csrf())).status_code == 403
    assert (await minh.post(OUT, await minh.csrf())).status_code == 303


async def test_the_token_may_come_in_a_header(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    headers = browser.origin() | {"x-csrf-token": await browser.csrf()}
    assert (await browser.client.post(OUT, headers=headers)).status_code == 303


FOREIGN: list[dict[str, str]] = [
    {},
    {"origin": "https://ke.xau"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
    {"sec-fetch-site": "none", "origin": "https://ke.xau"},
]


async def test_forms_of_other_sites_are_refused(staff: StaffSite) -> None:
    """Also for signing in: nobody is signed in to an account that is not their own."""
    browser = await staff.signed_in("lan")
    fields = {"csrf": await browser.csrf(), "name": "lan", "password": PASSWORD}
    for path in (SIGN_IN, OUT):
        for headers in FOREIGN:
            assert (await browser.client.post(path, data=fields, headers=headers)).status_code == 403, headers
    assert (await browser.get(HOME)).status_code == 200


async def test_only_forms_are_read(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        headers = browser.origin() | {"content-type": kind}
        assert (await browser.client.post(OUT, content=b"{}", headers=headers)).status_code == 415


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(staff: StaffSite) -> None:
    await staff.account("lan")
    cookie = (await staff.browser().password("lan")).headers["set-cookie"].lower()
    assert cookie.startswith("staff=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


async def test_under_https_the_cookie_belongs_to_this_host_alone(tmp_path: Path) -> None:
    settings = {"public_url": PUBLIC, "trusted_proxies": "127.0.0.1"}
    async with open_staff_site(tmp_path, base_url=PUBLIC, **settings) as staff:
        await staff.account("lan")
        browser = staff.browser(PUBLIC)
        cookie = (await browser.password("lan")).headers["set-cookie"]
        assert cookie.startswith("__Host-staff=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "domain" not in cookie.lower()
        await browser.enrol()
        assert (await browser.get(HOME)).status_code == 200
        plain = await staff.browser(PUBLIC.replace("https", "http")).get(SIGN_IN)
        assert plain.status_code == 403
        assert "https" in plain.text


async def test_pages_for_officers_are_kept_by_nobody(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    for path in (SIGN_IN, HOME, CHANGE):
        headers = (await browser.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert "script-src 'self'" in headers["content-security-policy"]
    page = (await browser.get(HOME)).text
    assert "<script" not in page
    assert "style=" not in page


async def test_the_set_up_page_fits_the_content_policy(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    await browser.password("lan")
    page = (await browser.get("/can-bo/thiet-lap-ma")).text
    assert "<svg" in page
    assert "style=" not in page
    assert "noindex" in page


CHANGES: list[Callable[[Change, str], Awaitable[object]]] = [
    admin.lock,
    admin.end_sessions,
    lambda change, name: admin.give_role(change, name, Role.LEADER, None),
    lambda change, name: admin.reset(change, name, "$argon2id$", one_time=True, second_factor=False),
    lambda change, name: admin.link(change, name, "lan@example.vn"),
]


async def test_what_an_admin_changes_holds_at_once(staff: StaffSite) -> None:
    for number, make in enumerate(CHANGES):
        browser = await staff.signed_in(f"lan.{number}", Role.REVIEWER)
        async with staff.change() as change:
            await make(change, f"lan.{number}")
        assert (await browser.get(HOME)).headers["location"] == SIGN_IN, number


async def test_a_locked_account_cannot_go_on_where_it_is(staff: StaffSite) -> None:
    """Also where its session is still there: not every way to lock an account has to remember that."""
    browser = await staff.signed_in("lan")
    async with staff.change() as made:
        await made.connection.execute(accounts.update().values(locked=True))
    assert (await browser.get(HOME)).headers["location"] == SIGN_IN


async def test_an_account_reset_while_the_code_is_typed_is_not_signed_in(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    browser = staff.browser()
    await browser.password("lan")
    csrf = await browser.csrf()
    async with staff.change() as made:
        await admin.reset(made, "lan", "$argon2id$", one_time=True, second_factor=False)
    done = await browser.client.post(CODE, data={"code": first.code(), "csrf": csrf}, headers=browser.origin())
    assert done.headers["location"] == SIGN_IN


async def test_without_pages_for_officers_nothing_is_there(tmp_path: Path) -> None:
    async with open_site(tmp_path, None, staff="off") as site:
        for path in (HOME, SIGN_IN, CODE):
            assert (await site.client.get(path)).status_code == 404
