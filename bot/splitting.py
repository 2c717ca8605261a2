"""Cuts long text where a reader would pause, so that each part fits what a platform takes in one message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Measure = Callable[[str], int]
"""How long a platform finds a text. A longer beginning of the same text never measures less."""

_BORDERS = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…;:])\s", r"\s"))
"""Paragraph, line, sentence, word: the earlier kind is preferred while it leaves the part half full."""
_JOINER = "\u200d"


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, measure: Measure = len) -> list[str]:
    """`text` in parts that each measure at most `limit`, cut at paragraph, line, sentence or word borders.

    Only a word that is too long for a part of its own is cut, and then not between a letter and its marks if
    possible. White space at a cut is left out, everything else is kept. Raises `ValueError` where not even
    one character fits.
    """
    parts = []
    rest = text.strip()
    while rest:
        end = _longest_fit(rest, limit, measure)
        if end < len(rest):
            end = _border(rest, end) or _inside_word(rest, end)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def _longest_fit(text: str, limit: int, measure: Measure) -> int:
    """How many characters from the beginning measure at most `limit`."""
    high = max(1, limit)
    while high < len(text) and measure(text[:high]) <= limit:
        high *= 2
    high = min(high, len(text))
    if measure(text[:high]) <= limit:
        return high
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        if measure(text[:middle]) <= limit:
            low = middle
        else:
            high = middle
    if low == 0:
        raise ValueError(f"a limit of {limit} leaves no room for a single character")
    return low


def _border(text: str, end: int) -> int:
    """The best place to cut at or before `end`; 0 when there is none."""
    last = 0
    for pattern in _BORDERS:
        last = max((match.start() for match in pattern.finditer(text, 0, end + 1)), default=0)
        if last * 2 >= end:
            return last
    return last


def _inside_word(text: str, end: int) -> int:
    """`end`, or a little before where it would part a letter from its marks or an emoji from its halves."""
    cut = end
    while cut > 0 and _belongs_to_previous(text, cut):
        cut -= 1
    return cut or end


def _belongs_to_previous(text: str, at: int) -> bool:
    return unicodedata.category(text[at]) in ("Mn", "Me", "Mc") or _JOINER in (text[at], text[at - 1])
