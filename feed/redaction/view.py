"""A text as the finders see it: without diacritics, in lower case, of the same length as the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from feed.redaction.kinds import PLACEHOLDERS, Span

HIDDEN = "\x01"
"""Stands for every character that is settled; no pattern matches it."""

_CACHE_SIZE = 5000
_WORD = re.compile(r"[^\W\d_]+")
_NEXT = re.compile(r" ([^\W\d_]+)")


class _Folding(dict[int, str]):
    """Maps a character to one character: base letter, ASCII digit, or space for anything blank."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _CACHE_SIZE:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in "đĐ":
        return "d"
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in ("Zs", "Cf"):
        return " "
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` in lower case without diacritics, character by character."""
    return text.translate(_FOLDING)


_PLACEHOLDER = "|".join(re.escape(fold(label)) for label in PLACEHOLDERS.values())
_KEEP = re.compile(
    rf"""
    (?:{_PLACEHOLDER})
  | https?://[\w.-]{{0,100}}gov[.]vn[^\s]*
  | (?<![\d.])\d[.]\d{{6}}(?:[.]\d{{3}}[.]\d\d[.]\d\d(?:[.]h\d\d)?)?(?![\d])            # procedure code
  | (?<![\d.])(?:\d{{3}}[.])?\d\d[.]\d\d[.]h\d\d(?:[.]\d+)*-\d{{6}}-\d{{4,6}}          # dossier code
  | (?<![a-z\d])h\d\d(?:[.]\d+)*-\d{{6}}-\d{{4,6}}
  | (?<!\d)\d{{1,5}}/(?:\d{{4}}/)?[a-z]{{2,}}[\w-]*                                    # decree, decision
  | (?<!\d)(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d(?!\d)    # date
  | (?<!\d)(?:19|20)\d\d[./-](?:0[1-9]|1[0-2])[./-]\d\d(?!\d)
  | (?<!\d)(?:19|20)\d\d(?:[ ,–-]{{1,3}}(?:19|20)\d\d)+(?!\d)                            # years
  | (?<![\d.,])[1-9]\d{{0,2}}(?:[., ]\d{{3}}){{1,5}}[ ]?(?:dong|vnd|d|trieu|ty|nghin|ngan)(?![a-z\d])
  | (?<![\d.,])[1-9]\d{{0,12}}[ ]?(?:dong|vnd|d|trieu|ty|nghin|ngan|k)(?![a-z\d])
  | (?<!\d)\d{{1,6}}(?:[.,]\d+)?[ ]?%
  | (?<!\d)1[89]00[ .]?\d\d[ .]?\d\d(?!\d)                                            # public hotline
    """,
    re.VERBOSE,
)
"""Look-alikes of personal data that must stay readable, and placeholders of an earlier redaction."""


class View:
    """The original text beside its folded form, in which settled parts are hidden."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.accented = any(ord(character) > 0xBF for character in text)
        self.hide((match.start(), match.end()) for match in _KEEP.finditer(self.folded))

    def words(self, start: int, most: int) -> list[tuple[int, int]]:
        """Where up to `most` words stand from `start` on, with single blanks between them."""
        first = _WORD.match(self.folded, start)
        found = [first.span()] if first else []
        while found and len(found) < most and (following := _NEXT.match(self.folded, found[-1][1])):
            found.append(following.span(1))
        return found

    def hide(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Makes the ranges invisible to the finders that come later."""
        pieces, last = [], 0
        for start, end in ranges:
            pieces += [self.folded[last:start], HIDDEN * (end - start)]
            last = end
        if last:
            self.folded = "".join(pieces) + self.folded[last:]

    def settle(self, spans: list[Span]) -> None:
        """Hides found spans, which are in order and do not overlap."""
        self.hide((span.start, span.end) for span in spans)
