"""Numbers, shares and days as the dashboards and the report write them."""

from __future__ import annotations

from datetime import date

from api.counter.wording import number_text
from api.texts import figures_text
from feed.figures import Share

NOTHING = "–"
_PERCENT = 100
_TWO_DAYS = 48


def count(number: int) -> str:
    """1.234.567."""
    return f"{number:,}".replace(",", ".")


def percent(share: float | None) -> str:
    """12,5 %; a dash where there is nothing to divide by."""
    return NOTHING if share is None else f"{number_text(share * _PERCENT)} %"


def interval(found: tuple[float, float] | None) -> str:
    """10,2–15,3 %."""
    if found is None:
        return NOTHING
    return f"{number_text(found[0] * _PERCENT)}–{number_text(found[1] * _PERCENT)} %"


def share_text(share: Share) -> str:
    """12,5 % (10,2–15,3 %)."""
    return NOTHING if share.value is None else f"{percent(share.value)} ({interval(share.interval)})"


def hours(value: float | None) -> str:
    """A time in hours, or in days from two days on."""
    if value is None:
        return NOTHING
    if value < _TWO_DAYS:
        return figures_text("hours", hours=number_text(value))
    return figures_text("days", days=number_text(value / 24))


def chance(probability: float) -> str:
    """0,012; below one in ten thousand only that."""
    return "< 0,0001" if probability < 1e-4 else f"{probability:.4f}".replace(".", ",")


def span_label(first: date, last: date) -> str:
    """22/11, or 16–22/11, or 28/10–03/11."""
    if first == last:
        return f"{first:%d/%m}"
    return f"{first:%d}–{last:%d/%m}" if first.month == last.month else f"{first:%d/%m}–{last:%d/%m}"
