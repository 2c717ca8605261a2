"""The report as PDF, in the same layout as the DOCX; set in Be Vietnam Pro, which may be embedded freely."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import FontFace

from api.assets import font_path
from api.charts import Chart, DotMap, Line
from api.figures.panels import Panel
from api.report.canvas import INK, Colour, paint
from api.report.content import Report
from api.texts import figures_text

_FONT = "BeVietnamPro"
_LEFT, _TOP, _RIGHT, _BOTTOM = 30, 20, 15, 20
_BODY, _TABLE = 12, 9.5
_POINTS = 72 / 25.4
_HEAD = (66, 99)
"""Millimetres of the two halves of the head and the end."""
_UNIT = {"line": 160 / 680, "bars": 75 / 340, "map": 85 / 340}
"""Millimetres for a unit of a drawing."""
_LONG, _SHORT = 16, 5
"""Characters of the first column from which on it is made wide, and up to which narrow."""
_SHADES = ((255, 255, 255), (221, 234, 236), (182, 208, 212), (134, 177, 184), (79, 142, 152))


class _Paper(FPDF):
    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.set_margins(_LEFT, _TOP, _RIGHT)
        self.set_auto_page_break(True, _BOTTOM)
        for style, weight in (("", "Regular"), ("B", "Bold")):
            self.add_font(_FONT, style, font_path(weight))
        self.set_title(report.title)
        self.set_lang("vi")
        self.set_creation_date(report.made)
        self.set_text_color(*INK)

    def header(self) -> None:
        """The page's number, from the second on."""
        if self.page_no() > 1:
            self.set_y(10)
            self.set_font(_FONT, "", 11)
            self.cell(0, 6, str(self.page_no()), align=Align.C)
            self.set_y(_TOP)

    def said(self, text: str, size: float = _BODY, *, bold: bool = False, align: Align = Align.L) -> None:
        """A paragraph over the whole width."""
        self.set_font(_FONT, "B" if bold else "", size)
        self.multi_cell(0, size * 0.53, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.2)

    def halves(self, left: list[tuple[str, float, bool]], right: list[tuple[str, float, bool]], align: Align) -> None:
        """Two columns of lines with size and weight, beside each other."""
        begin, ends = self.get_y(), []
        for x, width, lines, how in ((_LEFT, _HEAD[0], left, align), (_LEFT + _HEAD[0], _HEAD[1], right, Align.C)):
            self.set_y(begin)
            for text, size, bold in lines:
                self.set_x(x)
                self.set_font(_FONT, "B" if bold else "", size)
                self.multi_cell(width, size * 0.5, text, align=how, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            ends.append(self.get_y())
        self.set_y(max(ends))

    def rule(self, middle: float, width: float) -> None:
        """A line below what was just said."""
        self.set_line_width(0.3)
        self.line(middle - width / 2, self.get_y() + 0.6, middle + width / 2, self.get_y() + 0.6)


class _Field:
    """A part of the page as the painter sees it."""

    def __init__(self, paper: FPDF, left: float, top: float, unit: float) -> None:
        self._paper, self._left, self._top, self._unit = paper, left, top, unit

    def rect(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._paper.set_fill_color(*colour)
        self._paper.rect(*self._at(x, y), width * self._unit, height * self._unit, style="F")

    def line(self, begin: tuple[float, float], end: tuple[float, float], width: float, colour: Colour) -> None:
        self._paper.set_draw_color(*colour)
        self._paper.set_line_width(width * self._unit)
        self._paper.line(*self._at(*begin), *self._at(*end))
        self._paper.set_draw_color(*INK)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._paper.set_fill_color(*colour)
        self._paper.circle(*self._at(x, y), radius * self._unit, style="F")

    def text(self, x: float, y: float, size: float, text: str, *, bold: bool = False) -> None:
        self._paper.set_font(_FONT, "B" if bold else "", size * self._unit * _POINTS)
        self._paper.text(*self._at(x, y), text)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._unit, self._top + y * self._unit


def to_pdf(report: Report) -> bytes:
    """The report as a file for printing. Number, issuer and signature are left open."""
    paper = _Paper(report)
    paper.add_page()
    _head(paper, report)
    for number, section in enumerate(report.sections, 1):
        _keep(paper, 25)
        paper.ln(2)
        paper.said(f"{number}. {section.title}", bold=True)
        for text in section.paragraphs:
            paper.said(text, align=Align.J)
        for panel in section.panels:
            _panel(paper, panel)
    _end(paper)
    return bytes(paper.output())


def _head(paper: _Paper, report: Report) -> None:
    left, right = _LEFT + _HEAD[0] / 2, _LEFT + _HEAD[0] + _HEAD[1] / 2
    paper.halves(
        [(figures_text("report_parent"), 11, False), (figures_text("report_issuer"), 11, True)],
        [(figures_text("report_nation"), 11, True), (figures_text("report_motto"), 12, True)],
        Align.C,
    )
    paper.rule(left, 22)
    paper.rule(right, 52)
    paper.ln(4)
    day = {"day": f"{report.day:%d}", "month": f"{report.day.month:02}", "year": report.day.year}
    paper.halves(
        [(figures_text("report_number"), 11.5, False)], [(figures_text("report_place", **day), 11.5, False)], Align.C
    )
    paper.ln(6)
    paper.said(figures_text("report_kind"), 13, bold=True, align=Align.C)
    paper.said(report.title, 13, bold=True, align=Align.C)
    paper.rule(_LEFT + sum(_HEAD) / 2, 40)
    paper.ln(4)


def _end(paper: _Paper) -> None:
    _keep(paper, 45)
    paper.ln(6)
    receivers = [(text, 10.0, False) for text in figures_text("report_to_list").split("|")]
    paper.halves(
        [(figures_text("report_to"), 11, True), *receivers],
        [(figures_text("report_signer"), 12, True), (figures_text("report_signature"), 11, False)],
        Align.L,
    )


def _panel(paper: _Paper, panel: Panel) -> None:
    drawing = panel.drawing if panel.drawing is not None and not panel.drawing.is_empty else None
    _keep(paper, 25 + (drawing.height * _UNIT[panel.kind] if drawing else 10))
    paper.ln(1.5)
    paper.said(panel.title, 11.5, bold=True)
    if panel.note:
        paper.said(panel.note, _TABLE)
    if not panel.rows:
        paper.said(figures_text("none_rising" if panel.key == "rises" else "nothing"))
        return
    if drawing is not None:
        _draw(paper, drawing, _UNIT[panel.kind])
    _table(paper, panel)


def _draw(paper: _Paper, drawing: Chart | Line | DotMap, unit: float) -> None:
    left = _LEFT + (sum(_HEAD) - drawing.width * unit) / 2
    paint(drawing, _Field(paper, left, paper.get_y(), unit))
    paper.set_y(paper.get_y() + drawing.height * unit + 3)


def _table(paper: _Paper, panel: Panel) -> None:
    paper.set_font(_FONT, "", _TABLE)
    long = max(len(row[0]) for row in panel.rows)
    first = 2.2 if long > _LONG else 1.0 if long > _SHORT else 0.6
    paper.set_line_width(0.2)
    paper.set_fill_color(255, 255, 255)
    with paper.table(
        col_widths=(first, *([1.0] * (len(panel.head) - 1))),
        text_align=("LEFT", *(["CENTER"] * (len(panel.head) - 1))),
        headings_style=FontFace(emphasis="BOLD"),
        line_height=_TABLE * 0.5,
        padding=0.6,
        align="LEFT",
    ) as table:
        table.row(panel.head)
        for place, cells in enumerate(panel.rows):
            row = table.row()
            for column, text in enumerate(cells):
                level = panel.levels[place][column - 1] if panel.levels and column else 0
                row.cell(text, style=FontFace(fill_color=_SHADES[level]) if level else None)
    paper.ln(2)


def _keep(paper: _Paper, millimetres: float) -> None:
    """A new page where so much does not fit any more."""
    if paper.will_page_break(millimetres):
        paper.add_page()
