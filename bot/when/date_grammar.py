"""How people write dates of the calendar: 24/12, ngày 24 tháng 12, ngày 24, tháng 12, and holidays by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from bot.when import calendar_dates as cal
from bot.when.lunar import coming_lunar, coming_lunar_of_any_month, lunar_day
from bot.when.pieces import Build, Piece, Shape, day, nothing, rule, without_meaning, wrong
from bot.when.types import Days, Problem, ProblemKind

_NUMERIC = ("DMY", "DM", "DM_DASH", "DM_DOT")
_SHARES = 5
"""Up to this denominator 3/4 alone can be a share."""


def _dated(pieces: Sequence[Piece], today: date, found: date | None, *problems: Problem) -> list[Piece]:
    if found is None:
        return without_meaning(pieces, wrong(pieces, ProblemKind.IMPOSSIBLE))
    past = [wrong(pieces, ProblemKind.PAST)] if found < today else []
    return day(pieces, Days.only(found), Shape.DATE, *problems, *past)


def _on(
    pieces: Sequence[Piece], today: date, number: int, month: int, year: int | None, *problems: Problem
) -> list[Piece]:
    """A day and a month, by the lunar calendar where the pieces say so."""
    if any(piece.sign == "LUNAR" for piece in pieces):
        found = lunar_day(number, month, year) if year else coming_lunar(number, month, today)
    else:
        found = cal.exact(year, month, number) if year else cal.without_year(today, month, number)
    return _dated(pieces, today, found, *problems)


def _numeric(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    written = next(piece for piece in pieces if piece.sign in _NUMERIC)
    number, month, *years = written.numbers
    bare = len(pieces) == 1
    if number > 39 or month > 19:
        return nothing(pieces)
    if bare and written.sign in ("DM_DASH", "DM_DOT") and (number <= 12 or not 1 <= month <= 12):
        return None
    if years and cal.full_year(years[0]) < now.year - 1:
        return nothing(pieces)
    share = bare and written.sign == "DM" and 0 < number < month <= _SHARES and "0" not in written.word
    found = _on(pieces, now.date(), number, month, cal.full_year(years[0]) if years else _year(pieces, now))
    return [replace(piece, sign="SHARE") for piece in found] if share else found


def _year(pieces: Sequence[Piece], now: datetime) -> int | None:
    """The year that stands after "năm"."""
    for before, piece in pairwise(pieces):
        if before.sign == "YEAR" and piece.sign == "N":
            return cal.full_year(piece.number)
    last = pieces[-1]
    if last.sign == "MY":
        return last.numbers[1]
    return {"NEXT_YEAR": now.year + 1, "THIS_YEAR": now.year}.get(last.sign)


def _numbers(pieces: Sequence[Piece]) -> list[int]:
    return [
        piece.numbers[0] if piece.sign == "MY" else piece.number
        for piece in pieces
        if piece.sign in ("N", "MY", "DAY_N")
    ]


def _spelled(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """ngày 24 tháng 12; with mùng it may be the lunar calendar, unless a calendar is named."""
    number, month = _numbers(pieces)[:2]
    year = _year(pieces, now)
    if year is not None and year < now.year - 1:
        return nothing(pieces)
    if pieces[0].sign == "N" and not (1 <= number <= 31 and 1 <= month <= 12):
        return None
    today, signs = now.date(), [piece.sign for piece in pieces]
    problems = []
    if "FIRST_DAYS" in signs and not {"LUNAR", "SOLAR"} & set(signs):
        either = cal.without_year(today, month, number), coming_lunar(number, month, today)
        problems = [wrong(pieces, ProblemKind.AMBIGUOUS, *(Days.only(found) for found in either if found))]
    return _on(pieces, today, number, month, year, *problems)


def _of_month(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """ngày 5 tháng sau."""
    month = cal.month(now.year, now.month + (pieces[-1].sign == "NEXT_MONTH"))
    return _dated(pieces, now.date(), cal.on_day(month.first, _numbers(pieces)[0]))


def _number(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """ngày 24, hôm 24, ngày mùng 4."""
    number, today = _numbers(pieces)[0], now.date()
    signs = [piece.sign for piece in pieces]
    if number > 99 or number == 0:
        return None
    if "LUNAR" in signs:
        return _dated(pieces, today, coming_lunar_of_any_month(number, today))
    found = cal.coming_number(today, number)
    if found is None:
        return without_meaning(pieces, wrong(pieces, ProblemKind.IMPOSSIBLE))
    problems = []
    if "FIRST_DAYS" in signs and "SOLAR" not in signs:
        lunar = coming_lunar_of_any_month(number, today)
        problems = [wrong(pieces, ProblemKind.AMBIGUOUS, Days.only(found), *([Days.only(lunar)] if lunar else []))]
    return day(pieces, Days.only(found), Shape.NUMBER, *problems)


def _month(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    number, today = _numbers(pieces)[0], now.date()
    if not 1 <= number <= 12:
        return None
    year = _year(pieces, now)
    if year is None or (year, number) == (today.year, today.month):
        return day(pieces, cal.coming_month(today, number), Shape.MONTH)
    if not 1 <= year <= 9000:
        return None
    found = cal.month(year, number)
    past = [wrong(pieces, ProblemKind.PAST)] if found.first < today else []
    return day(pieces, found, Shape.MONTH, *past)


def _fixed(month: int, number: int) -> Build:
    def build(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
        return _dated(pieces, now.date(), _coming(now.date(), month, number))

    return build


def _coming(today: date, month: int, number: int) -> date:
    found = date(today.year, month, number)
    return found if found >= today else found.replace(year=today.year + 1)


def _of_event(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """A date after "sinh", "cấp", "kết hôn": if it lies in the past, it is that of the event and no wish."""
    build = _numeric if any(piece.sign in _NUMERIC for piece in pieces) else _spelled
    start = next(at for at, piece in enumerate(pieces) if piece.sign != "EVENT")
    found = build(pieces[start:], now)
    if found is None:
        return None
    over = any(
        problem.kind in (ProblemKind.PAST, ProblemKind.IMPOSSIBLE) for piece in found for problem in piece.problems
    )
    return nothing(pieces) if over else [*pieces[:start], *found]


_CALENDAR = "(?:LUNAR|SOLAR)?"
_WRITTEN = f"(?:DMY|DM) {_CALENDAR}"
_OF_YEAR = "(?:COMMA? YEAR N|NEXT_YEAR|THIS_YEAR)?"
_SPELLED = f"(?:DAY_N|DAY? FIRST_DAYS? N) MONTH (?:N {_OF_YEAR}|MY) {_CALENDAR} {_OF_YEAR}"
_NO_UNIT = "(?!HOUR|HALF|COLON|MINUTE|TO_HOUR|DAY|WEEK|HOURS)"
DATE_RULES = [
    rule(f"EVENT+ ON? (?:DAY? {_WRITTEN}|{_SPELLED})", _of_event),
    rule(f"(?:DAY|FIRST_DAYS)* {_WRITTEN} {_OF_YEAR}", _numeric),
    rule(f"(?:DAY|FIRST_DAYS)+ (?:DM_DASH|DM_DOT) {_CALENDAR}", _numeric),
    rule("DM_DASH|DM_DOT", _numeric),
    rule(_SPELLED, _spelled),
    rule("DAY? FIRST_DAYS? N (?:THIS_MONTH|NEXT_MONTH)", _of_month),
    rule(f"(?:DAY FIRST_DAYS?|FIRST_DAYS) N {_CALENDAR}{_NO_UNIT}", _number),
    rule("N (?:LUNAR|SOLAR)", _number),
    rule(f"MONTH (?:N{_NO_UNIT} {_OF_YEAR}|MY)", _month),
    rule("NATIONAL_DAY", _fixed(9, 2)),
    rule("CHRISTMAS", _fixed(12, 25)),
    rule("SOLAR_TET", _fixed(1, 1)),
]
