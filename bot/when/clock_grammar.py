"""How people write a time of day: 8h, 8h30, 8g30, 8:30, 8 rưỡi, 9 giờ kém 15, chín giờ, khoảng 9h, 2 giờ nữa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.when.parts import PARTS
from bot.when.pieces import Build, Hour, Piece, day, merged, rule, without_meaning, wrong
from bot.when.types import ALL_DAY, Clock, Days, ProblemKind

_LONGEST_CLOCK = 30
"""From here on "48h" is a duration; 25h to 29h are slips."""


def _numbers(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.sign in ("N", "YEAR", "SEVEN")]


def _about(pieces: Sequence[Piece]) -> bool:
    return any(piece.sign in ("ABOUT", "PAST_IT") for piece in pieces)


def _hour(pieces: Sequence[Piece], hour: int, minute: int, whole_day: bool = False) -> list[Piece] | None:
    if hour >= _LONGEST_CLOCK:
        return None
    if hour > 24 or minute > 59:
        return without_meaning(pieces, wrong(pieces, ProblemKind.IMPOSSIBLE))
    said = Hour(hour % 24, minute, _about(pieces), whole_day or hour > 12)
    return [merged(pieces, "H", hour=said)]


def _full(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    return _hour(pieces, _numbers(pieces)[0].number, 0)


def _half(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    return _hour(pieces, _numbers(pieces)[0].number, 30)


def _bare_half(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    return _half(pieces, now) if 1 <= _numbers(pieces)[0].number <= 17 else None


def _minutes(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hour, minute = _numbers(pieces)
    short = minute.number < 10 and pieces[-1].sign != "MINUTE" and minute.sign != "YEAR"
    if short and not minute.word.startswith("0"):
        return None
    return _hour(pieces, hour.number, minute.number, len(hour.word) == 2 and hour.word[0] == "0")


def _digital(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    first, minute = _numbers(pieces)
    apart = minute.end - first.end != len(minute.word) + 1
    return None if apart or len(minute.word) != 2 else _minutes(pieces, now)


def _dotted(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hour, minute = pieces[-1].numbers
    return _hour(pieces, hour, minute) if hour < 24 and minute < 60 else None


def _to_the_hour(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hour, less = (piece.number for piece in _numbers(pieces))
    return _hour(pieces, hour - 1, 60 - less) if 1 <= hour <= 24 and 0 < less < 60 else None


def _bare(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hour = _numbers(pieces)[0]
    return _hour(pieces, hour.number, 0) if 1 <= hour.number <= 17 and hour.sign == "N" else None


def _later(minutes: int) -> Build:
    """So much from now: "2 giờ nữa"."""

    def build(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
        number = next((piece.number for piece in pieces if piece.sign == "N"), 1)
        if number > 1000:
            return None
        then = now + timedelta(minutes=minutes * number)
        at = replace(merged(pieces[-1:], "T"), times=Clock(then.time().replace(second=0, microsecond=0)))
        return [*day(pieces[:-1], Days.only(then.date())), at]

    return build


def _part(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    return [merged(pieces, "P", part=PARTS[pieces[-1].sign])]


def _any_time(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    return [replace(merged(pieces, "T"), times=ALL_DAY)]


_PARTS = f"(?:{'|'.join(part for part in PARTS if part != 'NIGHT')})"
_AT = "(?:AT|ABOUT)*"
_MORE = "(?:MORE|NUA)"
CLOCK_RULES = [
    rule(f"N (?:HOUR|HOURS) {_MORE}", _later(60)),
    rule(f"N MINUTE {_MORE}", _later(1)),
    rule(f"(?:HALF_OF|NUA) HOURS {_MORE}", _later(30)),
    rule(f"{_AT} N COLON N MINUTE?", _digital),
    rule(f"{_AT} N HOUR? TO_HOUR N MINUTE?", _to_the_hour),
    rule(f"{_AT} N HOUR HALF", _half),
    rule(f"{_AT} (?:N HOUR (?:N|YEAR) MINUTE?)(?!MONTH|HOUR|COLON|HALF|DAY(?:MORE|NUA|TO))", _minutes),
    rule(f"{_AT} SEVEN TO_HOUR N MINUTE?", _to_the_hour),
    rule(f"{_AT} SEVEN HALF", _half),
    rule(f"{_AT} SEVEN", _full),
    rule(f"{_AT} N HOUR PAST_IT?", _full),
    rule(f"{_AT} N HALF", _bare_half),
    rule(f"{_AT} AT DM_DOT", _dotted),
    rule("(?:AT|ABOUT)+ N(?!HOUR|DAY|WEEK|MONTH|GIENG|CHAP|TET|HOURS|MINUTE|(?:TO|DASH) N)", _bare),
    rule(f"(?:ABOUT|AT|ON)* {_PARTS}", _part),
    rule("(?:ABOUT|AT|ON)* HOUR NOON", _part),
    rule("(?<=HOUR)NIGHT|(?<=HALF)NIGHT|NIGHT(?=TOMORROW|IN_TWO|WD)", _part),
    rule("ANY_TIME", _any_time),
]
