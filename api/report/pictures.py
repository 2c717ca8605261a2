"""Charts as PNG pictures, for documents that hold no drawings."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from api.assets import font_path
from api.charts import Chart, DotMap, Line
from api.report.canvas import INK, Colour, paint

_SCALE = 3
"""Pixels for a unit of the drawing: sharp at the size at which it is printed."""


class _Picture:
    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width * _SCALE, height * _SCALE), "white")
        self._draw = ImageDraw.Draw(self.image)

    def rect(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._draw.rectangle(_scaled(x, y, x + width, y + height), fill=colour)

    def line(self, begin: tuple[float, float], end: tuple[float, float], width: float, colour: Colour) -> None:
        self._draw.line(_scaled(*begin, *end), fill=colour, width=round(width * _SCALE))

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=colour)

    def text(self, x: float, y: float, size: float, text: str, *, bold: bool = False) -> None:
        font = ImageFont.truetype(font_path("Bold" if bold else "Regular"), round(size * _SCALE))
        self._draw.text((x * _SCALE, y * _SCALE), text, fill=INK, font=font, anchor="ls")


def to_png(drawing: Chart | Line | DotMap) -> bytes:
    """The drawing as a picture."""
    picture = _Picture(drawing.width, max(1, drawing.height))
    paint(drawing, picture)
    out = io.BytesIO()
    picture.image.save(out, "PNG")
    return out.getvalue()


def _scaled(*numbers: float) -> tuple[float, ...]:
    return tuple(number * _SCALE for number in numbers)
