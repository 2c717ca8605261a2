"""How people write days that are counted from today: mai, mốt, thứ hai tuần sau, cuối tháng, ba ngày nữa."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.when import calendar_dates as cal
from bot.when.parts import PARTS
from bot.when.pieces import Build, Piece, Shape, When, day, merged, renamed, rule, without_meaning, wrong
from bot.when.types import WORKING_DAYS, Days, ProblemKind

_WEEKS = {"LAST_WEEK": -1, "THIS_WEEK": 0, "NEXT_WEEK": 1, "WEEK_AFTER": 2}
_WEEKLY = f"(?:{'|'.join(_WEEKS)})"
_TO = "(?:TO|TOI)"
_MORE = "(?:MORE|NUA)"
_FARTHEST = 1000
"""Counts beyond are no wish for an appointment."""


def _offset(days: int) -> Build:
    def build(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
        when = Days.only(now.date() + timedelta(days=days))
        return day(pieces, when, Shape.DATE, *([wrong(pieces, ProblemKind.PAST)] if days < 0 else []))

    return build


def _this_part(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """ "chiều nay"."""
    return [merged(pieces[:-1], "P", part=PARTS[pieces[-2].sign]), *day(pieces[-1:], Days.only(now.date()))]


def _right_now(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return [merged(pieces, "D", when=When(Days.only(now.date()))), renamed(pieces[-1], "SOON")]


def _vague(pieces: Sequence[Piece], _: datetime) -> list[Piece]:
    return without_meaning(pieces, wrong(pieces, ProblemKind.VAGUE))


def _any(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, Days(now.date(), None), Shape.ANY)


def _workdays(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, Days(now.date(), None, WORKING_DAYS), Shape.ANY)


def _weekday(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """Weekdays alone, a list of them too: "thứ hai", "thứ 2, 4, 6"."""
    numbered = [piece for piece in pieces if piece.sign in ("WD", "N")]
    first = pieces.index(numbered[0])
    made = [*_one_weekday(pieces[: first + 1], now)]
    for piece in pieces[first + 1 :]:
        made += _one_weekday([piece], now) if piece.sign == "N" else [piece]
    return made


def _one_weekday(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    number = pieces[-1].number - (pieces[-1].sign == "N")
    today = now.date()
    coming = Days.only(cal.coming_weekday(today, number))
    if today.isoweekday() != number:
        return day(pieces, coming, Shape.WEEKDAY)
    return day(pieces, coming, Shape.WEEKDAY, wrong(pieces, ProblemKind.AMBIGUOUS, Days.only(today), coming))


def _weekday_list(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    return _weekday(pieces, now) if all(2 <= piece.number <= 7 for piece in pieces if piece.sign == "N") else None


def _this_weekday(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """ "thứ sáu này", "thứ sáu tới": today only with "này"."""
    number = next(piece.number for piece in pieces if piece.sign == "WD")
    from_day = now.date() - timedelta(days=pieces[-1].sign == "THIS")
    found = Days.only(cal.coming_weekday(from_day, number))
    return [merged(pieces, "D", when=When(found, Shape.WEEKDAY, in_week=True))]


def _next_weekday(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """ "thứ sáu sau": of the next week."""
    return _on_weekday(pieces, now, cal.week(now.date(), 1).first)


def _weekday_of_week(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    offset = next(_WEEKS[piece.sign] for piece in pieces if piece.sign in _WEEKS)
    return _on_weekday(pieces, now, cal.monday(now.date()) + timedelta(weeks=offset))


def _on_weekday(pieces: Sequence[Piece], now: datetime, monday: date) -> list[Piece]:
    number = next(piece.number for piece in pieces if piece.sign == "WD")
    found = monday + timedelta(days=number - 1)
    problems = [wrong(pieces, ProblemKind.PAST)] if found < now.date() else []
    return [merged(pieces, "D", when=When(Days.only(found), Shape.WEEKDAY, in_week=True), problems=problems)]


def _week(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    offset = _WEEKS[pieces[-1].sign]
    problems = [wrong(pieces, ProblemKind.PAST)] if offset < 0 else []
    return day(pieces, cal.week(now.date(), offset), Shape.WEEK, *problems)


def _part_of_week(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """The first two days of a week, the middle three, the weekend; of the next week where this one's are over."""
    low, high = {"BEGIN": (0, 1), "MIDDLE": (1, 3), "END": (5, 6)}[pieces[0].sign]
    offset = _WEEKS.get(pieces[-1].sign)
    first = cal.monday(now.date()) + timedelta(weeks=offset or 0, days=low)
    last = first + timedelta(days=high - low)
    if offset is None and last < now.date():
        first, last = first + timedelta(weeks=1), last + timedelta(weeks=1)
    return _clipped(pieces, first, last, now)


