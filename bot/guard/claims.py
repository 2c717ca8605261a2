"""Reads what can be checked out of a Vietnamese text: every number, date, amount, time limit, link, code and sign.

No word with a digit in it is left out: what is not understood is a claim by its letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class ClaimKind(StrEnum):
    """What a claim states; a closed list, so that it can label a metric."""

    NUMBER = "number"
    MONEY = "money"
    FREE = "free"
    """That nothing has to be paid."""
    TIME = "time"
    PERCENT = "percent"
    COUNT = "count"
    """So many originals or copies of a paper."""
    REST = "rest"
    """So many more that are not shown."""
    DATE = "date"
    PHONE = "phone"
    LINK = "link"
    CODE = "code"
    """A procedure's code, such as 1.001193."""
    SIGN = "sign"
    """Any other word with a digit in it: the number of a law, of a form, of a section."""
    OFFICE = "office"


Fact = tuple[ClaimKind, str]
"""A kind and a value that is the same however it is written: 06 and 6, "15.000đ" and "15 nghìn đồng"."""


Found = tuple[int, int, Fact]
"""Where a claim begins and ends, and what it states."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text states."""

    fact: Fact
    low: str
    """The text, tidied, in small letters."""
    start: int
    end: int

    @property
    def text(self) -> str:
        """The claim as written, in small letters."""
        return self.low[self.start : self.end]

    def alike(self, other: Claim) -> bool:
        """Whether a record's text `other` states the same with the same words around it.

        Two words on each side are compared. The edge of a text agrees with any word, since answers join texts; but
        one real neighbour has to agree, unless the record's text is nothing but this claim.
        """
        if self.fact != other.fact:
            return False
        sides = ((self._before(), other._before()), (self._after(), other._after()))
        if not any(words for _, words in sides):
            return True
        shared = [(one, two) for mine, others in sides for one, two in zip(mine, others, strict=False)]
        return bool(shared) and all(one == two for one, two in shared)

    def _before(self) -> list[str]:
        """The words before it, the nearest first."""
        return _WORD.findall(self.low[max(0, self.start - _REACH) : self.start])[: -_NEIGHBOURS - 1 : -1]

    def _after(self) -> list[str]:
        return _WORD.findall(self.low[self.end : self.end + _REACH])[:_NEIGHBOURS]


_UNITS: dict[str, tuple[ClaimKind, str]] = {
    "ngày làm việc": (ClaimKind.TIME, "working_day"),
    "ngày": (ClaimKind.TIME, "day"),
    "giờ": (ClaimKind.TIME, "hour"),
    "phút": (ClaimKind.TIME, "minute"),
    "tuần": (ClaimKind.TIME, "week"),
    "tháng": (ClaimKind.TIME, "month"),
    "năm": (ClaimKind.TIME, "year"),
    "bản chính": (ClaimKind.COUNT, "original"),
    "bản sao": (ClaimKind.COUNT, "copy"),
    "đồng": (ClaimKind.MONEY, "vnd"),
    "vnđ": (ClaimKind.MONEY, "vnd"),
    "vnd": (ClaimKind.MONEY, "vnd"),
    "đ": (ClaimKind.MONEY, "vnd"),
    "%": (ClaimKind.PERCENT, "%"),
    "phần trăm": (ClaimKind.PERCENT, "%"),
}
_SCALES = {"nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
_DIGITS = {
    "một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5",
    "sáu": "6", "bảy": "7", "tám": "8", "chín": "9", "mười": "10",
}  # fmt: skip
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})(?!\w)"
_MEASURE = re.compile(
    rf"(?:\s*\([^\W\d_]+(?: [^\W\d_]+)?\))?"  # 03 (ba) ngày
    rf"(?:\s*(?P<scale>{'|'.join(_SCALES)})(?!\w))?\s*{_UNIT}"
)
_MORE = re.compile(r"(?:\s+[^\W\d_]+){1,3}\s+(?:khác|nữa)(?!\w)")
_WORDED = re.compile(rf"(?P<word>{'|'.join(_DIGITS)})\s+{_UNIT}")
_WRITTEN_OUT = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})(?!\d)")
_PHONE = re.compile(r"[+(]?\d[\d .()-]{6,}\d")
_PHONE_DIGITS = re.compile(r"(?:84|0)\d{8,10}|1[89]00\d{4,6}")
_FREE = re.compile(
    r"miễn (?:(?:thu|toàn bộ|các loại) )?(?:lệ )?phí(?!\w)|không (?:phải )?(?:thu|mất|nộp|đóng|trả) (?:lệ )?phí(?!\w)"
)
_DENIED = "không có nghĩa là "
_LINK_SIGN = re.compile(r"://|@|\.(?:vn|com|net|org|info)(?!\w)")
_DIGIT_WORD = re.compile(r"\d[^ ]*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})/(\d{4})")
_CODE = re.compile(r"\d{1,2}\.\d{6,7}")
_GROUPED = re.compile(r"(?P<whole>\d{1,3}([.,])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](?P<part>\d+))?")
_SINGLE = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")
_EDGE = ".,;:!?…()[]{}\"'“”‘’«»*•–—-/+"
_LIMITS = "≥≤<>"
_WORD = re.compile(r"\w+")
_NEIGHBOURS = 2
_REACH = 40
"""Characters around a claim in which its neighbours are looked for."""
_TEXTS_REMEMBERED = 2048


