"""The pieces that a message is read as, and how a grammar turns runs of them into fewer, better understood ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from bot.when.types import Days, Problem, ProblemKind, Times, Window


class Shape(StrEnum):
    """What kind of day an expression names; what may complete it."""

    DATE = "date"
    """A day of the calendar, or a run of days."""
    WEEKDAY = "weekday"
    """A weekday whose week was not said: "thứ hai"."""
    WEEK = "week"
    """A week, which may be completed by a weekday."""
    MONTH = "month"
    """A month, which may be completed by a day's number."""
    NUMBER = "number"
    """A day's number whose month was not said: "ngày 24"."""
    ANY = "any"
    """Any day, or working days in general."""


@dataclass(frozen=True, slots=True)
class When:
    """The days that an expression names."""

    days: Days
    shape: Shape = Shape.DATE
    in_week: bool = False
    """Whether a weekday's week was said: "thứ hai tuần sau"."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A time as said, before it is known whether morning or afternoon is meant."""

    hour: int
    minute: int = 0
    about: bool = False
    whole_day: bool = False
    """Whether it is said on the clock of 24 hours: 14:00, 08:30."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of hours as said; an end that is None is open."""

    first: Hour | None
    before: Hour | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the message with what it was understood as; `sign` is what the grammar sees."""

    sign: str
    start: int
    end: int
    word: str = ""
    """The word or words as typed, in small letters."""
    number: int = 0
    numbers: tuple[int, ...] = ()
    when: When | None = None
    hour: Hour | Stretch | None = None
    part: Window | None = None
    times: Times | None = None
    problems: tuple[Problem, ...] = ()


_BEGIN_NOTHING = frozenset({"X", "STOP", "COUNT", "COMMA", "READ"})
"""Signs that no rule begins with."""
Build = Callable[[Sequence[Piece], datetime], Sequence[Piece] | None]
"""Makes new pieces of those that a pattern matched; None: the pattern does not apply after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over signs and what becomes of its match."""

    pattern: re.Pattern[str]
    build: Build


def rule(pattern: str, build: Build) -> Rule:
    """A rule whose pattern is a regular expression in which every word of capitals is a sign; spaces do not count."""
    signs = re.sub(r"[A-Z][A-Z_0-9]*", r"(?:(?<!\\S)\g<0>~)", pattern)
    return Rule(re.compile(signs.replace(" ", "").replace("~", " ")), build)


def rewrite(pieces: Sequence[Piece], rules: Sequence[Rule], now: datetime) -> list[Piece]:
    """The pieces after every rule was tried at every place, from the left; the first rule that applies wins."""
    signs = "".join(f"{piece.sign} " for piece in pieces)
    starts = [0, *accumulate(len(piece.sign) + 1 for piece in pieces)]
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        idle = pieces[at].sign in _BEGIN_NOTHING
        taken, made = (1, [pieces[at]]) if idle else _first(pieces, rules, now, signs, starts, at)
        out += made
        at += taken
    return out


def _first(
    pieces: Sequence[Piece], rules: Sequence[Rule], now: datetime, signs: str, starts: Sequence[int], at: int
) -> tuple[int, Sequence[Piece]]:
    for each in rules:
        match = each.pattern.match(signs, starts[at])
        if match and match.end() > match.start():
            end = bisect_left(starts, match.end())
            made = each.build(pieces[at:end], now)
            if made is not None:
                return end - at, made
    return 1, pieces[at : at + 1]


def day(pieces: Sequence[Piece], days: Days, shape: Shape = Shape.DATE, *problems: Problem) -> list[Piece]:
    """The pieces as one that names days; their own problems stay."""
    return [merged(pieces, "D", when=When(days, shape), problems=problems)]


def merged(
    pieces: Sequence[Piece],
    sign: str,
    when: When | None = None,
    hour: Hour | Stretch | None = None,
    part: Window | None = None,
    problems: Sequence[Problem] = (),
) -> Piece:
    """One piece over all of them; their own problems stay."""
    kept = tuple(problem for piece in pieces for problem in piece.problems)
    return Piece(sign, pieces[0].start, pieces[-1].end, when=when, hour=hour, part=part, problems=(*kept, *problems))


def wrong(pieces: Sequence[Piece], kind: ProblemKind, *readings: Days) -> Problem:
    """A problem with what the pieces say."""
    return Problem(kind, (pieces[0].start, pieces[-1].end), readings)


def without_meaning(pieces: Sequence[Piece], *problems: Problem) -> list[Piece]:
    """The pieces as one that was read but names no day or time: it only has a problem."""
    return [merged(pieces, "READ", problems=problems)]


def nothing(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces as words that say nothing about when."""
    return [replace(piece, sign="X", when=None, problems=()) for piece in pieces]


def renamed(piece: Piece, sign: str) -> Piece:
    """The piece under another sign."""
    return replace(piece, sign=sign)
