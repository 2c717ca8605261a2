"""`banhoi account`: what an admin types, what is printed, what is stored, and what is refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.staff.passwords import Passwords
from tests.api.staff.support import FAST, OFFICE, open_staff_site

Account = Callable[..., Result]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Runs the command in this process, over a database of its own."""
    monkeypatch.setenv("LOGNAME", "quantri")
    monkeypatch.setattr("api.account_commands.Passwords", lambda: Passwords(FAST))

    def run(*words: str, typed: str = "") -> Result:
        env = {"BANHOI_DATA_DIR": str(tmp_path), "BANHOI_DATABASE_URL": ""}
        return CliRunner().invoke(app, ["account", *words], input=typed, env=env)

    return run


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "banhoi.db")) as connection:
        return connection.execute(query).fetchall()


def add(account: Account, name: str = "lan", *more: str) -> Result:
    return account("add", name, "--full-name", "Nguyễn Thị Lan", "--role", "reviewer", *more)


def test_an_account_is_made_with_a_password_that_is_shown_once(account: Account, tmp_path: Path) -> None:
    made = add(account)
    assert made.exit_code == 0, made.output
    found = re.search(r"Mật khẩu dùng một lần: (\S{23})\n", made.output)
    assert found
    stored = repr(rows(tmp_path, "SELECT * FROM accounts") + rows(tmp_path, "SELECT * FROM audit"))
    assert "$argon2id$" in stored
    assert found[1] not in stored
    assert rows(tmp_path, "SELECT one_time_until IS NOT NULL FROM accounts") == [(1,)]
    assert rows(tmp_path, "SELECT actor, action, subject FROM audit") == [("cli:quantri", "account_added", "account:1")]


async def test_the_password_that_was_printed_opens_the_door(account: Account, tmp_path: Path) -> None:
    made = await asyncio.to_thread(add, account)  # the command has an event loop of its own
    password = made.output.split("một lần: ")[1].split()[0]
    async with open_staff_site(tmp_path) as staff:
        staff.clock.now = _made_at(tmp_path)
        assert (await staff.browser().password("lan", password)).status_code == 303


def _made_at(folder: Path) -> datetime:
    made = rows(folder, "SELECT created_at FROM accounts")[0][0]
    return datetime.fromisoformat(str(made)).replace(tzinfo=UTC)


def test_a_password_may_be_typed_and_is_not_echoed(account: Account, tmp_path: Path) -> None:
    made = add(account, "lan", "--ask")
    assert made.exit_code == 1  # nothing typed
    password = "con trâu đi trước cái cày"
    made = account("add", "lan", "--full-name", "Lan", "--role", "admin", "--ask", typed=f"{password}\n{password}\n")
    assert made.exit_code == 0, made.output
    assert password not in made.output
    assert "một lần" not in made.output
    assert rows(tmp_path, "SELECT one_time_until FROM accounts") == [(None,)]


def test_a_weak_password_is_refused_before_anything_is_stored(account: Account, tmp_path: Path) -> None:
    refused = account("add", "lan", "--full-name", "Lan", "--role", "admin", "--ask", typed="ngắn\nngắn\n")
    assert refused.exit_code == 1
    assert "12 ký tự" in refused.output
    assert not (tmp_path / "banhoi.db").exists()


SENSELESS = [
    (["add", "Lan", "--full-name", "Lan", "--role", "admin"], "không hợp lệ"),
    (["add", "ln", "--full-name", "Lan", "--role", "admin"], "không hợp lệ"),
    (["add", "lan", "--full-name", " ", "--role", "admin"], "Họ và tên"),
    (["add", "lan", "--full-name", "Lan", "--role", "counter_officer"], "cần mã trung tâm"),
    (["add", "lan", "--full-name", "Lan", "--role", "admin", "--office", OFFICE], "bỏ --office"),
    (["add", "lan", "--full-name", "Lan", "--role", "office_manager", "--office", "phuong_dong_hoj"], OFFICE),
    (["lock", "ai.do"], "Không có tài khoản “ai.do”"),
    (["unlock", "ai.do"], "Không có tài khoản"),
    (["role", "ai.do", "--role", "admin"], "Không có tài khoản"),
    (["reset", "ai.do"], "Không có tài khoản"),
    (["link", "ai.do", "--email", "a@b.vn"], "Không có tài khoản"),
    (["sign-out", "ai.do"], "Không có tài khoản"),
]


