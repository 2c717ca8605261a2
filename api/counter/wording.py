"""Closures and numbers in the words of the counter's screens."""

from __future__ import annotations

from datetime import date, time, timedelta

from api.texts import counter_text
from booking.calendar import day_bounds
from booking.types import ZONE, Closure
from booking.wording import day_words


def closed(closure: Closure) -> str:
    """When an office is closed: "cả ngày thứ năm 26/11/2026", "từ 13:00 đến 15:00 thứ năm 26/11/2026"."""
    begin, end = closure.starts_at.astimezone(ZONE), closure.ends_at.astimezone(ZONE)
    whole = begin.time() == time() and end.time() == time()
    first, last = begin.date(), (end - timedelta(microseconds=1)).date()
    if whole and first != last:
        return counter_text("closed_days", first=day_words(first), last=day_words(last))
    clocks = {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}", "day": day_words(first)}
    if first != last:
        return counter_text("closed_long", first=day_words(first), last=day_words(last), **clocks)
    if whole:
        return counter_text("closed_one_day", **clocks)
    key = "closed_until" if begin.time() == time() else "closed_since" if end.time() == time() else "closed_span"
    return counter_text(key, **clocks)


def closed_on(closure: Closure, day: date) -> str:
    """When on one of its days an office is closed: "cả ngày", "từ 12:00"."""
    midnight, next_midnight = day_bounds(day)
    begin, end = closure.starts_at.astimezone(ZONE), closure.ends_at.astimezone(ZONE)
    from_start, to_end = begin <= midnight, end >= next_midnight
    if from_start and to_end:
        return counter_text("clock_whole_day")
    key = "clock_until" if from_start else "clock_since" if to_end else "clock_span"
    return counter_text(key, begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")


def number_text(value: float) -> str:
    """A number as Vietnamese write it, without a needless part: 7,5 and 12."""
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
