"""Tells days and times in Vietnamese, in full, so that a citizen can check how a wish was understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from pathlib import Path

import yaml

from booking.wording import WEEKDAYS
from bot.when.types import ALL_DAY, EVERY_DAY, Clock, Days, Option, Times, Window

_FILE = Path(__file__).parent / "data" / "telling.vi.yaml"


@cache
def _texts() -> Mapping[str, str]:
    loaded: Mapping[str, str] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def _say(key: str, **values: object) -> str:
    return _texts()[key].format(**values)


def tell(option: Option) -> str:
    """An option: "thứ ba, 24/11/2026, 8 giờ 30"."""
    day = tell_days(option.days) if option.days else _say("any_day")
    return _say("day_and_time", day=day, time=tell_times(option.times)) if option.times else day


def tell_days(days: Days) -> str:
    """Days: "từ thứ hai, 30/11/2026 đến chủ nhật, 06/12/2026"."""
    if days.single:
        return tell_day(days.single)
    if days.last is None:
        run = _say("from", first=tell_day(days.first))
    else:
        run = _say("from_to", first=tell_day(days.first), last=tell_day(days.last))
    if days.weekdays == EVERY_DAY:
        return run
    return _say("only", days=run, weekdays=", ".join(WEEKDAYS[number - 1] for number in sorted(days.weekdays)))


def tell_day(day: date) -> str:
    """A day with its weekday: "thứ ba, 24/11/2026"."""
    return _say("day", weekday=WEEKDAYS[day.weekday()], date=f"{day:%d/%m}/{day.year}")


def tell_times(times: Times) -> str:
    """A time of day: "8 giờ 30", "bắt đầu từ 13 giờ đến trước 14 giờ 30"."""
    told = _clock(times) if isinstance(times, Clock) else _window(times)
    return _say("inferred", time=told) if times.inferred else told


def _clock(clock: Clock) -> str:
    return _say("about", time=tell_time(clock.at)) if clock.about else tell_time(clock.at)


def _window(window: Window) -> str:
    if window == ALL_DAY:
        return _say("any_time")
    if window.before is None:
        return _say("window_from", first=tell_time(window.first))
    if window.first == time(0):
        return _say("window_until", before=tell_time(window.before))
    return _say("window", first=tell_time(window.first), before=tell_time(window.before))


def tell_time(at: time) -> str:
    """A time by the clock of 24 hours: "8 giờ 30"."""
    return _say("minute" if at.minute else "hour", hour=at.hour, minute=at.minute)
