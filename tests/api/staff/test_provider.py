"""Signing in through OpenID Connect: only whom an admin has linked, only what the provider signed for this visit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from api.staff import admin
from api.staff.access import Role
from store.staff_tables import accounts
from tests.api.serving import free_socket, serving
from tests.api.staff.provider_emulator import CLIENT, SECRET, ProviderEmulator
from tests.api.staff.support import Browser, StaffSite, open_staff_site

HOME, SIGN_IN, TO_PROVIDER, BACK = "/can-bo", "/can-bo/dang-nhap", "/can-bo/dang-nhap/oidc", "/can-bo/oidc"


@pytest.fixture
async def provider() -> AsyncIterator[ProviderEmulator]:
    emulator = ProviderEmulator()
    async with serving(emulator.app, free_socket()) as address:
        emulator.issuer = address
        yield emulator


@pytest.fixture
async def staff(tmp_path: Path, provider: ProviderEmulator) -> AsyncIterator[StaffSite]:
    settings = {
        "oidc_metadata_url": f"{provider.issuer}/.well-known/openid-configuration",
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Tài khoản công vụ",
    }
    async with open_staff_site(tmp_path, **settings) as opened:
        yield opened


async def linked(staff: StaffSite, name: str = "lan", email: str = "lan@example.vn") -> int:
    account_id = await staff.account(name, Role.REVIEWER, one_time=True)
    async with staff.change() as change:
        await admin.link(change, name, email)
    return account_id


async def through_the_provider(browser: Browser) -> httpx.Response:
    """The button, the provider's page, and back."""
    return await browser.get(await _return_address(browser))


async def _return_address(browser: Browser) -> str:
    sent = await browser.get(TO_PROVIDER)
    assert sent.status_code == 302, sent.text
    async with httpx.AsyncClient() as outside:
        return (await outside.get(sent.headers["location"])).headers["location"]


async def test_a_linked_officer_signs_in_with_our_second_factor(staff: StaffSite) -> None:
    """The provider says nothing of a second factor, so ours is asked for; a given-out password is left alone."""
    account_id = await linked(staff)
    browser = staff.browser()
    assert "Tài khoản công vụ" in (await browser.get(SIGN_IN)).text
    assert (await through_the_provider(browser)).status_code == 303
    assert (await browser.get(HOME)).headers["location"] == "/can-bo/thiet-lap-ma"
    await browser.enrol()
    assert "Xin chào Lan" in (await browser.get(HOME)).text
    actions = [action for _, action, subject in await staff.audited() if subject == f"account:{account_id}"]
    assert actions[-3:] == ["account_bound_to_provider", "second_factor_enrolled", "signed_in"]


async def test_the_providers_second_factor_counts(staff: StaffSite, provider: ProviderEmulator) -> None:
    await linked(staff)
    provider.person["amr"] = ["pwd", "mfa"]
    browser = staff.browser()
    await through_the_provider(browser)
    assert (await browser.get(HOME)).status_code == 200
    assert (await staff.audited())[-1][1] == "signed_in"


