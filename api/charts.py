"""Charts: where each bar, point and word stands. Pure; templates draw them as SVG, reports on paper.

Drawn by ourselves and not with a charting library: docs/adr/0013 says why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
_ROW, _BAR, _LABEL, _TEXT = 32, 20, 96, 78
_CHARACTER = 8.4
"""Width of a character of a label, in the chart's units."""
_LINE = 24
"""Height of a label that stands above its bar, because it is too long to stand before it."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 26, 10, 26
"""Of a line's drawing, around the field of its points."""
_FIELD = 150
_TICKS = 4
_MOST_LABELS = 6
_SMALLEST, _LARGEST = 2.0, 15.0
"""Radius of a dot, in the drawing's units."""


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


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a line over time: a share with its interval, each 0 to 1, None where there was nothing."""

    label: str
    value: float | None
    low: float = 0
    high: float = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as drawn, with its error bar from `top` to `bottom`."""

    x: float
    y: float
    top: float
    bottom: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """Shares over time with error bars."""

    key: str
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    """Height and text of the lines across."""
    labels: tuple[tuple[float, str], ...]
    """Place and text of what stands below."""

    @property
    def width(self) -> int:
        """In units of the drawing."""
        return WIDTH * 2

    @property
    def height(self) -> int:
        """In units of the drawing."""
        return _TOP + _FIELD + _BOTTOM

    @property
    def left(self) -> int:
        """Where the lines across begin."""
        return _LEFT

    @property
    def points(self) -> str:
        """The line through the points."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.marks


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map. The larger, the more; `level` 0 to 4 says how high its share is, -1 that it is not known."""

    label: str
    x: float
    y: float
    radius: float
    level: int


@dataclass(frozen=True, slots=True)
class DotMap:
    """Places as they lie to each other, north above."""

    key: str
    dots: tuple[Dot, ...]
    height: int

    @property
    def width(self) -> int:
        """In units of the drawing."""
        return WIDTH

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.dots


def line(key: str, steps: Sequence[Step]) -> Line:
    """A line of shares; its scale ends above the highest error bar."""
    seen = [(number, step) for number, step in enumerate(steps) if step.value is not None]
    top = _nice(max((step.high for _, step in seen), default=0))
    across = (WIDTH * 2 - _LEFT - _RIGHT) / max(1, len(steps) - 1)

    def place(share: float) -> float:
        return round(_TOP + _FIELD * (1 - min(share, top) / top), 1)

    marks = tuple(
        Mark(round(_LEFT + across * number, 1), place(step.value or 0), place(step.high), place(step.low), step.label)
        for number, step in seen
    )
    ticks = tuple((place(top * part / _TICKS), _percent(top * part / _TICKS)) for part in range(_TICKS + 1))
    every = math.ceil(len(steps) / _MOST_LABELS)
    labels = tuple(
        (round(_LEFT + across * number, 1), step.label) for number, step in enumerate(steps) if number % every == 0
    )
    return Line(key, marks, ticks, labels)


def dot_map(key: str, places: Sequence[tuple[str, float, float, int, float | None]]) -> DotMap:
    """A map of (name, latitude, longitude, count, share 0 to 1 or None)."""
    if not places:
        return DotMap(key, (), 0)
    south, north = min(place[1] for place in places), max(place[1] for place in places)
    west, east = min(place[2] for place in places), max(place[2] for place in places)
    narrow = math.cos(math.radians((south + north) / 2))  # a degree of longitude is that much shorter
    scale = (WIDTH - 2 * _LARGEST) / max((east - west) * narrow, 0.01)
    most = max(place[3] for place in places) or 1
    highest = max((place[4] or 0 for place in places), default=0) or 1
    dots = tuple(
        Dot(
            name,
            round(_LARGEST + (longitude - west) * narrow * scale, 1),
            round(_LARGEST + (north - latitude) * scale, 1),
            round(max(_SMALLEST, _LARGEST * math.sqrt(count / most)), 1),
            -1 if share is None else min(4, int(share / highest * 5)),
        )
        for name, latitude, longitude, count, share in sorted(places, key=lambda place: -place[3])
    )
    return DotMap(key, dots, round(2 * _LARGEST + (north - south) * scale))


def _nice(highest: float) -> float:
    """The end of a scale of shares."""
    return next((end for end in (0.1, 0.2, 0.4, 0.6, 0.8) if highest <= end), 1.0)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.05 or not share else f"{share * 100:.1f} %".replace(".", ",")
