"""Which time of day goes with which day: "sáng thứ ba hoặc chiều thứ năm", "thứ ba, thứ năm, 9h"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.when.pieces import Piece, Shape
from bot.when.types import ALL_DAY, Days, Option, Times


def paired(pieces: Sequence[Piece]) -> tuple[Option, ...]:
    """The options that the days and times of one wish make; as many times as days, in turns, go pair by pair."""
    pieces = _telling(pieces)
    days = [piece.when.days for piece in pieces if piece.when]
    times = [piece.times for piece in pieces if piece.times]
    if len(days) == len(times) > 1 and _in_turns(pieces):
        options = [Option(day, at) for day, at in zip(days, times, strict=True)]
    else:
        options = _each_with_each(days, times)
    return tuple(dict.fromkeys(options))


def _telling(pieces: Sequence[Piece]) -> list[Piece]:
    """Without "any day" and "any time" where others are said."""
    some_day = any(piece.when and piece.when.shape is not Shape.ANY for piece in pieces)
    some_time = any(piece.times and piece.times != ALL_DAY for piece in pieces)
    return [
        piece
        for piece in pieces
        if not (some_day and piece.when and piece.when.shape is Shape.ANY)
        and not (some_time and piece.times == ALL_DAY)
    ]


def _in_turns(pieces: Sequence[Piece]) -> bool:
    """Whether a day and a time come together each time, in either order."""
    are_days = [piece.when is not None for piece in pieces]
    return all(first != second for first, second in zip(are_days[::2], are_days[1::2], strict=True))


def _each_with_each(days: Sequence[Days], times: Sequence[Times]) -> list[Option]:
    if not times:
        return [Option(day, None) for day in days]
    if not days:
        return [Option(None, at) for at in times]
    return [Option(day, at) for day in days for at in times]
