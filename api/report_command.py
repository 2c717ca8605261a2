"""The command `banhoi report`: the report of a month as DOCX and PDF."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.report.content import DUE_DAY, BadMonth, Report
from api.report.making import make_report, write_report
from api.settings import Settings
from api.terminal import fail, load_or_exit
from api.texts import operator_text
from index.artefact import ArtefactUnusable, LibraryHolder
from knowledge.database import KnowledgeBase
from store.clock import utc_now
from store.engine import open_engine
from store.errors import StoreUnavailable
from store.migrate import upgrade_engine


def report_command(
    month: Annotated[str, typer.Argument(help="Tháng, ví dụ 2026-11.")],
    out: Annotated[Path, typer.Option(help="Thư mục ghi báo cáo.")] = Path(),
) -> None:
    """Lập báo cáo tháng (DOCX, PDF), từ ngày 01 đến hết hôm nay hoặc hết tháng."""
    settings = load_or_exit()
    try:
        report = asyncio.run(_make(settings, month))
        written = write_report(report, out)
    except BadMonth:
        fail(operator_text("report_bad_month", month=month))
    except StoreUnavailable as error:
        fail(str(error))
    except OSError as error:
        fail(operator_text("report_unwritable", folder=out, reason=error.strerror))
    for path in written:
        typer.echo(operator_text("report_written", file=path))
    first, last = report.span
    typer.echo(operator_text("report_span", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}", day=DUE_DAY))


async def _make(settings: Settings, month: str) -> Report:
    engine = open_engine(settings.database)
    try:
        await upgrade_engine(engine)
        return await make_report(engine, _knowledge(settings), month, utc_now())
    finally:
        await engine.dispose()


def _knowledge(settings: Settings) -> KnowledgeBase | None:
    """Names of communes and procedures; without a build, ids stand in their place."""
    try:
        return LibraryHolder(settings.data_dir)().knowledge
    except ArtefactUnusable:
        return None
