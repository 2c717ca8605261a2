"""A QR code as SVG, for the ticket's page and for print."""

from __future__ import annotations

import segno


def svg(text: str, label: str) -> str:
    """An inline `<svg>` with a quiet zone and a title for screen readers; error correction M, for creased paper.

    `text` is the ticket's secret or a link that ends with it: `BookingService.find` reads both.
    """
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", title=label, omitsize=True))
