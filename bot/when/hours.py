"""From hours as said to times of day: which part of the day an hour belongs to, and which half of the day it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bot.when.parts import by_itself, in_part, is_outside
from bot.when.pieces import Hour, Piece, Stretch, wrong
from bot.when.types import Clock, Problem, ProblemKind, Times, Window

_MIDNIGHT = time(0)
_BETWEEN_HOURS = frozenset({"OR", "COMMA", "AT", "ABOUT", "READ"})


def timed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with every hour and every part of the day as a time of day (sign "T")."""
    parts = _given_parts(pieces)
    taken = {id(parts[at]) for at in parts if parts[at] is not pieces[at]}
    return [_timed(piece, parts.get(at), id(piece) in taken) for at, piece in enumerate(pieces)]


def _timed(piece: Piece, giver: Piece | None, taken: bool) -> Piece:
    if piece.sign == "P":
        return replace(piece, sign="READ") if taken else _whole_part(piece)
    if piece.hour is None:
        return piece
    times, problems = _understood(piece, giver.part if giver else None)
    outside = [wrong([piece], ProblemKind.OUTSIDE)] if times and is_outside(times) else []
    sign = "T" if times else "READ"
    return replace(piece, sign=sign, times=times, problems=(*piece.problems, *problems, *outside))


def _whole_part(piece: Piece) -> Piece:
    assert piece.part is not None
    outside = [wrong([piece], ProblemKind.OUTSIDE)] if is_outside(piece.part) else []
    return replace(piece, sign="T", times=piece.part, problems=(*piece.problems, *outside))


def _given_parts(pieces: Sequence[Piece]) -> dict[int, Piece]:
    """For each hour, by its place, the piece that says its part of the day: itself, or one before or after it."""
    given: dict[int, Piece] = {}
    for at, piece in enumerate(pieces):
        if piece.hour is None:
            continue
        giver = piece if piece.part else _before(pieces, at, given) or _after(pieces, at)
        if giver:
            given[at] = giver
    return given


def _before(pieces: Sequence[Piece], at: int, given: dict[int, Piece]) -> Piece | None:
    listed = True
    for left in range(at - 1, -1, -1):
        piece = pieces[left]
        if piece.hour is not None:
            return given.get(left) if listed else None
        if piece.sign == "P" and piece not in given.values():
            return piece
        if piece.sign in ("STOP", "CORRECT", "BUT", "NOT", "EXCEPT", "BUSY"):
            return None
        listed = listed and piece.sign in _BETWEEN_HOURS
    return None


def _after(pieces: Sequence[Piece], at: int) -> Piece | None:
    for piece in pieces[at + 1 :]:
        if piece.sign == "P" or (piece.hour is not None and piece.part):
            return piece
        if piece.hour is not None or piece.sign not in ("D", "ON", "OR", "COMMA", "X"):
            return None
    return None


def _understood(piece: Piece, part: Window | None) -> tuple[Times | None, list[Problem]]:
    if isinstance(piece.hour, Stretch):
        window = _window(piece.hour, part)
        return window, [] if window else [wrong([piece], ProblemKind.IMPOSSIBLE)]
    assert piece.hour is not None
    within = in_part(piece.hour, part) if part else None
    if within:
        return Clock(within, piece.hour.about), []
    problems = [wrong([piece], ProblemKind.AMBIGUOUS)] if part else []
    clock = by_itself(piece.hour)
    return clock, problems if clock else [wrong([piece], ProblemKind.IMPOSSIBLE)]


def _window(stretch: Stretch, part: Window | None) -> Window | None:
    first, before = _end(stretch.first, part), _end(stretch.before, part)
    if first and before and before.at <= first.at:
        first, before = _ordered(stretch, first, before)
    if first and before and before.at <= first.at and before.at != _MIDNIGHT:
        return None
    inferred = any(end is not None and end.inferred for end in (first, before))
    low = first.at if first else _lower(part, before)
    high = before.at if before else _upper(part, first)
    return Window(low, None if high == _MIDNIGHT else high, inferred)


def _ordered(stretch: Stretch, first: Clock, before: Clock) -> tuple[Clock, Clock]:
    """Ends that came out in the wrong order: "từ 10h sáng đến 2h", "8h đến 6h"."""
    if stretch.before and stretch.before.hour < 12 and before.at.hour < 12:
        return first, Clock(before.at.replace(hour=before.at.hour + 12), inferred=True)
    if first.inferred:
        return Clock(first.at.replace(hour=first.at.hour - 12)), before
    return first, before


def _end(hour: Hour | None, part: Window | None) -> Clock | None:
    if hour is None:
        return None
    within = in_part(hour, part) if part else None
    return Clock(within) if within is not None else by_itself(hour)


def _lower(part: Window | None, before: Clock | None) -> time:
    return part.first if part and before and part.first < before.at else _MIDNIGHT


def _upper(part: Window | None, first: Clock | None) -> time | None:
    return part.before if part and first and part.before and part.before > first.at else None
