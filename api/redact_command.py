"""The command `banhoi redact`: what the service takes out of every message, for a file of messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from api.lines import BadLine, json_lines, open_or_exit
from api.terminal import fail
from api.texts import operator_text
from feed.redaction import Redacted, redact
from feed.redaction.labelled import BadRecord, Case, Score, case_of, text_of


def redact_command(
    file: Annotated[str, typer.Argument(help="Tệp JSONL, mỗi dòng một đối tượng có “text”; “-”: đầu vào chuẩn.")],
) -> None:
    """Che dữ liệu cá nhân trong từng tin như dịch vụ làm; có nhãn thì in độ phủ và độ chính xác."""
    score = Score()
    try:
        with open_or_exit(file) as lines:
            for number, record in json_lines(lines):
                typer.echo(_one(number, record, score))
    except BadLine as error:
        fail(str(error))
    if score.marked or score.replaced:
        _show(score)


def _one(number: int, record: dict[str, Any], score: Score) -> str:
    try:
        case = case_of(record)
        text = case.text if case else text_of(record)
    except BadRecord as error:
        raise BadLine(number, operator_text(error.key)) from error
    redacted = redact(text)
    if case:
        score.count(case, list(redacted.spans))
    return json.dumps(_line(record, redacted, case), ensure_ascii=False)


def _line(record: dict[str, Any], redacted: Redacted, case: Case | None) -> dict[str, Any]:
    """The record with its text redacted. Labels go out as kinds and places: their texts are what has to be hidden."""
    line = {key: value for key, value in record.items() if key not in ("text", "marked", "pii")}
    spans = [{"start": span.start, "end": span.end, "kind": span.kind} for span in redacted.spans]
    line |= {"text": redacted.text, "kinds": sorted(redacted.kinds), "spans": spans}
    if case:
        line["pii"] = [{"start": mark.start, "end": mark.end, "kind": mark.kind} for mark in case.marks]
    return line


def _show(score: Score) -> None:
    """Recall and precision, altogether and by kind, on standard error: standard output holds the lines alone."""
    for line in _figures(score):
        typer.echo(line, err=True)


def _figures(score: Score) -> Iterator[str]:
    yield operator_text("redact_score", recall=score.recall, precision=score.precision)
    yield operator_text("redact_columns")
    for kind in sorted(score.marked | score.replaced):
        yield (
            f"{kind:11}{score.marked[kind]:9}{score.found[kind]:9}{_share(score.found[kind], score.marked[kind]):>8}"
            f"{score.replaced[kind]:8}{score.right[kind]:6}{_share(score.right[kind], score.replaced[kind]):>11}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "–"
