"""Reading plan documents of every kind into blocks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from knowledge.plan_readers import Block, PlanUnreadableError, read_blocks

TinyPdf = Callable[[list[list[str]]], bytes]


def text_file(folder: Path, text: str, name: str = "plan.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_markdown(tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "# KẾ HOẠCH\n**Về chuyển đổi số**\n\n- **Đạt** ít nhất $\\geq 80\\%$ .\n*I. Mục tiêu*\n"
    )
    assert read_blocks(path) == [
        Block("KẾ HOẠCH", rank=1),
        Block("Về chuyển đổi số", rank=6),
        Block("- Đạt ít nhất ≥ 80% ."),
        Block("I. Mục tiêu", rank=6),
    ]


def test_bold_text_over_several_lines_is_one_heading(tmp_path: Path) -> None:
    path = text_file(tmp_path, "**THÔNG BÁO****Kết luận của Chủ tịch  \nvề chuyển đổi số**\n\nNội dung.")
    assert read_blocks(path) == [
        Block("THÔNG BÁO Kết luận của Chủ tịch về chuyển đổi số", rank=6),
        Block("Nội dung."),
    ]


def test_a_bold_beginning_is_a_heading_of_its_own(tmp_path: Path) -> None:
    path = text_file(tmp_path, "**3. Công an xã:** Chủ trì bảo đảm an ninh.")
    assert read_blocks(path) == [Block("3. Công an xã:", rank=6), Block("Chủ trì bảo đảm an ninh.")]


def test_junk_goes(tmp_path: Path) -> None:
    lines = [
        "UBND TỈNHCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "-----",
        "3",
        "Trang 2/7",
        "Nội dung.",
    ]
    assert [block.text for block in read_blocks(text_file(tmp_path, "\n".join(lines)))] == [
        "UBND TỈNH",
        "Nội dung.",
    ]


def test_a_sentence_cut_by_a_page_break_is_joined(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Phát triển kinh tế số của\n\ntỉnh đạt\n\n≥ 20%.\n\nXong.\n\n- mục a\n- mục b")
    assert [block.text for block in read_blocks(path)] == [
        "Phát triển kinh tế số của tỉnh đạt ≥ 20%.",
        "Xong.",
        "- mục a",
        "- mục b",
    ]


def test_tables(tmp_path: Path) -> None:
    path = text_file(tmp_path, "| Chỉ tiêu | 2026 |\n|---|---|\n| Hồ sơ số | 90% |\n1\tDân số\t%\t85")
    assert [block.cells for block in read_blocks(path)] == [
        ("Chỉ tiêu", "2026"),
        ("Hồ sơ số", "90%"),
        ("1", "Dân số", "%", "85"),
    ]


def test_text_comes_in_one_unicode_form(tmp_path: Path) -> None:
    path = text_file(tmp_path, unicodedata.normalize("NFD", "Kế hoạch chuyển đổi số"), "plan.txt")
    assert read_blocks(path)[0].text == "Kế hoạch chuyển đổi số"


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("KẾ HOẠCH", level=1)
    document.add_paragraph().add_run("I. MỤC TIÊU").bold = True
    document.add_paragraph("Đạt 90% hồ sơ.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Tỷ lệ hồ sơ", "90%"
    document.add_paragraph("Kết thúc.")
    document.save(str(tmp_path / "plan.docx"))
    assert read_blocks(tmp_path / "plan.docx") == [
        Block("KẾ HOẠCH", rank=1),
        Block("I. MỤC TIÊU", rank=6),
        Block("Đạt 90% hồ sơ."),
        Block("Tỷ lệ hồ sơ | 90%", cells=("Tỷ lệ hồ sơ", "90%")),
        Block("Kết thúc."),
    ]


def test_pdf(tmp_path: Path, tiny_pdf: TinyPdf) -> None:
    wrapped = [
        "Nâng cao chất lượng phục vụ người dân và doanh nghiệp trên địa bàn của Ủy ban",
        "nhân dân xã.",
    ]
    (tmp_path / "plan.pdf").write_bytes(tiny_pdf([["KẾ HOẠCH", *wrapped], ["2", "- Đạt 90% hồ sơ."]]))
    assert [block.text for block in read_blocks(tmp_path / "plan.pdf")] == [
        "KẾ HOẠCH",
        " ".join(wrapped),
        "- Đạt 90% hồ sơ.",
    ]


def test_a_scan_says_that_it_needs_ocr(tmp_path: Path, tiny_pdf: TinyPdf) -> None:
    (tmp_path / "scan.pdf").write_bytes(tiny_pdf([[]]))
    with pytest.raises(PlanUnreadableError, match="không có lớp chữ; hãy nhận dạng chữ"):
        read_blocks(tmp_path / "scan.pdf")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("plan.xyz", b"x", "cần .txt, .md, .docx hoặc .pdf"),
        ("plan.txt", b"\xff\xfe\x00", "không phải chữ UTF-8"),
        ("plan.txt", b"  \n\n---", "không có chữ nào"),
        ("plan.docx", b"not a zip", "không phải tệp Word"),
        ("plan.pdf", b"not a pdf", "không phải PDF hợp lệ"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlanUnreadableError, match=message):
        read_blocks(tmp_path / name)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PlanUnreadableError, match="Không có tệp"):
        read_blocks(tmp_path / "no.md")
