"""Reads when somebody wishes to come out of a free message. Pure: the time is given, nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.when.clock_grammar import CLOCK_RULES
from bot.when.date_grammar import DATE_RULES
from bot.when.day_grammar import DAY_RULES
from bot.when.hours import timed
from bot.when.lexer import lex
from bot.when.options import paired
from bot.when.parts import OFF_HOURS
from bot.when.pieces import Piece, Shape, rewrite, wrong
from bot.when.polarity import Sides, take_sides
from bot.when.ranges import DAY_RANGE_RULES, OLD_WISH_RULES, PART_RULES, RANGE_RULES
from bot.when.settle import settle
from bot.when.tet_grammar import TET_RULES
from bot.when.types import VIETNAM, Clock, Option, Problem, ProblemKind, Span, Wish

YEARS = range(1950, 2091)
"""The years from which can be counted: the lunar calendar is converted up to 2099."""
_LONGEST = 2000
"""Characters of a message that are read; a wish stands in fewer."""
_READ = frozenset({"D", "T", "H", "P", "READ", "OFF_HOURS", "SOON"})
_GRAMMAR = [*TET_RULES, *DATE_RULES, *DAY_RULES, *CLOCK_RULES]


def read(text: str, now: datetime) -> Wish:
    """What `text` says about when, seen from `now`, which must be aware; days count in Vietnam's time.

    Any text will do; one that says nothing gives an empty wish. A naive `now`, or one out of `YEARS`: `ValueError`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware of its time zone")
    if now.year not in YEARS:
        raise ValueError(f"now must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    now = now.astimezone(VIETNAM)
    pieces = _understood(text[:_LONGEST], now)
    sides = take_sides(pieces, now.date())
    options, without = _options(sides, pieces)
    if not (options or without or any(piece.problems or piece.sign == "SOON" for piece in pieces)):
        return Wish()
    return Wish(
        options,
        without,
        soonest=any(piece.sign == "SOON" for piece in pieces),
        problems=_problems(pieces, sides, now),
        spans=_spans(pieces, sides.turns, text),
    )


def _understood(text: str, now: datetime) -> list[Piece]:
    pieces = rewrite(settle(lex(text)), _GRAMMAR, now)
    pieces = _shares(pieces)
    for rules in (DAY_RANGE_RULES, PART_RULES, OLD_WISH_RULES, RANGE_RULES):
        pieces = rewrite(pieces, rules, now)
    return timed(pieces)


def _shares(pieces: Sequence[Piece]) -> list[Piece]:
    """What may be a share, such as 3/4, is a date; alone in a message one to be asked about."""
    sure = any(piece.sign in ("D", "H", "P") for piece in pieces)
    return [_date_or_share(piece, sure) if piece.sign == "SHARE" else piece for piece in pieces]


def _date_or_share(piece: Piece, sure: bool) -> Piece:
    doubt = () if sure or piece.when is None else (wrong([piece], ProblemKind.AMBIGUOUS, piece.when.days),)
    return replace(piece, sign="D" if piece.when else "READ", problems=(*piece.problems, *doubt))


def _options(sides: Sides, pieces: Sequence[Piece]) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    wished, ruled_out = sides.wished, sides.ruled_out
    if not any(piece.when for piece in wished) and any(piece.times for piece in wished):
        wished = [*_day_of_refused(ruled_out), *wished]
    options = paired(wished)
    if any(piece.sign == "OFF_HOURS" for piece in pieces):
        days = {option.days for option in options} or {None}
        options = tuple(Option(day, window) for day in days for window in OFF_HOURS)
    return options, tuple(option for group in ruled_out for option in paired(group))


def _day_of_refused(ruled_out: Sequence[Sequence[Piece]]) -> list[Piece]:
    """ "sáng mai không được thì chiều": the afternoon of that day."""
    for group in ruled_out:
        days = [piece for piece in group if piece.when and piece.when.shape is not Shape.ANY]
        if days and any(piece.times for piece in group):
            return days[:1]
    return []


def _problems(pieces: Sequence[Piece], sides: Sides, now: datetime) -> tuple[Problem, ...]:
    refused = {id(piece) for group in sides.ruled_out for piece in group}
    wished = {id(piece) for piece in sides.wished}
    told = [
        problem
        for piece in pieces
        if id(piece) not in refused and (piece.sign not in ("D", "T") or id(piece) in wished)
        for problem in piece.problems
    ]
    off = [wrong([piece], ProblemKind.OUTSIDE) for piece in pieces if piece.sign == "OFF_HOURS"]
    return tuple(dict.fromkeys([*told, *off, *_over(sides.wished, now)]))


def _over(wished: Iterable[Piece], now: datetime) -> list[Problem]:
    """A time of today that is over."""
    pieces = list(wished)
    options = paired(pieces)
    if not options or not all(_is_over(option, now) for option in options):
        return []
    return [wrong(pieces, ProblemKind.PAST)]


def _is_over(option: Option, now: datetime) -> bool:
    if option.days is None or option.days.single != now.date() or option.times is None:
        return False
    last = option.times.at if isinstance(option.times, Clock) else option.times.before
    return last is not None and last <= now.time()


def _spans(pieces: Sequence[Piece], turns: Sequence[Piece], text: str) -> tuple[Span, ...]:
    """Where the message was read; neighbours that only spaces separate are one."""
    spans: list[Span] = []
    for at, piece in enumerate(pieces):
        joins = piece.sign == "OR" and 0 < at < len(pieces) - 1 and {pieces[at - 1].sign, pieces[at + 1].sign} <= _READ
        if piece.sign not in _READ and not joins and not any(piece is turn for turn in turns):
            continue
        if spans and not text[spans[-1][1] : piece.start].strip():
            spans[-1] = (spans[-1][0], piece.end)
        else:
            spans.append((piece.start, piece.end))
    return tuple(spans)
