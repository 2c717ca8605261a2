"""The command `banhoi`: run the service, ask on the terminal, make and measure knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer

from api.account_commands import app as account_app
from api.check_command import check_command
from api.compose import ChannelRefused, Desk, compose_app, open_desk
from api.knowledge_commands import (
    build_command,
    build_with_bar,
    eval_command,
    import_command,
    import_plan_command,
)
from api.label_commands import app as labels_app
from api.label_commands import classify_command
from api.learn_command import learn_command
from api.logs import configure_logging
from api.pipeline import Answered
from api.redact_command import redact_command
from api.report_command import report_command
from api.schemas import AskResponse
from api.serve import serve
from api.services import Shelf
from api.settings import PREFIX, Settings
from api.terminal import fail, load_or_exit, open_embedder_or_none
from api.texts import operator_text
from api.ways_out.commands import key_app, open_data_command, webhook_app
from api.when_command import when_command
from bot.render import plain
from index.artefact import ArtefactUnusable, current_build
from store.errors import StoreUnavailable

R = TypeVar("R")
app = typer.Typer(
    help="Bạn hỏi – Chính quyền trả lời.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.command("import")(import_command)
app.command("import-plan")(import_plan_command)
app.command("build")(build_command)
app.command("check")(check_command)
app.command("eval")(eval_command)
app.command("learn")(learn_command)
app.command("redact")(redact_command)
app.add_typer(account_app, name="account")
app.add_typer(key_app, name="key")
app.add_typer(webhook_app, name="webhook")
app.command("open-data")(open_data_command)
app.command("report")(report_command)
app.command("when")(when_command)
app.command("classify")(classify_command)
app.add_typer(labels_app, name="labels")


@app.command("run")
def run_command() -> None:
    """Chạy dịch vụ; lần đầu tự dựng dữ liệu."""
    settings = load_or_exit()
    configure_logging(settings.log_format, settings.log_level)
    _ensure_built(settings)
    try:
        service = compose_app(settings, open_embedder_or_none(settings.embedder, settings.data_dir))
    except ChannelRefused as error:
        fail(str(error))
    for line in _addresses(settings):
        typer.echo(line)
    serve(
        service,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
    )


def _addresses(settings: Settings) -> list[str]:
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    lines = [
        f"Trò chuyện:      {base}/",
        f"REST:            {base}/api/v1/ask  (mô tả: {base}/api/v1/openapi.json)",
        f"Sức khỏe, số đo: {base}/healthz  {base}/readyz  {base}/metrics",
    ]
    if settings.telegram_mode != "off":
        lines.append(f"Telegram:        {settings.telegram_mode}")
    return lines + _staff_address(settings, base)


def _staff_address(settings: Settings, base: str) -> list[str]:
    if settings.serves_staff:
        return [f"Cán bộ:          {base}/can-bo"]
    if settings.staff == "off":
        return []
    reasons = [f"- {PREFIX}{name.upper()}: {reason}" for name, reason in settings.unsafe_for_staff()]
    return [operator_text("staff_is_off"), *reasons]


def _ensure_built(settings: Settings) -> None:
    try:
        current_build(settings.data_dir)
    except ArtefactUnusable:
        build_with_bar(settings.data_dir, settings.embedder)


@app.command("ask")
def ask_command(
    question: Annotated[str, typer.Argument(help="Câu hỏi, có dấu hay không dấu.")],
    as_json: Annotated[bool, typer.Option("--json", help="In đúng như REST trả lời.")] = False,
) -> None:
    """Hỏi một câu."""
    settings, shelf = _opened()

    async def once() -> Answered:
        async with open_desk(settings, shelf) as desk:
            return await desk.say(question)

    answered = _guarded(once())
    if as_json:
        typer.echo(
            AskResponse.of(answered.conversation_id, answered.turn, answered.latency_ms).model_dump_json(indent=2)
        )
    else:
        typer.echo(plain(answered.turn.reply))


@app.command("chat")
def chat_command() -> None:
    """Trò chuyện trên màn hình dòng lệnh; Ctrl-D để thôi."""
    settings, shelf = _opened()

    async def talk() -> None:
        async with open_desk(settings, shelf) as desk:
            await _converse(desk)

    _guarded(talk())


async def _converse(desk: Desk) -> None:
    typer.echo("Bà con hỏi gì cũng được; gõ số để chọn, Ctrl-D để thôi.")
    while True:
        try:
            text = await asyncio.to_thread(input, "\nBạn: ")
        except (EOFError, KeyboardInterrupt):
            typer.echo("")
            return
        if text.strip():
            answered = await desk.say(text)
            typer.echo(f"\n{plain(answered.turn.reply)}")


def _opened() -> tuple[Settings, Shelf]:
    """Settings and the knowledge for a terminal command; builds it the first time."""
    settings = load_or_exit()
    configure_logging(settings.log_format, "error")
    _ensure_built(settings)
    shelf = Shelf(settings.data_dir, open_embedder_or_none(settings.embedder, settings.data_dir))
    if not shelf.refresh():
        fail("Bản dựng dữ liệu không dùng được; hãy chạy “banhoi build --force”.")
    return settings, shelf


def _guarded(work: Coroutine[Any, Any, R]) -> R:
    """Run it; a database that cannot be used ends the program with its reason."""
    try:
        return asyncio.run(work)
    except StoreUnavailable as error:
        fail(str(error))


if __name__ == "__main__":
    app()
