"""Passwords, codes, seals and keys on their own."""

from __future__ import annotations

import asyncio
import stat
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from api.staff import totp
from api.staff.passwords import Passwords, fault_of, made_up
from api.staff.sealing import Seal, SealBroken, key_in
from store.staff_tables import accounts
from tests.api.staff.support import BEGAN, FAST, StaffSite

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def backend() -> str:
    """Nothing here depends on the database."""
    return "sqlite"


async def test_by_default_hashes_cost_what_rfc_9106_asks() -> None:
    found = extract_parameters(await Passwords().hash("con trâu đi trước"))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 65536, 3, 4)


async def test_either_way_of_writing_a_letter_is_the_same_password() -> None:
    passwords = Passwords(FAST)
    stored = await passwords.hash(unicodedata.normalize("NFD", "con trâu đi trước"))
    assert await passwords.matches(stored, unicodedata.normalize("NFC", "con trâu đi trước"))
    assert not await passwords.matches(stored, "con trau di truoc")


@pytest.mark.parametrize("stored", ["", "$argon2id$", "rác", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_a_damaged_hash_opens_nothing(stored: str) -> None:
    assert not await Passwords(FAST).matches(stored, "")


async def test_only_two_hashes_are_made_at_once() -> None:
    """Each takes 64 MiB."""
    running, most = 0, 0

    class Watched(PasswordHasher):
        def hash(self, *args: object, **kwargs: object) -> str:
            nonlocal running, most
            running += 1
            most = max(most, running)
            made = FAST.hash("x")
            running -= 1
            return made

    passwords = Passwords(Watched())
    await asyncio.gather(*(passwords.hash("x") for _ in range(20)))
    assert most <= 2


async def test_an_old_hash_is_made_anew_when_its_owner_signs_in(staff: StaffSite) -> None:
    await staff.account("lan")
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("con trâu đi trước cái cày")
    async with staff.change() as change:
        await change.connection.execute(accounts.update().values(password_hash=old))
    await staff.browser().password("lan", "sai mật khẩu rồi")
    assert (await staff.rows(accounts))[0].password_hash == old
    assert (await staff.browser().password("lan")).status_code == 303
    assert extract_parameters((await staff.rows(accounts))[0].password_hash).time_cost == 1
    assert (await staff.browser().password("lan")).status_code == 303


def test_made_up_passwords_are_good_and_never_the_same() -> None:
    made = {made_up() for _ in range(200)}
    assert len(made) == 200
    assert all(fault_of(password, "lan") is None for password in made)
    assert not set("".join(made)) & set("lo01I")


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """Appendix B, the last six of eight digits."""
    moment = BEGAN.fromtimestamp(seconds, BEGAN.tzinfo)
    assert totp.step_of(RFC_SECRET, code, moment) == seconds // 30
    assert totp.step_of(RFC_SECRET, f" {code[:3]} {code[3:]} ", moment) == seconds // 30
    assert totp.step_of(RFC_SECRET, code, moment + timedelta(minutes=2)) is None


@given(st.text(max_size=40))
def test_nothing_but_digits_is_a_code(typed: str) -> None:
    """Also digits of other scripts, which some functions take for digits."""
    step = totp.step_of(RFC_SECRET, typed, BEGAN)
    assert step is None or typed.isascii()


@given(st.text(max_size=40))
def test_a_recovery_code_has_one_form(typed: str) -> None:
    code = totp.new_recovery_codes()[0]
    assert totp.recovery_hash(code) == totp.recovery_hash(f" {code.upper()}\n")
    assert totp.recovery_hash(typed) != totp.recovery_hash(code)


def test_a_seal_opens_with_its_key_only_and_for_its_time_only() -> None:
    sealed = Seal("k" * 32).seal("bí mật")
    assert "bí mật" not in sealed
    assert Seal("k" * 32).open(sealed, 60) == "bí mật"
    for seal, text, seconds in ((Seal("j" * 32), sealed, 60), (Seal("k" * 32), sealed[:-4] + "AAAA", 60),
                                (Seal("k" * 32), "", 60), (Seal("k" * 32), sealed, -1)):  # fmt: skip
        with pytest.raises(SealBroken):
            seal.open(text, seconds)


def test_the_key_is_made_once_for_the_service_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mới" / "dữ liệu"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_in, [folder] * 16))
    assert len(keys) == 1
    assert len(keys.pop()) >= 43
    file = folder / "staff.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [file]


async def test_with_another_key_recovery_codes_still_help(staff: StaffSite) -> None:
    """The codes of the app are lost with the key, the officers are not."""
    first = await staff.signed_in("lan")
    staff.site.app.state.door = replace(staff.door, seal=Seal("another key" * 4))
    browser = staff.browser()
    await browser.password("lan")
    assert (await browser.give_code(first.code())).status_code == 422
    assert (await browser.give_code(first.recovery[0])).status_code == 303
