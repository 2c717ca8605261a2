"""The commands that make and measure knowledge: import, import-plan, build, eval."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.evaluate import evaluate
from api.terminal import console, fail, load_or_exit, open_embedder_or_none
from index.artefact import ArtefactUnusable, LibraryHolder
from index.build import BuildFailed, Built, build
from index.evaluation.report import table
from index.evaluation.score import Judgement, as_json, figures, latencies
from index.evaluation.sets import SetUnreadable
from knowledge.content import CONTENT_DIR, ContentError
from knowledge.import_errors import DataImportError
from knowledge.importing import import_procedures
from knowledge.plans_import import PlanOptions, import_plan


def import_command(
    file: Annotated[Path, typer.Argument(help="Tệp xuất của Cổng DVC: JSON Lines, có thể nén .gz.")],
    allow_shrink: Annotated[bool, typer.Option(help="Cho phép mất trên 20 % số thủ tục đang có.")] = False,
) -> None:
    """Nhập thủ tục từ tệp xuất của Cổng Dịch vụ công quốc gia vào thư mục dữ liệu."""
    settings = load_or_exit()
    try:
        with console().status("Đang đọc hồ sơ gốc…"):
            report = import_procedures(file, settings.data_dir, allow_shrink=allow_shrink)
    except DataImportError as error:
        fail(str(error))
    console().print(report.to_text(), markup=False, highlight=False)


def import_plan_command(
    file: Annotated[Path, typer.Argument(help="Kế hoạch, nghị quyết: .txt, .md, .docx hoặc .pdf có lớp chữ.")],
    ident: Annotated[str | None, typer.Option("--id", help="Mã của văn bản trong kho.")] = None,
    title: Annotated[str | None, typer.Option(help="Tên văn bản, khi trong tệp không có.")] = None,
    short: Annotated[str | None, typer.Option(help="Tên ngắn để trích dẫn.")] = None,
    number: Annotated[str | None, typer.Option(help="Số văn bản.")] = None,
    signed: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Ngày ký.")] = None,
    issuer: Annotated[str | None, typer.Option(help="Cơ quan ban hành.")] = None,
    place: Annotated[str | None, typer.Option(help="Địa bàn, ví dụ: tỉnh Quảng Trị.")] = None,
    url: Annotated[str | None, typer.Option(help="Đường dẫn tới bản gốc.")] = None,
) -> None:
    """Nhập một văn bản kế hoạch, cắt thành từng mục, chỉ tiêu và nhiệm vụ."""
    settings = load_or_exit()
    day: date | None = signed.date() if signed else None
    options = PlanOptions(ident, title, short, number, day, issuer, place, url)
    try:
        done = import_plan(file, settings.data_dir, options)
    except DataImportError as error:
        fail(str(error))
    console().print(done.to_text(), markup=False, highlight=False)


def build_command(
    force: Annotated[bool, typer.Option(help="Dựng lại cả khi không có gì thay đổi.")] = False,
    content: Annotated[Path, typer.Option(help="Thư mục nội dung.")] = CONTENT_DIR,
) -> None:
    """Dựng dữ liệu để trả lời từ nội dung và những gì đã nhập; dịch vụ đang chạy tự chuyển sang bản mới."""
    settings = load_or_exit()
    built = build_with_bar(settings.data_dir, settings.embedder, content, force)
    for remark in built.remarks:
        console().print(f"- {remark}", markup=False)
    state = "Đã dựng" if built.fresh else "Không có gì thay đổi:"
    console().print(f"{state} bản {built.version} trong {built.folder}", markup=False, highlight=False)


def build_with_bar(data_dir: Path, embedder: str, content: Path = CONTENT_DIR, force: bool = False) -> Built:
    """Build with a progress bar; ends the program with a clear message when it fails."""
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console()) as bar:
            tasks: dict[str, int] = {}
            model = open_embedder_or_none(embedder, data_dir)

            def report(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = int(bar.add_task(stage, total=total))
                bar.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

            return build(data_dir, model, content_dir=content, force=force, report=report)
    except (BuildFailed, DataImportError, ContentError) as error:
        fail(str(error))


def eval_command(
    file: Annotated[Path, typer.Argument(metavar="SET", help="Tệp câu hỏi (JSON Lines); định dạng tự nhận ra.")],
    out: Annotated[Path | None, typer.Option("--json", help="Ghi từng câu và kết quả ra tệp JSON.")] = None,
    misses: Annotated[bool, typer.Option(help="In cả những câu sai.")] = False,
    replay: Annotated[bool, typer.Option(help="Hội thoại ghi sẵn: tiếp theo lời đáp đã ghi (prev_assistant).")] = True,
) -> None:
    """Đo chất lượng trả lời trên một bộ câu hỏi, hỏi từng lượt như người dân."""
    settings = load_or_exit()
    try:
        library = LibraryHolder(settings.data_dir, open_embedder_or_none(settings.embedder, settings.data_dir))()
        evaluation = evaluate(library, file, replay=replay)
    except (ArtefactUnusable, SetUnreadable) as error:
        fail(str(error))
    judgements = evaluation.judgements
    median, high = latencies(judgements)
    procedures = len(library.knowledge.codes())
    typer.echo(f"{file.name}: {len(judgements)} turns judged, {procedures} procedures indexed, build {library.version}")
    typer.echo(table(figures(judgements)))
    typer.echo(f"\nengine latency: median {median:.1f} ms, p95 {high:.1f} ms")
    typer.echo(f"unsupported claims: {evaluation.unsupported}")
    for answer in evaluation.withheld if misses else ():
        claims = ", ".join(f"{claim.kind} “{claim.text}”" for claim in answer.unsupported)
        typer.echo(f"- unsupported: {answer.question} → {' '.join(answer.sources)}: {claims}")
    for judgement in judgements if misses else ():
        if judgement.first is False or judgement.behaviour is False:
            seen = judgement.observed
            typer.echo(f"- {judgement.case}: {judgement.question} → {seen.outcome} {' '.join(seen.codes[:3])}")
    if out is not None:
        _write_judgements(out, judgements)


def _write_judgements(path: Path, judgements: Sequence[Judgement]) -> None:
    try:
        path.write_text(json.dumps(as_json(judgements), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"Không ghi được {path}: {error.strerror}.")
