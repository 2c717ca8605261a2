"""Numbers in words up to ninety-nine: "hai mươi bốn", "ba mốt", "hăm ba", "mười lăm"."""

from __future__ import annotations

from collections.abc import Sequence

from index.text import matches

_UNITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9
}  # fmt: skip
_AFTER_TENS = {**_UNITS, "mốt": 1, "lăm": 5, "nhăm": 5, "rưỡi": 0}
_SHORT = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
"""What after "hai" or "ba" alone means tens: "hai lăm" is 25."""
_BEFORE_A_MONTH = ("tháng", "chạp", "tết", "âm")


def read_number(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """The number that begins at a word, and how many words it takes; None where none does."""
    if matches(words[at], "mười"):
        unit = _unit(words, at + 1, _AFTER_TENS)
        return (10 + unit, 2) if unit else (10, 1)
    if words[at] in ("hăm", "ham"):
        unit = _unit(words, at + 1, _AFTER_TENS)
        return (20 + unit, 2) if unit else None
    first = _unit(words, at, _UNITS)
    return _from_tens(words, at, first) if first else None


def _from_tens(words: Sequence[str], at: int, first: int) -> tuple[int, int]:
    after = words[at + 1] if at + 1 < len(words) else ""
    if after == "mươi" or (after == "muoi" and first > 1):
        unit = _unit(words, at + 2, _AFTER_TENS)
        return (10 * first + unit, 3) if unit else (10 * first, 2)
    short = _unit(words, at + 1, _SHORT)
    if first in (2, 3) and short:
        return 10 * first + short, 2
    unit = _unit(words, at + 1, _UNITS)
    if first == 2 and unit and at + 2 < len(words) and any(matches(words[at + 2], month) for month in _BEFORE_A_MONTH):
        return 20 + unit, 2
    return first, 1


def _unit(words: Sequence[str], at: int, known: dict[str, int]) -> int:
    if at >= len(words):
        return 0
    return next((value for word, value in known.items() if matches(words[at], word)), 0)
