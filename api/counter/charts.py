"""Bar charts as plain SVG: where each bar and each word stands. Pure; the template draws them, the style sheet colours.

Written by hand and not with a charting library: five charts of horizontal bars need no renderer, follow light and dark,
and stay sharp in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
_ROW, _BAR, _LABEL, _TEXT = 32, 20, 96, 78
_CHARACTER = 8.4
"""Width of a character of a label, in the chart's units."""
_LINE = 24
"""Height of a label that stands above its bar, because it is too long to stand before it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words; also one line of the table beside it."""

    label: str
    value: float
    text: str
    """The number as the table says it."""
    y: float = 0
    x: float = 0
    width: float = 0
    label_y: float = 0

    @property
    def text_y(self) -> float:
        """Where the number's base line is."""
        return self.y + _BAR - 5

    @property
    def text_x(self) -> float:
        """Where the number begins."""
        return self.x + self.width + 6

    @property
    def height(self) -> int:
        """Of the bar."""
        return _BAR


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below one another."""

    key: str
    """Names its texts in the catalogue, and its parts in the page."""
    bars: tuple[Bar, ...]
    height: int
    """In units of the drawing."""

    @property
    def width(self) -> int:
        """In units of the drawing."""
        return WIDTH

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.value for bar in self.bars)


def chart(key: str, rows: Sequence[tuple[str, float, str]], full: float | None = None) -> Chart:
    """A chart of (label, value, number as written); `full` is the value of the longest possible bar."""
    longest = full or max((value for _, value, _ in rows), default=0) or 1
    widest = max((len(label) for label, _, _ in rows), default=0) * _CHARACTER + 8
    above = widest > _LABEL
    x, row = (0.0, _ROW + _LINE) if above else (widest, float(_ROW))
    room = WIDTH - x - _TEXT
    bars = tuple(_bar(row_of, number * row, x, room / longest, above) for number, row_of in enumerate(rows))
    return Chart(key, bars, round(row * len(rows)))


def _bar(row: tuple[str, float, str], top: float, x: float, scale: float, above: bool) -> Bar:
    label, value, text = row
    y = top + (_LINE if above else 6)
    label_y = top + _LINE - 6 if above else y + _BAR - 5
    return Bar(label, value, text, y=y, x=round(x, 1), width=round(value * scale, 1), label_y=label_y)
