"""Importing an export: what changed since the last one, and that a failure changes nothing."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.import_errors import (
    DataImportError,
    ExportUnreadableError,
    ShrinkRefusedError,
    WriteFailedError,
)
from knowledge.import_report import ImportReport
from knowledge.importing import (
    import_procedures,
    load_procedures,
    load_withdrawn,
    procedures_file,
    report_file,
    withdrawn_file,
)

Make = Callable[..., dict[str, Any]]
Write = Callable[..., Path]


@pytest.fixture
def ten(raw_record: Make) -> list[dict[str, Any]]:
    """Ten records in no order."""
    return [
        raw_record(code=f"1.{number:06}", name=f"Thủ tục {number}")
        for number in (3, 1, 2, 9, 5, 4, 7, 6, 8, 10)
    ]


def test_first_import(ten: list[dict[str, Any]], export_file: Write, tmp_path: Path) -> None:
    report = import_procedures(export_file(*ten), tmp_path / "data")
    assert (report.total, len(report.added), report.unchanged) == (10, 10, 0)
    assert report.previous_as_of is None
    assert list(load_procedures(tmp_path / "data")) == sorted(record["code"] for record in ten)
    assert load_withdrawn(tmp_path / "data") == {}


def test_the_same_file_again_changes_nothing(
    ten: list[dict[str, Any]], export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    before = procedures_file(tmp_path).read_bytes()
    report = import_procedures(export_file(*reversed(ten)), tmp_path)
    assert (report.unchanged, report.added, report.changed, report.withdrawn) == (10, (), (), ())
    assert procedures_file(tmp_path).read_bytes() == before


def test_a_new_date_alone_is_no_change(ten: list[dict[str, Any]], export_file: Write, tmp_path: Path) -> None:
    import_procedures(export_file(*ten), tmp_path)
    report = import_procedures(
        export_file(*({**record, "crawl_date": "2026-08-20"} for record in ten)), tmp_path
    )
    assert report.unchanged == 10
    assert (report.previous_as_of, report.as_of) == (date(2026, 7, 18), date(2026, 8, 20))


def test_added_changed_withdrawn_and_back_again(
    ten: list[dict[str, Any]], raw_record: Make, export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    changed = {**ten[0], "agency": "Sở Tư pháp", "decision_no": "2/QĐ-BTP", "crawl_date": "2026-08-20"}
    report = import_procedures(export_file(changed, *ten[2:], raw_record(code="2.000001")), tmp_path)
    assert [entry.code for entry in report.added] == ["2.000001"]
    assert [(entry.code, entry.fields) for entry in report.changed] == [("1.000003", ("agency", "source"))]
    assert [(entry.code, entry.since) for entry in report.withdrawn] == [("1.000001", date(2026, 8, 20))]
    assert list(load_withdrawn(tmp_path)) == ["1.000001"]
    assert "1.000001" not in load_procedures(tmp_path)

    later = import_procedures(export_file(changed, *ten[2:], raw_record(code="2.000001")), tmp_path)
    assert later.withdrawn == ()
    assert load_withdrawn(tmp_path)["1.000001"].since == date(2026, 8, 20)

    back = import_procedures(export_file(changed, *ten[1:], raw_record(code="2.000001")), tmp_path)
    assert [entry.code for entry in back.restored] == ["1.000001"]
    assert back.added == ()
    assert load_withdrawn(tmp_path) == {}


def test_a_line_that_broke_withdraws_nothing(
    ten: list[dict[str, Any]], export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    report = import_procedures(export_file(json.dumps(ten[0])[:60], *ten[1:]), tmp_path)
    assert [entry.code for entry in report.kept] == ["1.000003"]
    assert [line.line for line in report.rejected] == [1]
    assert report.withdrawn == ()
    assert "1.000003" in load_procedures(tmp_path)


def test_a_shrinking_file_is_refused_unless_allowed(
    ten: list[dict[str, Any]], export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    files = [
        path.read_bytes()
        for path in (procedures_file(tmp_path), withdrawn_file(tmp_path), report_file(tmp_path))
    ]
    with pytest.raises(ShrinkRefusedError, match=r"mất 3 trên 10 thủ tục, quá 20%.*--allow-shrink"):
        import_procedures(export_file(*ten[3:]), tmp_path)
    after = [
        path.read_bytes()
        for path in (procedures_file(tmp_path), withdrawn_file(tmp_path), report_file(tmp_path))
    ]
    assert after == files
    assert len(import_procedures(export_file(*ten[3:]), tmp_path, allow_shrink=True).withdrawn) == 3


def test_a_fifth_may_go(ten: list[dict[str, Any]], export_file: Write, tmp_path: Path) -> None:
    import_procedures(export_file(*ten), tmp_path)
    assert len(import_procedures(export_file(*ten[2:]), tmp_path).withdrawn) == 2


def test_a_full_disk_keeps_the_former_import(
    ten: list[dict[str, Any]], export_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    before = procedures_file(tmp_path).read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailedError):
        import_procedures(export_file(*ten[:9]), tmp_path)
    assert procedures_file(tmp_path).read_bytes() == before
    assert load_withdrawn(tmp_path) == {}


def test_an_unreadable_file_keeps_the_former_import(
    ten: list[dict[str, Any]], export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    with pytest.raises(ExportUnreadableError):
        import_procedures(export_file("nothing", name="bad.jsonl"), tmp_path)
    assert len(load_procedures(tmp_path)) == 10


def test_damaged_imports_are_named(tmp_path: Path) -> None:
    for path in (procedures_file(tmp_path), withdrawn_file(tmp_path)):
        path.parent.mkdir(exist_ok=True)
        path.write_text("{]")
    with pytest.raises(DataImportError, match=r"procedures\.jsonl bị hỏng"):
        load_procedures(tmp_path)
    with pytest.raises(DataImportError, match=r"withdrawn\.json bị hỏng"):
        load_withdrawn(tmp_path)


def test_the_report_is_kept_and_says_everything(
    ten: list[dict[str, Any]], raw_record: Make, export_file: Write, tmp_path: Path
) -> None:
    import_procedures(export_file(*ten), tmp_path)
    fee = [{"channel": "Trực tiếp", "time_limit": "7", "fee": "20 VNĐ (Cấp giấy)", "description": ""}]
    report = import_procedures(
        export_file({**ten[0], "methods": fee, "level": None}, *ten[2:], raw_record(code="2.000001"), "hỏng"),
        tmp_path,
    )
    assert ImportReport.model_validate_json(report_file(tmp_path).read_bytes()) == report
    assert report.fee_statuses == {"unknown": 10}
    text = report.to_text()
    for line in (
        "Tổng số: 10 · mới: 1 · thay đổi: 1 · bãi bỏ: 1",
        "Có cảnh báo: 1 · có điểm nghi ngờ: 1",
        "2.000001 Thủ tục cấp giấy thử",
        "1.000003 Thủ tục 3: cấp thực hiện, thời hạn, phí, lệ phí, cảnh báo",
        "1.000001 Thủ tục 1",
        "dòng 11: không phải JSON hợp lệ",
        "1 × Thời hạn … không ghi đơn vị (ví dụ 1.000003: Thời hạn “7” không ghi đơn vị)",
    ):
        assert line in text


def test_long_lists_are_cut_in_the_text_only(raw_record: Make, export_file: Write, tmp_path: Path) -> None:
    records = [raw_record(code=f"1.{number:06}") for number in range(30)]
    report = import_procedures(export_file(*records), tmp_path)
    assert "… và 10 mục nữa, xem report.json" in report.to_text()
    assert len(report.added) == 30
