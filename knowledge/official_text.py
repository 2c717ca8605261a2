"""Cleans the text of official records: one Unicode form, plain spaces, no bullets or order marks."""

from __future__ import annotations

import re
import unicodedata

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capital letters of Vietnamese, as the inside of a character class."""
LOWER = UPPER.lower()
"""The small letters of Vietnamese, as the inside of a character class."""

_INVISIBLE = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff")
_BULLET = re.compile(r"^(?:[-–—+*•●▪◦·/]+\s*)+")
_ORDER_MARK = re.compile(
    r"^(?:"
    r"\(?(?:[ivx]{1,5}|[IVX]{1,5}|[a-zđ]|\d{1,2}(?:\.\d{1,2})*)\)"  # a)  1)  (ii)  (2.1)
    r"|\((?:[ivx]{1,5}|[a-zđ]|\d{1,2}(?:\.\d{1,2})*)\)\.?"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}\.(?=\s|[^\W\d])"  # 1.  2.1.
    r"|[IVX]{1,5}\.(?=\s)"
    r"|[a-zđ][.](?=\s)"
    r")\s*"
)
_TRAILING = re.compile(r"[\s;,:.]+$")
_NOTHING = re.compile(
    r"^(?:(?:không(?: có(?: thông tin)?| quy định| yêu cầu)?|chưa có(?: thông tin)?|chưa (?:có )?quy định(?: cụ thể)?"
    r"|-+|\.+)\s*[.;]?$"
    r"|không có thông tin ?từ khóa)",  # text of the portal's page, caught in the export
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """The text in NFC, without invisible characters, with single spaces; line breaks stay."""
    text = unicodedata.normalize("NFC", text)
    for sign in _INVISIBLE:
        text = text.replace(sign, "")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """The text on one line, cleaned."""
    return " ".join(clean(text).split("\n"))


def without_marks(text: str) -> str:
    """The line without its bullet and without marks of order such as "a)", "(1)" or "2.1."."""
    previous = None
    while text != previous:
        previous = text
        text = _BULLET.sub("", text).lstrip()
        shorter = _ORDER_MARK.sub("", text)
        text = shorter if shorter else text
    return text


def without_tail(text: str) -> str:
    """The text without punctuation at its end."""
    return _TRAILING.sub("", text)


def says_nothing(text: str) -> bool:
    """Whether a field only says that there is nothing: "Không", "Không có", "Không quy định"."""
    return not text.strip() or bool(_NOTHING.match(text.strip()))


def unique(items: list[str]) -> tuple[str, ...]:
    """The non-empty items in their order, each once."""
    return tuple(dict.fromkeys(item for item in items if item))
