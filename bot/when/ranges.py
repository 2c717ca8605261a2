"""What stands between and around days and times: "từ … đến …", "trước", "sau", "trở đi", a weekday in a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.when import calendar_dates as cal
from bot.when.pieces import Hour, Piece, Rule, Shape, Stretch, When, merged, nothing, rule, wrong
from bot.when.types import EVERY_DAY, Days, Problem, ProblemKind

_DAY = timedelta(days=1)
_LONG_GONE = timedelta(days=60)
_BETWEEN = ("P", "H", "FROM")


def _when(piece: Piece) -> When:
    assert piece.when is not None
    return piece.when


def _days(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.when is not None]


def _made(pieces: Sequence[Piece], days: Days, *, keep: bool = False) -> list[Piece]:
    """The pieces as one of these days; what was ambiguous in its parts stays only with `keep`."""
    made = merged(pieces, "D", when=When(days))
    return [made if keep else replace(made, problems=tuple(p for p in made.problems if p.kind is ProblemKind.PAST))]


def _with_weekday(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    """Two expressions for one thing: "thứ năm 24/12", "tuần sau, sáng thứ hai", "thứ bảy trong tháng 12"."""
    first, second = _days(pieces)
    weekday, other = (first, second) if _when(first).shape is Shape.WEEKDAY else (second, first)
    days = _when(other).days
    if _when(weekday).shape is not Shape.WEEKDAY or _when(other).shape is Shape.WEEKDAY:
        return _number_of_month(pieces)
    if _when(weekday).in_week:
        return None
    found = _meet(pieces, _when(weekday).days.first, other)
    if found is None:
        return None
    between = [piece for piece in pieces if piece.sign in _BETWEEN]
    kept = [piece for piece in pieces if piece.sign not in _BETWEEN]
    made = merged(kept, "D", when=When(found[0], Shape.WEEKDAY if days.single is None else Shape.DATE, in_week=True))
    problems = tuple(problem for problem in other.problems if problem.kind is ProblemKind.PAST)
    return [*between, replace(made, problems=problems + found[1])]


def _meet(pieces: Sequence[Piece], coming: date, other: Piece) -> tuple[Days, tuple[Problem, ...]] | None:
    """The day on which a weekday and the other expression agree."""
    shape, days = _when(other).shape, _when(other).days
    listed = any(piece.sign in ("COMMA", "OR") for piece in pieces)
    if shape is Shape.WEEK:
        first = cal.monday(days.first)
        return Days.only(first + timedelta(days=coming.weekday())), ()
    if days.single is None:
        if shape is Shape.ANY:
            return None
        return Days(days.first, days.last, frozenset({coming.isoweekday()})), ()
    if days.first.isoweekday() == coming.isoweekday():
        return days, ()
    if listed or pieces[0] is other:
        return None
    return days, (wrong(pieces, ProblemKind.AMBIGUOUS, days, Days.only(coming)),)


def _same_week(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    """ "thứ ba hoặc thứ năm tuần sau"."""
    first, second = _days(pieces)
    if {_when(first).shape, _when(second).shape} != {Shape.WEEKDAY} or _when(first).in_week == _when(second).in_week:
        return None
    known, bare = (first, second) if _when(first).in_week else (second, first)
    found = cal.monday(_when(known).days.first) + timedelta(days=_when(bare).days.first.weekday())
    settled = replace(bare, when=When(Days.only(found), Shape.WEEKDAY, in_week=True), problems=())
    return [settled if piece is bare else piece for piece in pieces]


def _number_of_month(pieces: Sequence[Piece]) -> list[Piece] | None:
    """ "tháng sau, ngày 5"."""
    first, second = _days(pieces)
    if {_when(first).shape, _when(second).shape} != {Shape.MONTH, Shape.NUMBER}:
        return None
    month, number = (first, second) if _when(first).shape is Shape.MONTH else (second, first)
    found = cal.on_day(_when(month).days.first, _when(number).days.first.day)
    return _made(pieces, Days.only(found)) if found else None


def _workdays_of(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    """ "các ngày trong tuần" with a week or month beside it."""
    first, second = _days(pieces)
    limited, other = (first, second) if _when(first).shape is Shape.ANY else (second, first)
    if _when(limited).shape is not Shape.ANY or _when(other).days.single or _when(limited).days.weekdays == EVERY_DAY:
        return None
    days = _when(other).days
    return _made(pieces, Days(days.first, days.last, _when(limited).days.weekdays), keep=True)


def _between(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """từ D đến D. A first weekday or number that would come after the second lies in the second's week or month."""
    first, second = _days(pieces)
    low, high = _when(first).days.first, _when(second).days.last
    if high is None:
        return None
    if _when(first).shape is Shape.WEEKDAY and _when(second).in_week and not _when(first).in_week:
        low = cal.monday(high) + timedelta(days=low.weekday())
    elif _when(first).shape is Shape.NUMBER and _when(second).shape is Shape.DATE:
        low = cal.on_day(high, low.day) or low
    while high < low and _when(second).shape is Shape.WEEKDAY:
        high += timedelta(weeks=1)
    if high < low and _when(second).shape is Shape.NUMBER:
        high = cal.on_day(cal.month_ahead(low, 1).first, high.day) or high
    return _made(pieces, Days(max(low, now.date()), high)) if low <= high and high >= now.date() else None


