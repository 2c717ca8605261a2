"""The parts of the day by the sign of their words, and how an hour is understood within one.

The borders are ours: offices open between 7:00 and 17:00 with a rest at noon, and each sets its own hours. A part is
drawn wide, for the caller to cut down to the hours of the office.
"""

from __future__ import annotations

from datetime import time

from bot.when.pieces import Hour
from bot.when.types import Clock, Window

PARTS = {
    "EARLY_MORNING": Window(time(6), time(8, 30)),
    "START": Window(time(7), time(8, 30)),
    "MORNING": Window(time(6), time(12)),
    "MID_MORNING": Window(time(9), time(10, 30)),
    "LATE_MORNING": Window(time(10), time(12)),
    "NOON": Window(time(11), time(13, 30)),
    "LUNCH": Window(time(11, 30), time(13, 30)),
    "START_AFTERNOON": Window(time(13), time(14, 30)),
    "AFTERNOON": Window(time(12), time(18)),
    "MID_AFTERNOON": Window(time(14, 30), time(16)),
    "LATE_AFTERNOON": Window(time(15, 30), time(18)),
    "TOWARDS_EVENING": Window(time(15), time(18)),
    "DUSK": Window(time(17), time(19)),
    "EVENING": Window(time(18), None),
    "NIGHT": Window(time(21), None),
    "OFFICE_HOURS": Window(time(7), time(17)),
}
OFF_HOURS = (Window(time(0), time(7)), Window(time(17), None))
OPENING, CLOSING = time(6, 30), time(17)
"""Before and from when no office is open."""
_NOON, _EVENING, _NIGHT = time(11), time(17), time(21)
_LAST_AFTERNOON = 5
"""Up to this hour "5 giờ" alone is the afternoon: at 5 in the morning no office is open, at 17:00 some close."""


def is_outside(times: Clock | Window) -> bool:
    """Whether no office is open at any of these times."""
    if isinstance(times, Clock):
        return not OPENING <= times.at < CLOSING
    return times.first >= CLOSING or (times.before is not None and times.before <= time(7))


def in_part(hour: Hour, part: Window) -> time | None:
    """The time that an hour names within a part of the day; None where they contradict each other."""
    candidates = [hour.hour] if hour.whole_day and hour.hour > 12 else _twice(hour.hour)
    fitting = [time(h, hour.minute) for h in candidates if _goes_with(time(h, hour.minute), part)]
    return fitting[0] if fitting else None


def _twice(hour: int) -> list[int]:
    return [hour, (hour + 12) % 24] if hour <= 12 else [hour]


def _goes_with(at: time, part: Window) -> bool:
    """Whether people say this part of the day with this time: "4 giờ sáng", "1 giờ trưa", "12 giờ đêm"."""
    if part.before is not None and part.before <= time(12):
        return at < time(12)
    if part.first >= _NIGHT:
        return at >= time(20) or at < time(4)
    if part.first >= _EVENING:
        return at >= time(17)
    if part.first >= time(12):
        return time(12) <= at < time(19)
    return time(10, 30) <= at <= time(14) if part.first >= _NOON else True


def by_itself(hour: Hour) -> Clock | None:
    """The time of an hour without a part of the day; None where the clock has no such time."""
    if hour.hour > 23 or hour.minute > 59:
        return None
    inferred = 1 <= hour.hour <= _LAST_AFTERNOON and not hour.whole_day
    return Clock(time(hour.hour + 12 * inferred, hour.minute), hour.about, inferred)
