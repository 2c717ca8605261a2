"""Importing plan documents: from every kind of file, never with a guessed date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest

from knowledge.import_errors import DataImportError
from knowledge.models import StatementKind
from knowledge.plans_import import (
    PlanDetailsMissingError,
    PlanOptions,
    PlanOptionsError,
    import_plan,
    load_plans,
    plans_folder,
    read_plan,
    slug,
)

LINES = [
    "UBND TỈNH QUẢNG TRỊ",
    "Số: 12/KH-UBND",
    "Quảng Trị, ngày 05 tháng 3 năm 2026",
    "KẾ HOẠCH",
    "Chuyển đổi số tỉnh Quảng Trị năm 2026",
    "I. MỤC TIÊU",
    "- Tỷ lệ hồ sơ trực tuyến đạt 98%.",
    "II. NHIỆM VỤ",
    "a) Số hóa hồ sơ.",
    "Đơn vị chủ trì: Sở Nội vụ",
    "Thời gian thực hiện: Quý II",
]


def write_text(folder: Path) -> Path:
    path = folder / "plan.txt"
    path.write_text("\n\n".join(LINES), encoding="utf-8")
    return path


def write_docx(folder: Path) -> Path:
    document = docx.Document()
    for line in LINES:
        if line.startswith(("KẾ", "Chuyển", "I")):
            document.add_paragraph().add_run(line).bold = True
        else:
            document.add_paragraph(line)
    document.save(str(folder / "plan.docx"))
    return folder / "plan.docx"


def test_the_same_plan_from_text_word_and_pdf(
    tmp_path: Path, tiny_pdf: Callable[[list[list[str]]], bytes]
) -> None:
    (tmp_path / "plan.pdf").write_bytes(tiny_pdf([LINES[:6], LINES[6:]]))
    text, word, pdf = (
        read_plan(path, PlanOptions())
        for path in (write_text(tmp_path), write_docx(tmp_path), tmp_path / "plan.pdf")
    )
    assert text == word == pdf
    assert text.id == "ke-hoach-12-kh-ubnd"
    assert text.short == "Kế hoạch 12/KH-UBND"
    assert text.title == "Kế hoạch Chuyển đổi số tỉnh Quảng Trị năm 2026"
    assert (text.source.as_of, text.place, text.period) == (date(2026, 3, 5), "tỉnh Quảng Trị", "2026")
    assert [section.id for section in text.sections] == ["I", "II"]
    target, task = text.statements
    assert (target.kind, target.value) == (StatementKind.TARGET, "98%")
    assert (task.kind, task.lead, task.deadline) == (StatementKind.TASK, ("Sở Nội vụ",), "Quý II")


def test_import_writes_and_replaces(tmp_path: Path) -> None:
    first = import_plan(write_text(tmp_path), tmp_path / "data")
    again = import_plan(write_text(tmp_path), tmp_path / "data", PlanOptions(title="Kế hoạch mới"))
    assert (first.replaced, again.replaced) == (False, True)
    assert load_plans(tmp_path / "data") == {first.plan.id: again.plan}
    assert first.path == plans_folder(tmp_path / "data") / "ke-hoach-12-kh-ubnd.json"
    assert "2 mục, 1 chỉ tiêu, 1 nhiệm vụ, 0 nội dung khác" in first.to_text()


def test_what_is_missing_is_asked_for_by_option(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Nội dung không có đầu đề.", encoding="utf-8")
    with pytest.raises(PlanDetailsMissingError, match=r"--date .*--title .*--place"):
        import_plan(path, tmp_path)
    assert load_plans(tmp_path) == {}


def test_options_win_over_the_text(tmp_path: Path) -> None:
    options = PlanOptions(
        ident="ke-hoach",
        title="Tên khác",
        short="KH khác",
        number="9/KH",
        signed=date(2026, 1, 2),
        issuer="UBND tỉnh",
        place="xã Thử",
        url="https://example.vn/kh",
    )
    plan = read_plan(write_text(tmp_path), options)
    assert (plan.id, plan.title, plan.short, plan.number, plan.place) == (
        "ke-hoach",
        "Tên khác",
        "KH khác",
        "9/KH",
        "xã Thử",
    )
    assert (plan.source.as_of, plan.source.url, plan.issuer) == (
        date(2026, 1, 2),
        "https://example.vn/kh",
        "UBND tỉnh",
    )


@pytest.mark.parametrize("options", [PlanOptions(ident="Không Hợp Lệ"), PlanOptions(url="ftp://x")])
def test_options_that_cannot_be(tmp_path: Path, options: PlanOptions) -> None:
    with pytest.raises(PlanOptionsError, match=r"sai ở (id|url)"):
        import_plan(write_text(tmp_path), tmp_path, options)


def test_a_damaged_import_is_named(tmp_path: Path) -> None:
    plans_folder(tmp_path).mkdir(parents=True)
    (plans_folder(tmp_path) / "x.json").write_text("{")
    with pytest.raises(DataImportError, match=r"x\.json bị hỏng"):
        load_plans(tmp_path)


def test_slug() -> None:
    assert slug("Nghị quyết 05-NQ/TU (Đảng ủy)") == "nghi-quyet-05-nq-tu-dang-uy"


@pytest.mark.parametrize(
    ("start", "place", "targets", "tasks", "missing_date"),
    [
        ("000", "tỉnh Quảng Trị", 22, 4, True),
        ("001", "tỉnh Quảng Ngãi", 8, 28, False),
        ("002", "xã Vĩnh Thủy", 25, 31, True),
        ("003", "tỉnh Quảng Trị", 25, 0, True),
        ("004", "tỉnh Quảng Trị", 2, 6, False),
    ],
)
def test_the_seed_documents(
    shared: Path, tmp_path: Path, start: str, place: str, targets: int, tasks: int, missing_date: bool
) -> None:
    paths = list((shared / "seeds").glob(f"{start}_*.txt"))
    if not paths:
        pytest.skip("no seed documents in the shared data")
    if missing_date:
        with pytest.raises(PlanDetailsMissingError, match="--date"):
            import_plan(paths[0], tmp_path)
    plan = import_plan(
        paths[0], tmp_path, PlanOptions(signed=date(2026, 4, 3) if missing_date else None)
    ).plan
    kinds = [statement.kind for statement in plan.statements]
    assert plan.place == place
    assert kinds.count(StatementKind.TARGET) >= targets
    assert kinds.count(StatementKind.TASK) >= tasks
