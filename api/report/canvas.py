"""Draws the charts on paper: one painter, whatever it paints on."""

from __future__ import annotations

from typing import Protocol

from api.charts import Chart, DotMap, Line

Colour = tuple[int, int, int]
BRAND: Colour = (11, 93, 107)
INK: Colour = (0, 0, 0)
EDGE: Colour = (110, 110, 110)
GRID: Colour = (205, 205, 205)
_TEXT, _SMALL = 15, 14
_WIDE_TEXT = 8.0
"""Half the width of a label below a line, in the drawing's units."""


class Canvas(Protocol):
    """Something to draw on, in the drawing's units from its upper left corner."""

    def rect(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""

    def line(self, begin: tuple[float, float], end: tuple[float, float], width: float, colour: Colour) -> None:
        """A straight line."""

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""

    def text(self, x: float, y: float, size: float, text: str, *, bold: bool = False) -> None:
        """Words whose base line begins at (x, y)."""


def paint(drawing: Chart | Line | DotMap, canvas: Canvas) -> None:
    """Draws it."""
    if isinstance(drawing, Chart):
        _bars(drawing, canvas)
    elif isinstance(drawing, Line):
        _line(drawing, canvas)
    else:
        _map(drawing, canvas)


def _bars(chart: Chart, canvas: Canvas) -> None:
    for bar in chart.bars:
        canvas.text(0, bar.label_y, _TEXT, bar.label)
        canvas.rect(bar.x, bar.y, bar.width, bar.height, BRAND)
        canvas.text(bar.text_x, bar.text_y, _TEXT, bar.text, bold=True)


def _line(line: Line, canvas: Canvas) -> None:
    for y, text in line.ticks:
        canvas.line((line.left, y), (line.width, y), 1, GRID)
        canvas.text(0, y + 5, _SMALL, text)
    for x, text in line.labels:
        canvas.text(x - len(text) * _WIDE_TEXT / 2, line.height - 4, _SMALL, text)
    for mark in line.marks:
        canvas.line((mark.x, mark.top), (mark.x, mark.bottom), 2, EDGE)
    for begin, end in zip(line.marks, line.marks[1:], strict=False):
        canvas.line((begin.x, begin.y), (end.x, end.y), 2.5, BRAND)
    for mark in line.marks:
        canvas.dot(mark.x, mark.y, 4, BRAND)


def _map(chart: DotMap, canvas: Canvas) -> None:
    for dot in chart.dots:
        canvas.dot(dot.x, dot.y, dot.radius, EDGE)
        canvas.dot(dot.x, dot.y, dot.radius * 0.9, _shade(dot.level))


def _shade(level: int) -> Colour:
    """White where nothing is known, darker the higher."""
    part = (level + 1) / 5
    red, green, blue = (round(255 + (channel - 255) * part) for channel in BRAND)
    return red, green, blue