def tidy(text: str) -> str:
    """The text in NFC with single spaces and one spelling of "ủy", the form in which it is read."""
    return " ".join(unicodedata.normalize("NFC", text).split()).replace("uỷ", "ủy").replace("Uỷ", "Ủy")


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def claims(text: str) -> tuple[Claim, ...]:
    """Everything a tidied text states that can be checked, but names of offices."""
    low = text.lower()
    found = [*_free(low), *_links(text), *_worded(low)]
    if _DIGIT_WORD.search(low):
        found += [*_dates(low), *_phones(low)]
        found += _digit_words(low, [(start, end) for start, end, _ in found])
    return tuple(Claim(fact, low, start, end) for start, end, fact in found)


def number(written: str) -> str:
    """A number without what does not matter: 06 is 6, 1.000.000 is 1000000, 2,50 is 2.5; 1.2.3 stays as it is."""
    if grouped := _GROUPED.fullmatch(written):
        whole, part = re.sub(r"\D", "", grouped["whole"]), grouped["part"] or ""
    elif single := _SINGLE.fullmatch(written):
        whole, part = single["whole"], single["part"] or ""
    else:
        return written
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def _free(low: str) -> Iterator[Found]:
    for match in _FREE.finditer(low):
        if not low.endswith(_DENIED, 0, match.start()):
            yield match.start(), match.end(), (ClaimKind.FREE, "")


def _links(text: str) -> Iterator[Found]:
    """Addresses of pages and mail boxes, their letters as they are."""
    read_to = 0
    for sign in _LINK_SIGN.finditer(text):
        if sign.start() >= read_to:
            start, read_to = _trimmed(text, *_word_around(text, sign.start()))
            yield start, read_to, (ClaimKind.LINK, text[start:read_to])


def _word_around(text: str, place: int) -> tuple[int, int]:
    """Where the word at a place begins and ends."""
    end = text.find(" ", place)
    return text.rfind(" ", 0, place) + 1, len(text) if end < 0 else end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The borders without punctuation at the edges."""
    word = text[start:end].rstrip(_EDGE)
    return start + len(word) - len(word.lstrip(_EDGE)), start + len(word)


def _worded(low: str) -> Iterator[Found]:
    """Numbers in words before a unit: "ba ngày làm việc"."""
    for match in _WORDED.finditer(low):
        if match.start() == 0 or not low[match.start() - 1].isalnum():
            yield match.start(), match.end(), _measured(_DIGITS[match["word"]], match["unit"])


def _dates(low: str) -> Iterator[Found]:
    for match in _WRITTEN_OUT.finditer(low):
        yield match.start(), match.end(), (ClaimKind.DATE, _day(*match.groups()))


def _phones(low: str) -> Iterator[Found]:
    for match in _PHONE.finditer(low):
        digits = re.sub(r"\D", "", match[0])
        grouped = match[0][0] == "1" and not match[0].startswith(("1900", "1800"))
        if _PHONE_DIGITS.fullmatch(digits) and not grouped and _alone(low, match.start(), match.end()):
            yield match.start(), match.end(), (ClaimKind.PHONE, digits)


def _alone(low: str, start: int, end: int) -> bool:
    return not re.search(r"[\w.,/-]$", low[:start][-1:]) and not re.match(r"[\w/]|[.,-]\w", low[end : end + 2])


def _digit_words(low: str, taken: list[tuple[int, int]]) -> Iterator[Found]:
    for match in _DIGIT_WORD.finditer(low):
        start, end = _trimmed(low, *_word_around(low, match.start()))
        while _DIGIT_WORD.search(low, start, end):
            if any(begun < end and start < ended for begun, ended in taken):
                break
            found = _read(low, start, end)
            yield found
            start, end = _trimmed(low, found[1], end) if found[1] < end else (end, end)


def _read(low: str, start: int, end: int) -> Found:
    limit = ""
    while low[start] in _LIMITS:
        limit, start = low[start], start + 1
    word = low[start:end]
    if day := _DATE.fullmatch(word):
        return start, end, (ClaimKind.DATE, _day(*day.groups()))
    if month := _MONTH.fullmatch(word):
        return start, end, (ClaimKind.DATE, f"{month[2]}-{month[1]:0>2}")
    if _CODE.fullmatch(word):
        return start, end, (ClaimKind.CODE, word)
    figure = _NUMBER.match(word)
    if figure is None:
        return start, end, (ClaimKind.SIGN, word)
    limit = limit or _limit_before(low, start)
    return _quantity(low, start, start + figure.end(), end, limit)


def _quantity(low: str, start: int, figure_end: int, end: int, limit: str) -> Found:
    value = number(low[start:figure_end])
    if measure := _MEASURE.match(low, figure_end):
        scaled = _scaled(value, measure["scale"])
        kind, unit = _measured(scaled, measure["unit"])
        return start, measure.end(), (kind, limit + unit)
    if figure_end < end:
        return start, end, (ClaimKind.SIGN, low[start:end])
    if more := _MORE.match(low, figure_end):
        return start, more.end(), (ClaimKind.REST, value)
    return start, end, (ClaimKind.NUMBER, limit + value)


def _scaled(value: str, scale: str | None) -> str:
    return f"{float(value) * _SCALES[scale]:.0f}" if scale and _SINGLE.fullmatch(value) else value


def _measured(value: str, unit: str) -> Fact:
    kind, name = _UNITS[unit]
    return kind, f"{value} {name}"


def _limit_before(low: str, start: int) -> str:
    before = low[max(0, start - 3) : start].rstrip()[-1:]
    return before if before and before in _LIMITS else ""


def _day(day: str, month: str, year: str) -> str:
    return f"{year}-{month:0>2}-{day:0>2}"