def _clipped(pieces: Sequence[Piece], first: date, last: date, now: datetime) -> list[Piece]:
    today = now.date()
    if last < today:
        return day(pieces, Days(first, last), Shape.DATE, wrong(pieces, ProblemKind.PAST))
    return day(pieces, Days(max(first, today), last))


def _part_of_month(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """The first ten days of a month, the middle ten, the rest; of the next month where this one's are over."""
    today = now.date()
    month = _month_meant(pieces[1:], today)
    if month is None:
        return None
    first, last = _tenth(pieces[0].sign, month)
    if pieces[-1].sign in ("MONTH", "THIS_MONTH") and last < today and pieces[-1].word in ("tháng", "thang"):
        first, last = _tenth(pieces[0].sign, cal.month_ahead(today, 1))
    return _clipped(pieces, first, last, now)


def _month_meant(pieces: Sequence[Piece], today: date) -> Days | None:
    number = next((piece.number for piece in pieces if piece.sign == "N"), None)
    if number is not None and not 1 <= number <= 12:
        return None
    if number is not None:
        next_year = pieces[-1].sign == "NEXT_YEAR"
        return cal.month(today.year + 1 if next_year else cal.coming_month(today, number).first.year, number)
    return cal.month(today.year, today.month + (pieces[-1].sign == "NEXT_MONTH"))


def _tenth(edge: str, month: Days) -> tuple[date, date]:
    assert month.last is not None
    low, high = {"BEGIN": (1, 10), "MIDDLE": (11, 20), "END": (21, month.last.day)}[edge]
    return month.first.replace(day=low), month.first.replace(day=high)


def _part_of_year(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    """January, June or December; "đầu năm" is the next year's."""
    number = {"BEGIN": 1, "MIDDLE": 6, "END": 12}[pieces[0].sign]
    next_year = pieces[-1].sign == "NEXT_YEAR"
    found = cal.month(now.year + 1, number) if next_year else cal.coming_month(now.date(), number)
    return day(pieces, found, Shape.MONTH)


def _month(pieces: Sequence[Piece], now: datetime) -> list[Piece]:
    return day(pieces, cal.month_ahead(now.date(), int(pieces[-1].sign == "NEXT_MONTH")), Shape.MONTH)


def _year(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """The next year, or the rest of this one; "năm nay" alone tells how old a child is rather than a wish."""
    if pieces[-1].sign == "THIS_YEAR":
        if not pieces[-1].word.startswith("trong"):
            return None
        return day(pieces, Days(now.date(), date(now.year, 12, 31)))
    return day(pieces, Days(date(now.year + 1, 1, 1), date(now.year + 1, 12, 31)))


def _count(pieces: Sequence[Piece]) -> int:
    return next((piece.number for piece in pieces if piece.sign == "N"), 1)


def _days_more(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    count = _count(pieces)
    return None if count > _FARTHEST else day(pieces, Days.only(now.date() + timedelta(days=count)))


def _weeks_more(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    """So many weeks on: that day, or a weekday of its week."""
    count = _count(pieces)
    return None if count > _FARTHEST else _week_on(pieces, now, count)


def _week_on(pieces: Sequence[Piece], now: datetime, count: int) -> list[Piece]:
    return day(pieces, Days.only(now.date() + timedelta(weeks=count)), Shape.WEEK)


def _weeks_later(pieces: Sequence[Piece], now: datetime) -> Sequence[Piece] | None:
    """ "2 tuần sau" is two weeks on, "2 tuần tới" runs until then."""
    ahead = pieces[-1].word.split()[-1] in ("tới", "toi")
    return (_within(7) if ahead else _weeks_more)(pieces, now)


def _months_more(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
    count = _count(pieces)
    return None if count > 60 else day(pieces, Days.only(cal.month_later(now.date(), count)))


def _within(length: int) -> Build:
    """From today until so many days on."""

    def build(pieces: Sequence[Piece], now: datetime) -> list[Piece] | None:
        count = _count(pieces)
        today = now.date()
        return None if count > _FARTHEST else day(pieces, Days(today, today + timedelta(days=length * count)))

    return build


_DAYLIKE = "(?:WD|DAY|DM|DMY|DM_DASH|TOMORROW|IN_TWO|FIRST_DAYS)"
_EDGE = "(?:BEGIN|MIDDLE|END)"
_PARTS = f"(?:{'|'.join(PARTS)})"
_NO_TIME = "(?!HOUR|HALF|COLON|MINUTE|TO_HOUR|MONTH|DAY|WEEK|GIENG|CHAP)"
DAY_RULES = [
    rule(f"(?:AT|ABOUT|ON)* {_PARTS} THIS", _this_part),
    rule("TODAY", _offset(0)),
    rule("TOMORROW", _offset(1)),
    rule("IN_TWO", _offset(2)),
    rule("IN_THREE", _offset(3)),
    rule("YESTERDAY", _offset(-1)),
    rule("DAY_BEFORE", _offset(-2)),
    rule("NOW", _right_now),
    rule("VAGUE", _vague),
    rule("ANY_DAY", _any),
    rule("WORKDAYS", _workdays),
    rule(f"DAY? WD ON? {_WEEKLY}", _weekday_of_week),
    rule(f"{_WEEKLY} COMMA? (?:ON|DAY)* WD", _weekday_of_week),
    rule(f"DAY? WD (?:THIS|{_TO}(?!{_DAYLIKE}))", _this_weekday),
    rule("DAY? WD AFTER(?!N|P|DAY|DM)", _next_weekday),
    rule(f"DAY? WD (?:COMMA N{_NO_TIME})+ (?:OR N{_NO_TIME})?", _weekday_list),
    rule(f"DAY? WD OR N{_NO_TIME}", _weekday_list),
    rule("DAY? WD", _weekday),
    rule(f"(?:AFTER|ON)? N DAY {_MORE}", _days_more),
    rule(f"(?:WITHIN|ON)? N DAY {_TO}", _within(1)),
    rule("WITHIN N DAY", _within(1)),
    rule(f"(?:AFTER|ON)? N? WEEK {_MORE}", _weeks_more),
    rule(f"(?:WITHIN|ON)? N WEEK {_TO}", _within(7)),
    rule("WITHIN N WEEK", _within(7)),
    rule("(?:WITHIN|ON)? N NEXT_WEEK", _weeks_later),
    rule(f"(?:HALF_OF|NUA) MONTH {_MORE}", _offset(15)),
    rule(f"(?:AFTER|ON)? N? MONTH {_MORE}", _months_more),
    rule("(?:WITHIN|ON)? N NEXT_MONTH", _months_more),
    rule(f"{_EDGE} (?:{_WEEKLY}|WEEK|WORKDAYS)", _part_of_week),
    rule(f"{_EDGE} MONTH N NEXT_YEAR?", _part_of_month),
    rule(f"{_EDGE} (?:MONTH|THIS_MONTH|NEXT_MONTH)", _part_of_month),
    rule(f"{_EDGE} (?:YEAR|THIS_YEAR|NEXT_YEAR)", _part_of_year),
    rule(_WEEKLY, _week),
    rule("ON MONTH(?!N|MY)|THIS_MONTH|NEXT_MONTH", _month),
    rule("THIS_YEAR|NEXT_YEAR", _year),
]
