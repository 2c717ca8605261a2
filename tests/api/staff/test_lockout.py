"""Guessing is slowed down, by name and by address, and tells nothing of which names exist. On both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.staff import admin, lockout
from api.staff.lockout import Blocked, network_of, wait_after
from api.staff.passwords import Passwords
from store.engine import open_engine, write
from store.staff_tables import sign_in_attempts
from store.tables import audit
from tests.api.staff.support import BEGAN, FAST, KEY, PASSWORD, StaffSite, open_staff_site

WRONG = "không phải mật khẩu này"


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10_000, 15)]
)
def test_the_wait_grows_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert (wait_after(failures) or timedelta(0)) == timedelta(minutes=minutes)


@pytest.mark.parametrize("name", ["lan", "khong.co.ai"])
async def test_five_failures_block_a_name_whether_it_exists_or_not(staff: StaffSite, name: str) -> None:
    await staff.account("lan")
    browser = staff.browser()
    for _ in range(5):
        assert (await browser.password(name, WRONG)).status_code == 422
    blocked = await browser.password(name)
    assert blocked.status_code == 429
    assert blocked.headers["retry-after"] == "60"
    assert "sau 1 phút" in blocked.text
    staff.clock.pass_by(minutes=1)
    assert (await browser.password(name, WRONG)).status_code == 422
    assert (await browser.password(name)).headers["retry-after"] == "120"


async def test_refusals_look_the_same_whatever_is_wrong(staff: StaffSite) -> None:
    await staff.account("lan")
    await staff.account("khoa")
    await staff.account("cuu", one_time=True)
    async with staff.change() as change:
        await admin.lock(change, "khoa")
    staff.clock.pass_by(days=8)
    typed = [("lan", WRONG), ("khong.co", PASSWORD), ("khoa", PASSWORD), ("cuu", PASSWORD), ("", ""), ("<b>", WRONG)]
    pages = set()
    for name, password in typed:
        sent = await staff.browser().password(name, password)
        assert sent.status_code == 422
        pages.add(sent.text.replace(f'value="{escape(name)}"', 'value=""'))
    assert len(pages) == 1


class Counting(Passwords):
    """Counts how often a password was hashed to be compared: the part of the answer that takes time."""

    def __init__(self) -> None:
        super().__init__(FAST)
        self.compared: list[bool] = []

    def _verify(self, stored: str, password: str) -> bool:
        self.compared.append(stored.startswith("$argon2id$"))
        return super()._verify(stored, password)


async def test_an_unknown_name_costs_the_same_work() -> None:
    passwords = Counting()
    stored = await passwords.hash("con trâu đi trước")
    assert await passwords.matches(stored, "con trâu đi trước")
    assert not await passwords.matches(stored, WRONG)
    assert not await passwords.matches(None, WRONG)
    assert passwords.compared == [True, True, True]


async def test_a_right_password_does_not_make_the_code_guessable(staff: StaffSite) -> None:
    first = await staff.signed_in("lan")
    browser = staff.browser()
    for _ in range(5):
        assert (await browser.password("lan")).status_code == 303
        assert (await browser.give_code("000000")).status_code == 422
    assert (await browser.give_code(first.code())).status_code == 429
    assert (await browser.password("lan")).status_code == 429
    assert (await browser.get("/can-bo")).status_code == 303


async def test_signing_in_forgets_earlier_failures(staff: StaffSite) -> None:
    await staff.account("lan")
    browser = staff.browser()
    for _ in range(2):
        for _ in range(4):
            assert (await browser.password("lan", WRONG)).status_code == 422
        await browser.sign_in("lan")
        await browser.post("/can-bo/dang-xuat")
    assert await staff.rows(sign_in_attempts) == []


async def test_a_day_without_attempts_forgets_them(staff: StaffSite) -> None:
    browser = staff.browser()
    for _ in range(4):
        await browser.password("lan", WRONG)
    await browser.password("minh", WRONG)
    staff.clock.pass_by(days=1, seconds=1)
    for _ in range(2):
        assert (await browser.password("lan", WRONG)).status_code == 422
    assert [row.failures for row in await staff.rows(sign_in_attempts)] == [2]


async def test_the_set_up_and_the_old_password_cannot_be_guessed_either(staff: StaffSite) -> None:
    browser = await staff.signed_in("lan")
    for _ in range(5):
        new = "chồng cấy vợ cày con trâu"
        assert (await browser.post("/can-bo/mat-khau", old=WRONG, new=new, again=new)).status_code == 422
    assert (await browser.post("/can-bo/mat-khau", old=WRONG, new=new, again=new)).status_code == 429


async def test_a_hundred_attempts_at_once_are_not_all_judged(database_url: str) -> None:
    """Each is counted before it is judged, also when several replicas count."""
    replicas = [open_engine(database_url) for _ in range(2)]
    judged = await asyncio.gather(*(_judged(replicas[turn % 2]) for turn in range(40)))
    assert sum(judged) == lockout.FREE_FAILURES
    for replica in replicas:
        await replica.dispose()


async def _judged(engine: AsyncEngine) -> bool:
    try:
        async with write(engine) as connection:
            await lockout.count(connection, "lan", BEGAN)
    except Blocked:
        return False
    return True


async def test_an_address_that_tries_many_names_is_stopped(tmp_path: Path, database_url: str) -> None:
    settings = {"database_url": database_url, "staff_key": KEY, "rate_limit_sign_in": "6/minute;9/hour"}
    async with open_staff_site(tmp_path, **settings) as staff:
        await staff.account("lan")
        browser = staff.browser()
        for number in range(6):
            assert (await browser.password(f"ten{number}", WRONG)).status_code == 422
        stopped = await browser.password("lan")
        assert stopped.status_code == 429
        assert 1 <= int(stopped.headers["retry-after"]) <= 61
        assert (await staff.browser(address="198.51.100.9").password("lan")).status_code == 303


async def test_failures_and_blocks_are_audited_without_what_was_typed(staff: StaffSite) -> None:
    account_id = await staff.account("lan")
    browser = staff.browser()
    for _ in range(6):
        await browser.password("lan", WRONG)
    await browser.password("MatKhau.vao.nham.o", WRONG)
    entries = (await staff.rows(audit))[1:]
    assert [(entry.action, entry.subject) for entry in entries] == [
        *[("sign_in_failed", f"account:{account_id}")] * 5,
        ("sign_in_blocked", f"account:{account_id}"),
        ("sign_in_failed", "account:unknown"),
    ]
    stored = repr([await staff.rows(table) for table in (audit, sign_in_attempts)]).lower()
    assert entries[0].detail == {"part": "password", "network": "203.0.113.0/24"}
    assert "matkhau" not in stored
    assert WRONG not in stored
    assert "203.0.113.7" not in stored


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"), ("testclient", "unknown")],
)
def test_the_audit_log_keeps_the_network_only(address: str, network: str) -> None:
    assert network_of(address) == network
