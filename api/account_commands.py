"""The commands `banhoi account …`: the only way to make and change officers' accounts."""

from __future__ import annotations

import asyncio
import difflib
import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from api.settings import Settings
from api.staff import admin
from api.staff.access import Role
from api.staff.admin import AccountRefused, Change
from api.staff.passwords import Passwords, fault_of, made_up
from api.terminal import fail, load_or_exit
from api.texts import operator_text, staff_text
from index.artefact import ArtefactUnusable, current_build
from knowledge.content import load_content
from knowledge.database import KnowledgeUnavailable, open_database
from store import accounts
from store.accounts import Account
from store.clock import utc_now
from store.engine import open_engine, read, write
from store.errors import StoreUnavailable
from store.migrate import upgrade_engine

T = TypeVar("T")
app = typer.Typer(help="Tài khoản của cán bộ.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Tên đăng nhập: chữ thường không dấu, số, dấu chấm.")]
RoleOption = Annotated[
    Role, typer.Option("--role", help="; ".join(f"{role}: {staff_text(f'role_{role}')}" for role in Role))
]
OfficeOption = Annotated[
    str | None, typer.Option("--office", help="Mã trung tâm; bắt buộc với quản lý trung tâm và cán bộ quầy.")
]
AskOption = Annotated[bool, typer.Option("--ask", help="Hỏi mật khẩu trên màn hình thay cho mật khẩu cấp một lần.")]


@app.command("add")
def add_command(
    name: Name,
    role: RoleOption,
    full_name: Annotated[str, typer.Option(help="Họ và tên.")],
    office: OfficeOption = None,
    ask: AskOption = False,
) -> None:
    """Tạo tài khoản; in mật khẩu cấp một lần, phải đổi khi đăng nhập lần đầu."""
    settings = load_or_exit()
    _check_office(settings, office)
    password, hashed = _password(name, ask)
    _change(settings, lambda change: admin.add(change, name, full_name, role, office, hashed, one_time=not ask))
    typer.echo(operator_text("account_added", name=name))
    _show(password, ask)


@app.command("list")
def list_command() -> None:
    """Liệt kê tài khoản."""
    found = _run(load_or_exit(), _everyone)
    if not found:
        typer.echo(operator_text("account_none"))
    for account in found:
        typer.echo(_line(account))


@app.command("lock")
def lock_command(name: Name) -> None:
    """Khóa tài khoản và đăng xuất nó ở mọi nơi."""
    _change(load_or_exit(), lambda change: admin.lock(change, name))
    typer.echo(operator_text("account_locked", name=name))


@app.command("unlock")
def unlock_command(name: Name) -> None:
    """Mở khóa tài khoản, kể cả khi đang tạm dừng vì sai nhiều lần."""
    _change(load_or_exit(), lambda change: admin.unlock(change, name))
    typer.echo(operator_text("account_unlocked", name=name))


@app.command("role")
def role_command(name: Name, role: RoleOption, office: OfficeOption = None) -> None:
    """Đổi vai trò và trung tâm."""
    settings = load_or_exit()
    _check_office(settings, office)
    _change(settings, lambda change: admin.give_role(change, name, role, office))
    typer.echo(operator_text("account_role_given", name=name, role=staff_text(f"role_{role}")))


@app.command("reset")
def reset_command(
    name: Name,
    second_factor: Annotated[bool, typer.Option(help="Bỏ cả mã xác nhận: dùng khi mất điện thoại.")] = False,
    ask: AskOption = False,
) -> None:
    """Cấp lại mật khẩu và đăng xuất tài khoản ở mọi nơi."""
    settings = load_or_exit()
    password, hashed = _password(name, ask)
    _change(settings, lambda change: admin.reset(change, name, hashed, one_time=not ask, second_factor=second_factor))
    typer.echo(operator_text("account_reset", name=name))
    _show(password, ask)


@app.command("link")
def link_command(
    name: Name,
    email: Annotated[str | None, typer.Option(help="Địa chỉ thư ở hệ thống đăng nhập chung; bỏ trống để gỡ.")] = None,
) -> None:
    """Gắn tài khoản với một người của hệ thống đăng nhập chung (OpenID Connect)."""
    _change(load_or_exit(), lambda change: admin.link(change, name, email))
    typer.echo(operator_text("account_linked" if email else "account_unlinked", name=name))


@app.command("sign-out")
def sign_out_command(name: Name) -> None:
    """Đăng xuất tài khoản ở mọi nơi."""
    ended = _change(load_or_exit(), lambda change: admin.end_sessions(change, name))
    typer.echo(operator_text("account_signed_out", name=name, count=ended))


def _run(settings: Settings, work: Callable[[Settings], Awaitable[T]]) -> T:
    async def run() -> T:
        return await work(settings)

    try:
        return asyncio.run(run())
    except StoreUnavailable as error:
        fail(str(error))
    except AccountRefused as refused:
        fail(operator_text(refused.key, **refused.values))


def _change(settings: Settings, work: Callable[[Change], Awaitable[T]]) -> T:
    """Does the work in one transaction, under the name of whoever runs the command."""

    async def change(settings: Settings) -> T:
        engine = open_engine(settings.database)
        try:
            await upgrade_engine(engine)
            async with write(engine) as connection:
                return await work(Change(connection, utc_now(), who()))
        finally:
            await engine.dispose()

    return _run(settings, change)


def who() -> str:
    """How the audit log names whoever runs the command."""
    try:
        return f"cli:{getpass.getuser()}"[:80]
    except (KeyError, OSError):  # in a container the user may have no name
        return "cli"


async def _everyone(settings: Settings) -> list[Account]:
    engine = open_engine(settings.database)
    try:
        await upgrade_engine(engine)
        async with read(engine) as connection:
            return await accounts.everyone(connection)
    finally:
        await engine.dispose()


def _password(name: str, ask: bool) -> tuple[str, str]:
    """A password and its hash: asked for without showing it, or made up."""
    password = made_up()
    if ask:
        password = typer.prompt(
            operator_text("account_ask"), hide_input=True, confirmation_prompt=operator_text("account_ask_again")
        )
        fault = fault_of(password, name)
        if fault is not None:
            fail(staff_text(fault))
    return password, asyncio.run(Passwords().hash(password))


def _show(password: str, ask: bool) -> None:
    if not ask:
        typer.echo(operator_text("account_password", password=password, days=admin.ONE_TIME_LIFE.days))


def _check_office(settings: Settings, office: str | None) -> None:
    """An unknown office would be noticed only when nothing is shown to the officer."""
    if office is None:
        return
    try:
        known = list(open_database(current_build(settings.data_dir) / "knowledge.db").offices)
    except (ArtefactUnusable, KnowledgeUnavailable):
        known = list(load_content().offices)
    if office not in known:
        near = ", ".join(difflib.get_close_matches(office, known, n=3, cutoff=0.5)) or "…"
        fail(operator_text("account_bad_office", office=office, near=near))


def _line(account: Account) -> str:
    marks = [
        operator_text(key)
        for key, is_so in (
            ("account_is_locked", account.locked),
            ("account_has_one_time", account.one_time_until is not None),
            ("account_lacks_code", account.totp_secret is None),
            ("account_is_linked", account.email is not None),
        )
        if is_so
    ]
    parts = [account.name, account.full_name, staff_text(f"role_{account.role}"), account.office_id, ", ".join(marks)]
    return " · ".join(part for part in parts if part)
