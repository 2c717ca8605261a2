"""The commands `banhoi key …`, `banhoi webhook …` and `banhoi open-data`: the only way to open and close ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from api.account_commands import who
from api.pages import VIETNAM
from api.settings import Settings
from api.staff.admin import Change
from api.terminal import fail, load_or_exit
from api.texts import operator_text
from api.ways_out import admin
from api.ways_out.access import Scope
from api.ways_out.admin import WayOutRefused
from api.ways_out.open_data import snapshot
from feed.events import EventKind
from store import api_keys, webhooks
from store.api_keys import ApiKey
from store.clock import utc_now
from store.engine import open_engine, read, write
from store.errors import StoreUnavailable
from store.migrate import upgrade_engine
from store.webhooks import DEAD, PENDING, Webhook

T = TypeVar("T")
key_app = typer.Typer(help="Khóa cho hệ thống khác đọc dữ liệu (IOC, LGSP).", no_args_is_help=True)
webhook_app = typer.Typer(help="Báo sự kiện cho hệ thống khác.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Tên: chữ thường không dấu, số, dấu chấm, _ và -.")]
_SCOPES = "; ".join(f"{scope}: {operator_text(f'scope_{scope}')}" for scope in Scope)
_EVENTS = "; ".join(f"{kind}: {operator_text('event_' + kind.replace('.', '_'))}" for kind in EventKind)


@key_app.command("add")
def key_add_command(
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help=f"Được đọc gì; lặp lại được. {_SCOPES}")],
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Hết hạn sau ngần ấy ngày.")] = None,
) -> None:
    """Cấp khóa; khóa chỉ hiện một lần."""
    key = _change(lambda change: admin.add_key(change, name, scope, days))
    typer.echo(operator_text("key_added", name=name, shown=key))


@key_app.command("list")
def key_list_command() -> None:
    """Liệt kê khóa."""
    found = _read(lambda engine: _all_keys(engine))
    for key in found:
        typer.echo(_key_line(key))
    if not found:
        typer.echo(operator_text("key_none"))


@key_app.command("revoke")
def key_revoke_command(name: Name) -> None:
    """Thu hồi khóa; có hiệu lực ngay."""
    _change(lambda change: admin.revoke_key(change, name))
    typer.echo(operator_text("key_revoked", name=name))


@webhook_app.command("add")
def webhook_add_command(
    name: Name,
    url: Annotated[str, typer.Argument(help="Địa chỉ https nhận sự kiện.")],
    event: Annotated[list[EventKind], typer.Option(help=f"Báo việc gì; lặp lại được. {_EVENTS}")],
) -> None:
    """Đăng ký nơi nhận sự kiện; khóa ký chỉ hiện một lần."""
    private = load_or_exit().webhook_private
    secret = _change(lambda change: admin.add_webhook(change, name, url, event, private=private))
    typer.echo(operator_text("webhook_added", name=name, secret=secret))


@webhook_app.command("list")
def webhook_list_command() -> None:
    """Liệt kê nơi nhận và số sự kiện đang chờ, đã bỏ."""
    found, counts = _read(_all_webhooks)
    for hook in found:
        typer.echo(_webhook_line(hook, counts))
    if not found:
        typer.echo(operator_text("webhook_none"))


@webhook_app.command("stop")
def webhook_stop_command(name: Name) -> None:
    """Thôi báo cho nơi nhận này."""
    _change(lambda change: admin.stop_webhook(change, name))
    typer.echo(operator_text("webhook_stopped", name=name))


def open_data_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục ghi dữ liệu mở; mỗi ngày một thư mục con.")],
) -> None:
    """Ghi dữ liệu mở: SQLite cho Datasette, CSV và từ điển dữ liệu; không có lời văn của người dân."""
    try:
        written = _read(lambda engine: snapshot(engine, folder, utc_now()))
    except OSError as error:
        fail(operator_text("open_data_unwritable", folder=folder, reason=error.strerror))
    typer.echo(operator_text("open_data_written", folder=written))


def _change(work: Callable[[Change], Awaitable[T]]) -> T:
    """Does the work in one transaction, under the name of whoever runs the command."""

    async def change(engine: AsyncEngine) -> T:
        async with write(engine) as connection:
            return await work(Change(connection, utc_now(), who()))

    try:
        return _read(change)
    except WayOutRefused as refused:
        fail(operator_text(refused.key, **refused.values))


def _read(work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    settings: Settings = load_or_exit()

    async def run() -> T:
        engine = open_engine(settings.database)
        try:
            await upgrade_engine(engine)
            return await work(engine)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except StoreUnavailable as error:
        fail(str(error))


async def _all_keys(engine: AsyncEngine) -> list[ApiKey]:
    async with read(engine) as connection:
        return await api_keys.everyone(connection)


async def _all_webhooks(engine: AsyncEngine) -> tuple[list[Webhook], dict[tuple[int, str], int]]:
    async with read(engine) as connection:
        return await webhooks.everyone(connection), await webhooks.counts(connection)


def _key_line(key: ApiKey) -> str:
    parts = [key.name, ", ".join(key.scopes)]
    if key.revoked_at:
        parts.append(operator_text("key_is_revoked"))
    elif key.expires_at:
        over = key.expires_at <= utc_now()
        day = f"{key.expires_at.astimezone(VIETNAM):%d/%m/%Y}"
        parts.append(operator_text("key_is_over" if over else "key_until", day=day))
    used = f"{key.used_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if key.used_at else None
    parts.append(operator_text("key_used", moment=used) if used else operator_text("key_unused"))
    return " · ".join(parts)


def _webhook_line(hook: Webhook, counts: dict[tuple[int, str], int]) -> str:
    waiting, dead = (counts.get((hook.id, status), 0) for status in (PENDING, DEAD))
    parts = [hook.name, hook.url, ", ".join(hook.events)]
    parts += [operator_text("webhook_is_stopped")] if hook.stopped_at else []
    return " · ".join([*parts, operator_text("webhook_counts", waiting=waiting, dead=dead)])
