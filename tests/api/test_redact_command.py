"""`banhoi redact`: lines in, the same lines redacted out; with labels recall and precision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app


def run(lines: str | bytes) -> Result:
    return CliRunner().invoke(app, ["redact", "-"], input=lines)


def test_a_line_keeps_its_other_fields_and_loses_what_is_personal() -> None:
    result = run('{"id": 7, "text": "tôi tên Lê Văn An, sđt 0912345678"}\n\n{"text": "lệ phí 20.000 đồng"}\n')
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first == {
        "id": 7,
        "text": "tôi tên [họ tên], sđt [số điện thoại]",
        "kinds": ["name", "phone"],
        "spans": [{"start": 8, "end": 17, "kind": "name"}, {"start": 23, "end": 33, "kind": "phone"}],
    }
    assert second["kinds"] == second["spans"] == []
    assert result.stderr == ""


def test_labels_are_counted_and_do_not_leak() -> None:
    labelled = [
        {"text": "goi 0912345678", "pii": [{"kind": "phone", "text": "0912345678"}]},
        {"text": "cccd 045190001234", "pii": [{"kind": "id", "start": 5, "end": 17}]},
        {"text": "Kan Xuan hoi", "pii": [{"kind": "name", "text": "Kan Xuan"}]},
        {"text": "khong co gi", "pii": []},
    ]
    result = run("\n".join(map(json.dumps, labelled)))
    assert result.exit_code == 0, result.output
    assert "Độ phủ 0.6667, độ chính xác 1.0000" in result.stderr
    assert "0912345678" not in result.stdout
    assert json.loads(result.stdout.splitlines()[0])["pii"] == [{"start": 4, "end": 14, "kind": "phone"}]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("xx", "không phải JSON"),
        ("[1]", "không phải một đối tượng"),
        ('{"texts": "a"}', "thiếu “text”"),
        ('{"text": 3}', "thiếu “text”"),
        ('{"text": "a", "pii": [{"kind": "name", "text": "b"}]}', "nhãn “pii”"),
        ('{"text": "a", "pii": [{"kind": "shoe", "text": "a"}]}', "nhãn “pii”"),
        ('{"text": "a", "pii": [{"kind": "name", "start": 0, "end": 9}]}', "nhãn “pii”"),
        ('{"text": "a", "pii": "b"}', "nhãn “pii”"),
        (b"\xff\xfe", "UTF-8"),
        ("[" * 100_000, "không phải JSON"),
        ("9" * 1_000_001, "dài quá"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line: str | bytes, reason: str) -> None:
    bad = line if isinstance(line, bytes) else line.encode()
    result = run(b'{"text": "a"}\n' + bad + b"\n")
    assert result.exit_code == 1
    assert "Dòng 2: " in result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["redact", str(tmp_path / "no.jsonl")])
    assert result.exit_code == 1
    assert "Không đọc được" in result.stderr
