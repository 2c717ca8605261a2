"""Settles by their neighbours the words that can be several things: "sang" (sáng, or over to), "toi" (tối, tôi, tới),
"mot" (mốt, một), "nam" (năm, five or year), "nay"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.when.parts import PARTS
from bot.when.pieces import Piece, renamed

_DAYS = frozenset({
    "TODAY", "TOMORROW", "IN_TWO", "IN_THREE", "YESTERDAY", "WD", "DM", "DMY", "DM_DASH",
    "DAY", "FIRST_DAYS", "FULL_MOON", "NEXT_WEEK", "THIS_WEEK",
})  # fmt: skip
_HOURS = {"HOUR", "HALF", "MINUTE"}
_FEW = 3
"""Pieces of an answer that is nothing but a day: "mot nhe"."""
_COUNTED_WITH = {"HOUR", "DAY", "WEEK"}


def settle(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each with one meaning."""
    return [_settled(pieces, at) for at in range(len(pieces))]


def _settled(pieces: Sequence[Piece], at: int) -> Piece:
    piece = pieces[at]
    choose = _CHOICES.get(piece.sign)
    return choose(pieces, at) if choose else piece


def _sign(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].sign if 0 <= at < len(pieces) else "END"


def _one_letter_morning(pieces: Sequence[Piece], at: int) -> Piece:
    beside = _sign(pieces, at + 1) in _DAYS or _sign(pieces, at - 1) in _DAYS | _HOURS
    return renamed(pieces[at], "MORNING" if beside else "X")


def _sang(pieces: Sequence[Piece], at: int) -> Piece:
    if any(piece.sign in ("CHANGE", "INSTEAD") for piece in pieces[:at]):
        return renamed(pieces[at], "SWITCH")
    accented = any(not piece.word.isascii() for piece in pieces)
    follows = _sign(pieces, at + 1) in _DAYS | {"THIS"}
    closes = _sign(pieces, at + 1) in ("END", "STOP", "COMMA", "AT", "N") and _sign(
        pieces, at - 1
    ) in _DAYS | _HOURS | {"N"}
    if follows or closes or _sign(pieces, at - 1) in _HOURS:
        return renamed(pieces[at], "SWITCH" if accented and not closes else "MORNING")
    return renamed(pieces[at], "MORNING" if len(pieces) == 1 else "X")


def _toi(pieces: Sequence[Piece], at: int) -> Piece:
    before, after = _sign(pieces, at - 1), _sign(pieces, at + 1)
    if before in _HOURS | {"WD"} and after in {"N", "WD"}:
        return renamed(pieces[at], "TO")
    whole = after == "TOMORROW" and len(pieces) == 2
    evening = after == "THIS" or whole or (before in _HOURS and after in {"END", "STOP", "COMMA"} | _DAYS)
    if before in {"DAY", "WD"}:
        return renamed(pieces[at], "TO")
    return renamed(pieces[at], "EVENING" if evening else "X")


def _mot(pieces: Sequence[Piece], at: int) -> Piece:
    if pieces[at].word == "ngay mot" and _sign(pieces, at + 1) == "MONTH":
        return replace(pieces[at], sign="DAY_N", number=1)
    if pieces[at].word != "mot":
        return pieces[at]
    before, after = _sign(pieces, at - 1), _sign(pieces, at + 1)
    beside = before in {*PARTS, "SANG", "OR", "TOMORROW", "BUT"} or after in {*PARTS, "AT", "ABOUT"}
    timed = after == "N" and _sign(pieces, at + 2) in {*_HOURS, "COLON", "TO_HOUR"}
    listed = before == "COMMA" and any(piece.sign in _DAYS for piece in pieces[:at])
    alone = at == 0 and len(pieces) <= _FEW and after not in {"COUNT", "N"}
    near = beside or timed or listed or alone
    return pieces[at] if near and before not in _HOURS else renamed(pieces[at], "N")


def _number_word(pieces: Sequence[Piece], at: int) -> Piece:
    """A word that is a number beside a unit: "nam gio", "sau gio", "tu gio", "tháng năm", "mùng năm"."""
    piece, before, after = pieces[at], _sign(pieces, at - 1), _sign(pieces, at + 1)
    if not piece.number:
        return piece
    is_month = before == "MONTH" and piece.sign == "YEAR" and after != "N"
    counts = after in _COUNTED_WITH and (after == "HOUR" or piece.sign == "YEAR")
    is_day = before == "FIRST_DAYS" or (before == "DAY" and after == "MONTH")
    return renamed(piece, "N") if is_month or counts or is_day else piece


def _this(pieces: Sequence[Piece], at: int) -> Piece:
    bare = pieces[at].word == "nay" and at == 0
    return renamed(pieces[at], "TODAY") if bare else pieces[at]


def _bay_gio(pieces: Sequence[Piece], at: int) -> Piece:
    """ "bay gio sang mai" is seven in the morning, "bay gio" alone is now."""
    hour = pieces[at].word == "bay gio" and _sign(pieces, at + 1) in {"SANG", "TO_HOUR", "HALF", *PARTS}
    return replace(pieces[at], sign="SEVEN", number=7) if hour else pieces[at]


_CHOICES: dict[str, Callable[[Sequence[Piece], int], Piece]] = {
    "S": _one_letter_morning,
    "SANG": _sang,
    "TOI": _toi,
    "IN_TWO": _mot,
    "YEAR": _number_word,
    "AFTER": _number_word,
    "FROM": _number_word,
    "THIS": _this,
    "NOW": _bay_gio,
}
