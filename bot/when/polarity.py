"""What is wished and what is ruled out: "không phải mai mà mốt", "trừ thứ sáu", "thứ hai tôi bận", "9h, à quên 10h"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.when.lexicon import stands_at
from bot.when.pieces import Piece, Shape, When
from bot.when.types import Days

_SAID = ("D", "T")
_JOINS = ("OR", "READ", "ON", "AT", "ABOUT")
_LONGEST_GAP = 2
"""Words that may stand between "không đi" and the day, or the day and "bận"."""


@dataclass(slots=True)
class Sides:
    """The days and times of a message by what is said of them."""

    wished: list[Piece] = field(default_factory=list)
    ruled_out: list[list[Piece]] = field(default_factory=list)
    """Groups of which the days and times belong together."""
    turns: list[Piece] = field(default_factory=list)
    """The words that ruled out or corrected."""


def take_sides(pieces: Sequence[Piece], today: date) -> Sides:
    """Sorts the days and times of a message."""
    sides = Sides()
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.sign in ("NOT", "EXCEPT"):
            at = _rule_out(pieces, at, sides, today)
            continue
        if piece.sign == "BUSY":
            group = _group_before(pieces, at, sides)
            if group:
                sides.wished = sides.wished[: -len(group)]
                sides.ruled_out.append(group)
                sides.turns.append(piece)
            else:
                at = _rule_out(pieces, at, sides, today)
                continue
        elif piece.sign == "CORRECT":
            kept = _uncorrected(sides.wished, pieces[at + 1 :])
            if len(kept) < len(sides.wished):
                sides.turns.append(piece)
            sides.wished = kept
        elif piece.sign in _SAID:
            sides.wished.append(piece)
        at += 1
    return sides


def _rule_out(pieces: Sequence[Piece], at: int, sides: Sides, today: date) -> int:
    """Takes what follows a negation; returns the place after it."""
    group: list[Piece] = []
    turn, word, gap = pieces[at], pieces[at].sign, 0
    at += 1
    while at < len(pieces):
        piece = pieces[at]
        if piece.sign in _SAID and not _begins_anew(group, piece, pieces[at - 1]):
            group.append(_every_week(piece, today) if word == "EXCEPT" else piece)
        elif piece.sign == "COMMA" and word == "EXCEPT" and group and _is_weekday(pieces, at + 1):
            pass
        elif piece.sign == "X" and not group and gap < _LONGEST_GAP:
            gap += 1
        elif piece.sign not in _JOINS:
            break
        at += 1
    if group:
        sides.ruled_out.append(group)
        sides.turns += [turn, *(piece for piece in pieces[at : at + 1] if piece.sign == "BUT")]
    return at


def _begins_anew(group: Sequence[Piece], piece: Piece, before: Piece) -> bool:
    """Whether a further day or time does not belong to what is ruled out, but is the wish: "không phải mai, mốt"."""
    return any(said.sign == piece.sign for said in group) and before.sign not in ("OR", "COMMA")


def _is_weekday(pieces: Sequence[Piece], at: int) -> bool:
    return at < len(pieces) and (when := pieces[at].when) is not None and when.shape is Shape.WEEKDAY


def _every_week(piece: Piece, today: date) -> Piece:
    """ "trừ thứ sáu" means every Friday, unless a week was said."""
    when = piece.when
    if when is None or when.shape is not Shape.WEEKDAY or when.in_week or not when.days.single:
        return piece
    days = Days(today, None, frozenset({when.days.first.isoweekday()}))
    return replace(piece, when=When(days, Shape.WEEKDAY), problems=())


def _group_before(pieces: Sequence[Piece], at: int, sides: Sides) -> list[Piece]:
    """The days and times that a following "bận" or "không được" speaks of."""
    group: list[Piece] = []
    gap = 0
    for piece in reversed(pieces[:at]):
        if piece.sign in _SAID:
            if not any(piece is wished for wished in sides.wished):
                break
            group.insert(0, piece)
        elif piece.sign == "X" and not group and gap < _LONGEST_GAP and stands_at([piece.word], 0, "someone"):
            gap += 1
        elif piece.sign not in _JOINS:
            break
    return group


def _uncorrected(wished: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
    """What was said before a correction and is not said anew after it."""
    anew = {piece.sign for piece in after}
    return [piece for piece in wished if piece.sign not in anew]
