"""The command `banhoi check`: what an editor has to mend in the content before it is built."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.terminal import fail
from index.query import bare_words
from knowledge.content import CONTENT_DIR, Content, ContentError, load_content
from knowledge.export_reader import read_export
from knowledge.findings import Finding, Severity
from knowledge.import_errors import DataImportError
from knowledge.lint import lint
from knowledge.verify import verify


def check_command(
    content: Annotated[Path, typer.Argument(help="Thư mục nội dung.")] = CONTENT_DIR,
    official: Annotated[
        Path | None, typer.Option(help="Tệp xuất của Cổng DVC: đối chiếu từng thẻ với hồ sơ gốc cùng mã.")
    ] = None,
) -> None:
    """Kiểm tra các tệp nội dung; lỗi nêu tệp, mã và trường. Có lỗi thì kết thúc với mã 1, cảnh báo thì không."""
    try:
        read = load_content(content)
        records = read_export(official).procedures if official else {}
    except (ContentError, DataImportError) as error:
        fail(str(error))
    findings = lint(read, bare_words, records)
    if official:
        findings += verify(read, records)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    _list("Lỗi", errors)
    _list("Cảnh báo", warnings)
    typer.echo(_summary(read, len(errors), len(warnings)))
    if errors:
        raise typer.Exit(code=1)


def _list(heading: str, findings: Sequence[Finding]) -> None:
    if findings:
        typer.echo(f"{heading}:")
        for finding in findings:
            typer.echo(f"  {finding}")


def _summary(content: Content, errors: int, warnings: int) -> str:
    faults = f"{errors} lỗi" if errors else "không có lỗi"
    return (
        f"{len(content.procedures)} thủ tục, {len(content.groups)} nhóm, {len(content.plans)} văn bản, "
        f"{len(content.offices)} trung tâm, {len(content.elsewhere)} việc ở nơi khác: {faults}"
        + (f", {warnings} cảnh báo." if warnings else ".")
    )
