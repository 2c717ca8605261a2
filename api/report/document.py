"""The report as DOCX, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I: paper, margins, type, head, end."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from api.figures.panels import Panel
from api.report.content import Report
from api.report.pictures import to_png
from api.texts import figures_text

_FONT = "Times New Roman"
_BODY, _TABLE = 13, 11
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_WIDE, _NARROW = 160, 90
"""Of pictures, in millimetres."""
_SHADES = ("FFFFFF", "DDEAEC", "B6D0D4", "86B1B8", "4F8E98")


def to_docx(report: Report) -> bytes:
    """The report as a file for Word and LibreOffice. Number, issuer and signature are left open."""
    document = Document()
    _page(document)
    _head(document, report)
    for number, section in enumerate(report.sections, 1):
        _line(document, f"{number}. {section.title}", bold=True).paragraph_format.keep_with_next = True
        for text in section.paragraphs:
            paragraph = _line(document, text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.first_line_indent = Mm(10)
        for panel in section.panels:
            _panel(document, panel)
    _end(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    """A4, margins 20, 20, 30 and 15 mm; page numbers from the second page on, at the head."""
    section = document.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(6), Pt(0)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _head(document: Any, report: Report) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(68), Mm(97)
    left, right = table.rows[0].cells
    _cell(left, figures_text("report_parent"), 12)
    _cell(left, figures_text("report_issuer"), 12, bold=True)
    _cell(left, "―――――", 8)
    _cell(right, figures_text("report_nation"), 12, bold=True)
    _cell(right, figures_text("report_motto"), 13, bold=True)
    _cell(right, "――――――――――――――", 8)
    left, right = table.rows[1].cells
    day = {"day": f"{report.day:%d}", "month": f"{report.day.month:02}", "year": report.day.year}
    _cell(left, figures_text("report_number"), 13)
    _cell(right, figures_text("report_place", **day), 13, italic=True)
    _line(document, figures_text("report_kind"), bold=True, size=14).alignment = _CENTRE
    _line(document, report.title, bold=True, size=14).alignment = _CENTRE
    _line(document, "―――――――", size=8).alignment = _CENTRE


def _end(document: Any) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _cell(left, figures_text("report_to"), 12, bold=True, italic=True, centred=False)
    for receiver in figures_text("report_to_list").split("|"):
        _cell(left, receiver, 11, centred=False)
    _cell(right, figures_text("report_signer"), 13, bold=True)
    _cell(right, figures_text("report_signature"), 12, italic=True)


def _panel(document: Any, panel: Panel) -> None:
    title = _line(document, panel.title, bold=True, italic=True)
    title.paragraph_format.keep_with_next = True
    if panel.note:
        _line(document, panel.note, size=_TABLE, italic=True).paragraph_format.keep_with_next = True
    if not panel.rows:
        _line(document, figures_text("none_rising" if panel.key == "rises" else "nothing"))
        return
    if panel.drawing is not None and not panel.drawing.is_empty:
        paragraph = document.add_paragraph()
        paragraph.alignment = _CENTRE
        picture = paragraph.add_run().add_picture(
            io.BytesIO(to_png(panel.drawing)), width=Mm(_WIDE if panel.kind == "line" else _NARROW)
        )
        picture._inline.docPr.set("descr", panel.title)
    _table(document, panel)


def _table(document: Any, panel: Panel) -> None:
    table = document.add_table(rows=1, cols=len(panel.head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, panel.head, strict=True):
        _cell(cell, text, _TABLE, bold=True)
    _repeat(table.rows[0])
    for place, row in enumerate(panel.rows):
        cells = table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _cell(cell, text, _TABLE, centred=column > 0)
            if panel.levels and column:
                _shade(cell, panel.levels[place][column - 1])
    document.add_paragraph()


def _repeat(row: Any) -> None:
    """The head again on every page that the table goes on."""
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def _shade(cell: Any, level: int) -> None:
    element = OxmlElement("w:shd")
    element.set(qn("w:val"), "clear")
    element.set(qn("w:fill"), _SHADES[level])
    cell._tc.get_or_add_tcPr().append(element)


def _line(document: Any, text: str, *, bold: bool = False, italic: bool = False, size: int = _BODY) -> Any:
    paragraph = document.add_paragraph()
    _run(paragraph, text, size, bold=bold, italic=italic)
    return paragraph


def _cell(
    cell: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, centred: bool = True
) -> None:
    """Adds a line to a cell; the first takes the empty one that every cell begins with."""
    first = cell.paragraphs[0]
    paragraph = cell.add_paragraph() if first.text else first
    paragraph.paragraph_format.space_after = Pt(0)
    if centred:
        paragraph.alignment = _CENTRE
    _run(paragraph, text, size, bold=bold, italic=italic)


def _run(paragraph: Any, text: str, size: int, *, bold: bool, italic: bool) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