def test_what_makes_no_sense_is_refused(account: Account) -> None:
    for words, said in SENSELESS:
        refused = account(*words)
        assert refused.exit_code == 1, words
        assert said in " ".join(refused.output.split())
        assert "Traceback" not in refused.output


def test_a_name_is_given_once(account: Account) -> None:
    add(account)
    assert "đã có" in add(account).output


def test_the_list_shows_what_an_admin_has_to_know(account: Account) -> None:
    assert "Chưa có tài khoản nào" in account("list").output
    add(account)
    account("add", "minh", "--full-name", "Trần Minh", "--role", "counter_officer", "--office", OFFICE)
    account("lock", "minh")
    account("link", "lan", "--email", "Lan@Example.vn")
    assert account("list").output.splitlines() == [
        "lan · Nguyễn Thị Lan · Cán bộ duyệt câu trả lời"
        " · chưa đổi mật khẩu được cấp, chưa có mã xác nhận, có đăng nhập chung",
        f"minh · Trần Minh · Cán bộ quầy · {OFFICE} · đang khóa, chưa đổi mật khẩu được cấp, chưa có mã xác nhận",
    ]


def test_every_change_is_audited(account: Account, tmp_path: Path) -> None:
    add(account)
    for words in (
        ["role", "lan", "--role", "office_manager", "--office", OFFICE],
        ["lock", "lan"],
        ["unlock", "lan"],
        ["reset", "lan", "--second-factor"],
        ["link", "lan", "--email", "lan@example.vn"],
        ["link", "lan"],
        ["sign-out", "lan"],
    ):
        done = account(*words)
        assert done.exit_code == 0, done.output
    assert [action for (action,) in rows(tmp_path, "SELECT action FROM audit ORDER BY id")] == [
        "account_added",
        "account_role_changed",
        "account_locked",
        "account_unlocked",
        "account_reset",
        "account_linked",
        "account_unlinked",
        "signed_out_everywhere",
    ]
    stored = repr(rows(tmp_path, "SELECT detail FROM audit"))
    assert "reviewer" in stored
    assert OFFICE in stored
    assert "example.vn" not in stored
    assert "Nguyễn" not in stored


def test_an_address_has_to_look_like_one(account: Account) -> None:
    add(account)
    for email in ("lan", "lan@", "@example.vn", "lan lan@example.vn", "lan@example"):
        assert "không hợp lệ" in account("link", "lan", "--email", email).output, email


def test_an_address_is_linked_to_one_account(account: Account) -> None:
    add(account)
    add(account, "minh")
    account("link", "lan", "--email", "chung@example.vn")
    assert "tài khoản khác" in account("link", "minh", "--email", "CHUNG@example.vn").output


def test_a_reset_without_the_telephone_drops_the_second_factor(account: Account, tmp_path: Path) -> None:
    add(account)
    with closing(sqlite3.connect(tmp_path / "banhoi.db")) as connection:
        connection.execute("UPDATE accounts SET totp_secret = 'x', totp_step = 5")
        connection.execute("INSERT INTO recovery_codes VALUES (1, 'h')")
        connection.commit()
    account("reset", "lan")
    assert rows(tmp_path, "SELECT totp_secret FROM accounts") == [("x",)]
    again = account("reset", "lan", "--second-factor")
    assert "Mật khẩu dùng một lần" in again.output
    assert rows(tmp_path, "SELECT totp_secret, totp_step FROM accounts") == [(None, None)]
    assert rows(tmp_path, "SELECT * FROM recovery_codes") == []


def test_a_database_that_cannot_be_used_is_told(account: Account, tmp_path: Path) -> None:
    (tmp_path / "banhoi.db").write_bytes(b"no database " * 1000)
    refused = account("list")
    assert refused.exit_code == 1
    assert "bị hỏng" in refused.output
