"""Vietnamese text in one form: NFC, one tone placement, lower case, syllables; and its form without diacritics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from vi_textmatch.normalize import normalize

_TOKEN = re.compile(r"[^\W_]+")
_CODE = re.compile(r"(?<![\d.])\d{1,2}\.\d{6,7}(?!\.?\d)")
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]")
_SYLLABLE = 12
"""No Vietnamese syllable is longer; longer words are not worth remembering."""
_SPECIAL = str.maketrans({"đ": "d", "Đ": "D"})


def clean(text: str) -> str:
    """`text` in NFC with one tone placement, lower case, single spaces and no invisible characters."""
    return str(normalize(_INVISIBLE.sub(" ", text)))


def tokens(text: str) -> list[str]:
    """The syllables, numbers and short codes of `text`, cleaned, in their order."""
    return _TOKEN.findall(clean(text))


def fold(text: str) -> str:
    """`text` without diacritics: đ becomes d, every tone and vowel mark goes."""
    decomposed = unicodedata.normalize("NFD", text.translate(_SPECIAL))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_all(words: Sequence[str]) -> list[str]:
    """Each word folded."""
    return [word if word.isascii() else fold_word(word) for word in words]


def fold_word(word: str) -> str:
    """One word folded; syllables come again and again, so theirs is remembered."""
    return _remembered(word) if len(word) <= _SYLLABLE else fold(word)


@lru_cache(maxsize=65_536)
def _remembered(word: str) -> str:
    return fold(word)


def is_accented(word: str) -> bool:
    """Whether a word carries any Vietnamese diacritic."""
    return not word.isascii()


def procedure_codes(text: str) -> list[str]:
    """Codes of procedures written in `text`, such as 1.001193, in their order."""
    return _CODE.findall(text)


def bigrams(words: Sequence[str]) -> list[str]:
    """Neighbouring pairs joined by an underscore: ["giấy", "tờ"] gives ["giấy_tờ"]."""
    return [f"{left}_{right}" for left, right in pairwise(words)]


def matches(word: str, pattern: str) -> bool:
    """Whether a typed word can be `pattern`: equal, or typed without any diacritics and equal once folded."""
    return word == pattern or (word.isascii() and word == fold_word(pattern))
