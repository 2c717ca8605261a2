"""How people write days by the lunar calendar and around Tết: mùng 5 Tết, 28 Tết, rằm tháng giêng, sau Tết."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.when.lunar import coming_lunar, coming_lunar_of_any_month, coming_tet_day, last_day_before_tet, new_year
from bot.when.pieces import Build, Piece, day, rule, without_meaning, wrong
from bot.when.types import Days, ProblemKind

TET_HOLIDAYS = 5
"""Offices open again on the sixth at the latest, unless the year's decision says otherwise: the calendar knows."""
_LAST_MONTH, _FULL_MOON = 12, 15
_CLOSE_TO_TET = timedelta(days=14)


def _lunar(pieces: Sequence[Piece], today: date, number: int, month: int) -> list[Piece]:
    found = coming_lunar(number, month, today)
    if found is None:
        return without_meaning(pieces, wrong(pieces, ProblemKind.IMPOSSIBLE))
    return day(pieces, Days.only(found))


def _number(pieces: Sequence[Piece]) -> int:
    return next(piece.number for piece in pieces if piece.sign in ("N", "DAY_N"))


def _named_month(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """24 tháng chạp, mùng 8 tháng giêng."""
    return _lunar(pieces, now.date(), _number(pieces), _month_named(pieces))


def _month_named(pieces: Sequence[Piece]) -> int:
    return 1 if any(piece.sign == "GIENG" for piece in pieces) else _LAST_MONTH


def _tet_day(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """mùng 5 Tết is after the new year, 28 Tết before it; 30 Tết is the last day even of a short month."""
    number, today = _number(pieces), now.date()
    if 1 <= number <= 10:
        return day(pieces, Days.only(coming_tet_day(number, today)))
    if number == 30:
        return _eve(pieces, now)
    return _lunar(pieces, today, number, _LAST_MONTH) if 20 <= number < 30 else None


def _eve(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, Days.only(last_day_before_tet(now.date())))


def _full_moon(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    if pieces[-1].sign == "N":
        return _lunar(pieces, now.date(), _FULL_MOON, pieces[-1].number) if 1 <= pieces[-1].number <= 12 else None
    if pieces[-1].sign in ("GIENG", "CHAP"):
        return _lunar(pieces, now.date(), _FULL_MOON, _month_named(pieces))
    found = coming_lunar_of_any_month(_FULL_MOON, now.date())
    return day(pieces, Days.only(found)) if found else None


def _whole_month(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """tháng giêng, tháng chạp; the running one from today."""
    if not pieces[0].word.startswith(("tháng", "thang")):
        return None
    today, month = now.date(), _month_named(pieces)
    last = coming_lunar(29, month, today)
    first = coming_lunar(1, month, today)
    if last is None or first is None:
        return None
    return day(pieces, Days(first if first <= last else today, last))


def _after(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, Days(new_year(now.date()) + timedelta(days=TET_HOLIDAYS), None))


def _before(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, Days(now.date(), last_day_before_tet(now.date())))


def _shortly_before(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    last = last_day_before_tet(now.date())
    return day(pieces, Days(max(now.date(), last - _CLOSE_TO_TET), last))


def _holidays(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    first = new_year(now.date())
    return day(pieces, Days(max(first, now.date()), first + timedelta(days=TET_HOLIDAYS - 1)))


def _fixed(number: int, month: int) -> Build:
    return lambda pieces, now: _lunar(pieces, now.date(), number, month)


_DAY = "(?:DAY_N|DAY? FIRST_DAYS? N)"
TET_RULES = [
    rule(f"{_DAY} MONTH? (?:GIENG|CHAP) LUNAR?", _named_month),
    rule(f"{_DAY} TET", _tet_day),
    rule("FULL_MOON (?:MONTH N|GIENG|CHAP) LUNAR?", _full_moon),
    rule("FULL_MOON", _full_moon),
    rule("AFTER (?:AT|DAY)* TET|AFTER_TET", _after),
    rule("BEFORE_TET", _shortly_before),
    rule("BEFORE DAY* TET", _before),
    rule("ON TET", _holidays),
    rule("EVE", _eve),
    rule("HUNG_KINGS", _fixed(10, 3)),
    rule("GIENG|CHAP", _whole_month),
]