async def test_nobody_gets_an_account_by_coming(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    refused = await through_the_provider(browser)
    assert refused.status_code == 403
    assert "Chưa có tài khoản" in refused.text
    assert browser.cookie is None
    assert len(await staff.rows(accounts)) == 1
    assert (await staff.audited())[-1][1] == "sign_in_failed"


async def test_an_address_that_the_provider_has_not_verified_is_nobody(
    staff: StaffSite, provider: ProviderEmulator
) -> None:
    await linked(staff)
    for verified in (False, None, "true"):
        provider.person["email_verified"] = verified
        assert (await through_the_provider(staff.browser())).status_code == 403, verified


async def test_the_first_visit_binds_the_account_to_the_person(staff: StaffSite, provider: ProviderEmulator) -> None:
    """An address that later belongs to somebody else opens nothing; the person may change theirs."""
    await linked(staff)
    assert (await through_the_provider(staff.browser())).status_code == 303
    provider.person = {"sub": "u-2", "email": "lan@example.vn", "email_verified": True}
    assert (await through_the_provider(staff.browser())).status_code == 403
    provider.person = {"sub": "u-1", "email": "lan.moi@example.vn", "email_verified": True}
    assert (await through_the_provider(staff.browser())).status_code == 303


async def test_a_locked_account_stays_locked(staff: StaffSite) -> None:
    await linked(staff)
    async with staff.change() as change:
        await admin.lock(change, "lan")
    assert (await through_the_provider(staff.browser())).status_code == 403


def _another_nonce(claims: dict[str, Any]) -> None:
    claims["nonce"] = "n" * 20


def _no_nonce(claims: dict[str, Any]) -> None:
    del claims["nonce"]


def _another_audience(claims: dict[str, Any]) -> None:
    claims["aud"] = "another-client"


def _another_issuer(claims: dict[str, Any]) -> None:
    claims["iss"] = "https://ke.xau"


def _expired(claims: dict[str, Any]) -> None:
    claims["exp"] -= 3600


def _nobody(claims: dict[str, Any]) -> None:
    del claims["sub"]


async def test_a_token_that_is_not_for_this_visit_is_refused(staff: StaffSite, provider: ProviderEmulator) -> None:
    await linked(staff)
    for spoil in (_another_nonce, _no_nonce, _another_audience, _another_issuer, _expired, _nobody):
        provider.spoil = spoil
        refused = await through_the_provider(staff.browser())
        assert refused.status_code == 403, spoil
        assert "Chưa đăng nhập được" in refused.text


async def test_a_token_that_another_key_signed_is_refused(staff: StaffSite, provider: ProviderEmulator) -> None:
    await linked(staff)
    provider.signing_key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    assert (await through_the_provider(staff.browser())).status_code == 403


async def test_only_the_browser_that_began_may_finish(staff: StaffSite) -> None:
    """Nobody is signed in to somebody else's account by following a link: the state belongs to a cookie."""
    await linked(staff)
    attacker, victim = staff.browser(), staff.browser()
    address = await _return_address(attacker)
    assert (await victim.get(address)).status_code == 403
    await _return_address(victim)  # the victim has begun a visit of its own
    assert (await victim.get(address)).status_code == 403
    assert victim.cookie is None


async def test_a_visit_cannot_be_finished_twice(staff: StaffSite) -> None:
    await linked(staff)
    browser = staff.browser()
    address = await _return_address(browser)
    kept = {cookie.name: cookie.value or "" for cookie in browser.client.cookies.jar}
    assert (await browser.get(address)).status_code == 303
    other = staff.browser()
    other.client.cookies.update(kept)
    assert (await other.get(address)).status_code == 403


async def test_hand_made_returns_are_refused(staff: StaffSite) -> None:
    for query in ("", "?state=x&code=y", "?error=access_denied&state=x"):
        assert (await staff.browser().get(BACK + query)).status_code == 403, query


async def test_a_refusal_of_the_provider_is_told(staff: StaffSite) -> None:
    await linked(staff)
    browser = staff.browser()
    address = httpx.URL(await _return_address(browser))
    denied = address.copy_with(query=None).copy_merge_params(
        {"error": "access_denied", "state": address.params["state"]}
    )
    assert (await browser.get(str(denied))).status_code == 403


async def test_a_provider_that_is_down_is_told(tmp_path: Path) -> None:
    bound = free_socket()  # nobody listens there
    settings = {
        "oidc_metadata_url": f"http://127.0.0.1:{bound.getsockname()[1]}/x",
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
    }
    async with open_staff_site(tmp_path, **settings) as staff:
        down = await staff.browser().get(TO_PROVIDER)
    bound.close()
    assert down.status_code == 502
    assert "Chưa đăng nhập được" in down.text


async def test_without_a_provider_there_is_no_button(tmp_path: Path) -> None:
    async with open_staff_site(tmp_path) as staff:
        assert "oidc" not in (await staff.browser().get(SIGN_IN)).text
        assert (await staff.browser().get(TO_PROVIDER)).status_code == 404
