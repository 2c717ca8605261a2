"""Reading an export: bad lines are reported by number, a damaged file is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.export_reader import read_export
from knowledge.import_errors import ExportUnreadableError

Make = Callable[..., dict[str, Any]]
Write = Callable[..., Path]


def test_bad_lines_never_stop_the_reading(raw_record: Make, export_file: Write) -> None:
    path = export_file(
        raw_record(),
        '{"code": "1.000002", "name": ',
        "",
        "[1, 2]",
        b"\xff\xfe",
        raw_record(),
        raw_record(code="1.000003", name=None),
        raw_record(code="1.000004"),
    )
    export = read_export(path)
    assert list(export.procedures) == ["1.000001", "1.000004"]
    assert [(line.line, line.code, line.reason) for line in export.rejected] == [
        (2, "1.000002", "không phải JSON hợp lệ"),
        (4, None, "không phải một đối tượng JSON"),
        (5, None, "không phải chữ UTF-8"),
        (6, "1.000001", "mã 1.000001 đã có ở dòng trước"),
        (7, "1.000003", "name: thiếu"),
    ]


@pytest.mark.parametrize("line", ["[" * 100_000, "9" * 5000, '{"code": NaN}', '"\\ud800"'])
def test_hostile_json_is_only_a_bad_line(raw_record: Make, export_file: Write, line: str) -> None:
    export = read_export(export_file(line, raw_record()))
    assert len(export.rejected) == 1
    assert len(export.procedures) == 1


def test_gzip_is_recognised_by_its_content(raw_record: Make, tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(gzip.compress(json.dumps(raw_record()).encode()))
    assert list(read_export(path).procedures) == ["1.000001"]


def test_suspects_carry_their_code(raw_record: Make, export_file: Write) -> None:
    export = read_export(export_file(raw_record(level=["Cấp Huyện"])))
    assert [(suspect.code, suspect.field) for suspect in export.suspects] == [("1.000001", "level")]


def test_a_cut_off_archive_is_refused(raw_record: Make, tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(raw_record(code=f"1.{number:06}")) for number in range(500))
    path = tmp_path / "export.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-200])
    with pytest.raises(ExportUnreadableError, match="tệp nén bị hỏng hoặc bị cắt"):
        read_export(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadableError, match="không có tệp này"):
        read_export(tmp_path / "no.jsonl")


def test_a_file_without_records_tells_its_first_fault(export_file: Write) -> None:
    with pytest.raises(ExportUnreadableError, match="không có thủ tục nào đọc được; dòng 1: không phải JSON"):
        read_export(export_file("<html>"))
