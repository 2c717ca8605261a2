"""The command `banhoi learn`: suggestions from use for an officer, and what the officer accepted into the content."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.learning import gather, suggestions
from api.pages import VIETNAM
from api.settings import Settings
from api.terminal import fail, load_or_exit
from api.texts import operator_text
from feed.evidence import Evidence
from index.artefact import ArtefactUnusable, LibraryHolder
from index.library import Library
from index.query import bare_words
from knowledge.assemble import assemble
from knowledge.content import CONTENT_DIR, ContentError, load_content
from knowledge.import_errors import DataImportError
from knowledge.learned import Learned, load_learned, save_learned
from knowledge.lint_learned import learned_faults
from knowledge.suggestions import Suggestions, accepted, read_suggestions, write_suggestions
from store.clock import utc_now
from store.engine import open_engine
from store.errors import StoreUnavailable
from store.migrate import upgrade_engine

_LEAST = 3


def learn_command(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Chỉ xét câu hỏi từ ngày này.")] = None,
    least: Annotated[int, typer.Option("--min", min=1, help="Số cuộc trò chuyện ít nhất phải cùng cho thấy.")] = _LEAST,
    out: Annotated[Path, typer.Option(help="Tệp ghi gợi ý.")] = Path("suggestions.yaml"),
    apply: Annotated[Path | None, typer.Option(help="Nhận những gợi ý có accept: true trong tệp này.")] = None,
    content: Annotated[Path, typer.Option(help="Thư mục nội dung, như khi dựng.")] = CONTENT_DIR,
) -> None:
    """Rút gợi ý từ những câu đã hỏi cho cán bộ duyệt; tự nó không thay đổi gì."""
    settings = load_or_exit()
    if apply is not None:
        _apply(settings, apply, content)
        return
    if out.exists():
        fail(operator_text("learn_exists", file=out))
    try:
        library = LibraryHolder(settings.data_dir)()
        evidence = asyncio.run(_gather(settings, library, since.replace(tzinfo=VIETNAM) if since else None))
    except (ArtefactUnusable, StoreUnavailable) as error:
        fail(str(error))
    found = suggestions(evidence, library, least)
    if not found:
        typer.echo(operator_text("learn_nothing", least=least))
        return
    today = utc_now().astimezone(VIETNAM).date()
    _write(out, Suggestions(since=since and since.date(), until=today, least=least, suggestions=tuple(found)))
    typer.echo(operator_text("learn_written", count=len(found), file=out))


async def _gather(settings: Settings, library: Library, since: datetime | None) -> Evidence:
    engine = open_engine(settings.database)
    try:
        await upgrade_engine(engine)
        return await gather(engine, library, since)
    finally:
        await engine.dispose()


def _write(out: Path, found: Suggestions) -> None:
    try:
        write_suggestions(out, found)
    except FileExistsError:
        fail(operator_text("learn_exists", file=out))
    except OSError as error:
        fail(operator_text("learn_unwritable", file=out, reason=error.strerror))


def _apply(settings: Settings, file: Path, content: Path) -> None:
    """Writes what was accepted, all of it or, where anything speaks against it, nothing."""
    try:
        new = accepted(read_suggestions(file).suggestions)
        if new == Learned():
            typer.echo(operator_text("learn_none_accepted", file=file))
            return
        learned = load_learned(settings.data_dir).joined(new)
        faults = learned_faults(assemble(load_content(content), settings.data_dir, Learned()), learned, bare_words)
        if faults:
            fail("\n".join([operator_text("learn_refused"), *(f"- {fault}" for fault in faults)]))
        path = save_learned(settings.data_dir, learned)
    except (ContentError, DataImportError) as error:
        fail(str(error))
    typer.echo(operator_text("learn_applied", count=new.count(), file=path))
