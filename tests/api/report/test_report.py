# ruff: noqa: F811 - fixtures are imported by name
"""The monthly report: its days, its numbers, its layout, in both formats, and by itself in time."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy.ext.asyncio import AsyncEngine

from api.report.content import BadMonth, Report, earlier, month_span
from api.report.making import FORMATS, make_report, write_report
from api.report.monthly import Monthly
from tests.api.figures.support import fill
from tests.feed.log_support import NOW, TODAY
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Nơi nhận:")
DIACRITICS = "Kết quả chuyên mục “Bạn hỏi – Chính quyền trả lời” tháng 11 năm 2026"


@pytest.fixture
def backend() -> str:
    """What is read is tested on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
async def report(engine: AsyncEngine) -> Report:
    """November up to the 22nd."""
    await fill(engine)
    return await make_report(engine, None, "2026-11", NOW)


def words_of_docx(content: bytes) -> str:
    """Everything that stands in it, tables too."""
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def words_of_pdf(content: bytes) -> str:
    """As a reader's search finds them."""
    found = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return unicodedata.normalize("NFC", " ".join(found.split()))


@pytest.mark.parametrize("kind", list(FORMATS))
def test_both_formats_say_the_same_in_the_official_layout(report: Report, kind: str) -> None:
    content = FORMATS[kind](report)
    words = " ".join((words_of_docx if kind == "docx" else words_of_pdf)(content).split())
    for text in (*HEAD, DIACRITICS, "Quảng Trị, ngày 22 tháng 11 năm 2026", "01/11/2026", "mục", "Giờ cao điểm"):
        assert text in words, text
    for section in report.sections:
        for paragraph in section.paragraphs:
            assert paragraph in words
        for row in (row for panel in section.panels for row in panel.rows if len(row[0]) < 30):
            assert row[0] in words


async def test_every_number_in_the_text_was_computed(engine: AsyncEngine, report: Report) -> None:
    """An empty log gives the same sentences with other numbers, or leaves them out."""
    empty = await make_report(engine, None, "2025-01", NOW)
    texts = [text for section in empty.sections for text in section.paragraphs]
    assert "còn 10 việc đang chờ, trong đó 5 việc quá hạn và 0 việc khẩn" in texts.pop(_place(texts, "Tại thời điểm"))
    said = " ".join(texts)
    numbers = set(re.findall(r"\d[\d.,]*", said.replace("95 %", "").replace("7 ngày", "")))
    assert {number.strip(".,") for number in numbers} <= {"01/01/2025", "31/01/2025", "0", "01", "2025", "31"}
    assert "None" not in said
    log = " ".join(text for section in report.sections for text in section.paragraphs)
    assert "đến hết ngày 22/11/2026" in log


def _place(texts: list[str], begin: str) -> int:
    return next(place for place, text in enumerate(texts) if text.startswith(begin))


def test_the_span_ends_today_or_with_its_month() -> None:
    assert month_span("2026-11", TODAY) == (date(2026, 11, 1), TODAY)
    assert month_span("2026-02", TODAY) == (date(2026, 2, 1), date(2026, 2, 28))
    assert earlier(month_span("2026-11", TODAY)) == (date(2026, 10, 1), date(2026, 10, 22))
    assert earlier((date(2026, 3, 1), date(2026, 3, 31))) == (date(2026, 2, 1), date(2026, 2, 28))
    for wrong in ("2026-12", "2026-13", "26-11", "2026-11-01", "../2026-11", ""):
        with pytest.raises(BadMonth):
            month_span(wrong, TODAY)


async def test_it_is_made_by_itself_once_from_its_day_on(engine: AsyncEngine, tmp_path: Path) -> None:
    await fill(engine, 20)
    clock = [NOW - timedelta(days=3)]
    monthly = Monthly(engine, lambda: None, tmp_path / "bao-cao", 20, lambda: clock[0])
    assert await monthly.run_once() == []
    clock[0] = NOW - timedelta(days=1)
    written = await monthly.run_once()
    assert sorted(path.name for path in written) == ["bao-cao-ban-hoi-2026-11.docx", "bao-cao-ban-hoi-2026-11.pdf"]
    clock[0] = NOW
    assert await monthly.run_once() == []


def test_a_report_is_there_as_a_whole_or_not_at_all(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_report: Report) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "pdf", broken)
    with pytest.raises(OSError, match="No space"):
        write_report(report, tmp_path)
    assert not (tmp_path / f"{report.file_name}.pdf").exists()
