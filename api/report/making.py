"""Reads the figures of a month and lays its report out as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from api.figures.names import Names, group_names
from api.report.content import Report, compose, earlier, month_span
from feed.deadlines import ZONE
from feed.overview import overview
from knowledge.database import KnowledgeBase
from store.engine import read


def _docx(report: Report) -> bytes:
    """Its library takes a while to import: nobody else should wait for it."""
    from api.report.document import to_docx

    return to_docx(report)


def _pdf(report: Report) -> bytes:
    from api.report.paper import to_pdf

    return to_pdf(report)


FORMATS: dict[str, Callable[[Report], bytes]] = {"docx": _docx, "pdf": _pdf}


async def make_report(engine: AsyncEngine, knowledge: KnowledgeBase | None, month: str, now: datetime) -> Report:
    """The report of a month up to now. Raises `BadMonth`."""
    made = now.astimezone(ZONE)
    span = month_span(month, made.date())
    found = await overview(engine, span, now)
    before = await overview(engine, earlier(span), now)
    topics = {*found.topics, *(rise.topic for rise in found.rises)}
    async with read(engine) as connection:
        groups = await group_names(connection, topics)
    return compose(found, before, Names(knowledge, groups), month, made)


def write_report(report: Report, folder: Path) -> list[Path]:
    """Writes it in every format; a file is there as a whole or not at all. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, lay_out in FORMATS.items():
        path = folder / f"{report.file_name}.{ending}"
        unfinished = path.with_name(f".{path.name}")
        unfinished.write_bytes(lay_out(report))
        unfinished.replace(path)
        written.append(path)
    return written