def _numbers_between(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """24-26/12, từ 24 đến 26 tháng 12."""
    number = next(piece.number for piece in pieces if piece.sign == "N")
    high = _when(_days(pieces)[0]).days.single
    low = cal.on_day(high, number) if high else None
    return _made(pieces, Days(low, high)) if low and high and now.date() <= low <= high else None


def _past_event(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """ "trước ngày 01/7/2025": before or since a day long gone is no wish."""
    days = _when(_days(pieces)[0]).days
    last = days.last or days.first
    return nothing(pieces) if last < now.date() - _LONG_GONE else None


def _onward(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    found = _days(pieces)[0]
    return _made(
        pieces, Days(_when(found).days.first, None, _when(found).days.weekdays if not _single(found) else EVERY_DAY)
    )


def _single(piece: Piece) -> bool:
    return _when(piece).days.single is not None


def _until(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    last = _when(_days(pieces)[0]).days.last
    return _made(pieces, Days(now.date(), last)) if last and last >= now.date() else None


def _before(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    last = _when(_days(pieces)[0]).days.first - _DAY
    return _made(pieces, Days(now.date(), last)) if last >= now.date() else None


def _after(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    last = _when(_days(pieces)[0]).days.last
    return _made(pieces, Days(max(last + _DAY, now.date()), None)) if last else None


def _hours(pieces: Sequence[Piece]) -> list[Hour]:
    return [piece.hour for piece in pieces if isinstance(piece.hour, Hour)]


def _stretch(pieces: Sequence[Piece], first: Hour | None, before: Hour | None) -> list[Piece]:
    part = next((piece.part for piece in reversed(pieces) if piece.part), None)
    return [merged(pieces, "H", hour=Stretch(first, before), part=part)]


def _clock_between(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hours = _hours(pieces)
    if len(hours) == 2:
        return _stretch(pieces, hours[0], hours[1])
    number = next((piece.number for piece in pieces if piece.sign == "N"), 0)
    return _stretch(pieces, Hour(number), hours[0]) if hours and 1 <= number <= 23 else None


def _clock_before(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hours = _hours(pieces)
    return _stretch(pieces, None, hours[0]) if hours else None


def _clock_after(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    hours = _hours(pieces)
    return _stretch(pieces, hours[0], None) if hours else None


def _hour_in_part(pieces: Sequence[Piece], _: datetime) -> list[Piece] | None:
    """ "8h sáng", "sáng 8h"."""
    hour, part = sorted(pieces, key=lambda piece: piece.part is not None)
    return [merged(pieces, "H", hour=hour.hour, part=part.part)] if hour.hour and hour.part is None else None


def _old_wish(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    """ "đổi từ thứ hai sang …": what was booked so far, no wish."""
    return [merged(pieces, "READ")]


def _prefixed(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    """ "vào thứ hai", "khoảng tuần sau"."""
    return [replace(pieces[-1], start=pieces[0].start)]


_TO = "(?:TO|DASH|TOI)"
_P = "(?:P|H)"
OLD_WISH_RULES: list[Rule] = [
    rule("CHANGE X* FROM (?:D|P|H|ON|AT)+ (?:SWITCH|TO)", _old_wish),
    rule("CHANGE X* (?:D|P|H|ON|AT)+ SWITCH", _old_wish),
    rule("INSTEAD (?:X|ON|AT)* (?:D|P|H)+", _old_wish),
]
DAY_RANGE_RULES: list[Rule] = [
    rule("(?:ON|AT|ABOUT)+ D", _prefixed),
    rule(f"D ON? (?:COMMA|PAREN)? ON? {_P}? ON? D(?!{_TO} D)", _with_weekday),
    rule("D COMMA? FROM D", _with_weekday),
    rule("D (?:OR|COMMA) ON? P? D", _same_week),
    rule("D COMMA? D", _workdays_of),
]
RANGE_RULES: list[Rule] = [
    rule(f"FROM? D ON? {_TO} ON? D", _between),
    rule(f"FROM? DAY? N {_TO} D", _numbers_between),
    rule(f"(?:BEFORE|AFTER|FROM|{_TO}) D", _past_event),
    rule("FROM D ONWARD?", _onward),
    rule("D ONWARD", _onward),
    rule("(?:BEFORE|UNTIL BEFORE) D", _before),
    rule("AFTER D", _after),
    rule("(?:UNTIL|UNTIL TO|FROM TODAY TO) D", _until),
    rule(f"(?:FROM|ABOUT|AT)* H {_TO} (?:AT|ABOUT)* H", _clock_between),
    rule(f"(?:FROM|ABOUT|AT)* N {_TO} H", _clock_between),
    rule("(?:BEFORE|UNTIL) H", _clock_before),
    rule("(?:AFTER|FROM) H ONWARD?", _clock_after),
    rule("H ONWARD", _clock_after),
]
PART_RULES: list[Rule] = [rule("H ON? P", _hour_in_part), rule("P COMMA? (?:ON|AT)* H(?!ON? P)", _hour_in_part)]
