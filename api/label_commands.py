"""The commands on labels: `banhoi classify` for a file, `banhoi labels …` for the question log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from api.label_report import Judged, report, wanted_of
from api.lines import BadLine, json_lines, open_or_exit
from api.relabelling import relabel
from api.terminal import fail, load_or_exit
from api.texts import operator_text
from feed.corrections import corrected_messages
from feed.labels import load_classifier
from index.artefact import ArtefactUnusable, LibraryHolder
from index.library import Library
from store.engine import open_engine, read
from store.errors import StoreUnavailable
from store.migrate import upgrade_engine

T = TypeVar("T")
_LABELS = ("kind", "sentiment", "flags")
app = typer.Typer(help="Nhãn của câu hỏi trong nhật ký.", no_args_is_help=True)


def classify_command(
    file: Annotated[str, typer.Argument(help="Tệp JSONL, mỗi dòng một đối tượng có “text”; “-”: đầu vào chuẩn.")],
) -> None:
    """Gắn nhãn từng tin: loại, cảm xúc, độ tin, cờ khẩn; tin đã có nhãn thì đo thêm sai số (in ra luồng lỗi)."""
    judged = []
    try:
        with open_or_exit(file) as lines:
            for number, record in json_lines(lines):
                found = _classified(number, record)
                judged.append(found)
                given = {f"expected_{name}": record[name] for name in _LABELS if name in record}
                typer.echo(json.dumps(record | given | found.labels.logged, ensure_ascii=False))
    except BadLine as error:
        fail(str(error))
    for line in report(judged):
        typer.echo(line, err=True)


def _classified(number: int, record: dict[str, Any]) -> Judged:
    text = record.get("text")
    if not isinstance(text, str):
        raise BadLine(number, operator_text("label_no_text"))
    return Judged(text, wanted_of(number, record), load_classifier().label(text))


@app.command("renew")
def renew_command() -> None:
    """Gắn nhãn lại các câu đã ghi bằng mô hình hiện có; nhãn cán bộ đã sửa giữ nguyên. Chạy lại lúc nào cũng được."""
    settings = load_or_exit()
    library = _library_or_none(settings.data_dir)
    done = _with_database(settings.database, lambda engine: relabel(engine, load_classifier(), library))
    typer.echo(operator_text("labels_renewed", count=done, model=load_classifier().version))


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="Tệp JSONL sẽ ghi; không ghi đè tệp đã có.")],
) -> None:
    """Xuất những tin cán bộ đã sửa nhãn (đã che dữ liệu cá nhân) để huấn luyện lần sau."""
    settings = load_or_exit()
    rows = _with_database(settings.database, _corrected)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except FileExistsError:
        fail(operator_text("labels_exists", file=file))
    except OSError as error:
        fail(operator_text("labels_unwritable", file=file, reason=error.strerror))
    typer.echo(operator_text("labels_exported", count=len(rows), file=file))


async def _corrected(engine: AsyncEngine) -> list[dict[str, Any]]:
    """In the form of `feed/training/messages`."""
    async with read(engine) as connection:
        return [
            {
                "text": message.text,
                "kind": message.kind,
                "sentiment": message.sentiment,
                "flags": list(message.flags),
                "writer": "citizen",
            }
            async for message in corrected_messages(connection)
        ]


def _with_database(url: str, work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Ends the program with the reason where the database cannot be used."""

    async def opened() -> T:
        engine = open_engine(url)
        try:
            await upgrade_engine(engine)
            return await work(engine)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(opened())
    except StoreUnavailable as error:
        fail(str(error))


def _library_or_none(data_dir: Path) -> Library | None:
    """Without knowledge, questions get labels but neither field nor commune."""
    try:
        return LibraryHolder(data_dir)()
    except ArtefactUnusable:
        typer.echo(operator_text("labels_without_places"), err=True)
        return None
