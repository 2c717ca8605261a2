"""Reads the fee texts of the national portal: what is fixed, free, set by the province, or not known.

"0 VNĐ ()" is the portal's default and says nothing. An amount counts as VND only where the record says so
beyond doubt; everything else keeps its wording and is `FeeStatus.UNKNOWN`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.models import Fee, FeeStatus
from knowledge.official_text import one_line

SMALLEST_PLAUSIBLE = 1_000
"""Below this an amount in VND is taken for thousands or for dollars."""
LARGEST_PLAUSIBLE = 1_000_000_000
"""Above this an amount in VND is taken for a slip: the record itself names at most hundreds of millions."""

_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?![.,]?\d)"
_HEAD = re.compile(
    rf"^(?:(?:lệ )?phí\s*:\s*)?(?P<number>{_NUMBER})"
    r"\s*(?P<currency>VNĐ|VND|việt nam đồng|đồng|USD|EUR|đô la mỹ)?"
    r"\s*(?:\((?P<note>.*)\)?)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_VND = re.compile(r"^(?:vnđ|vnd|việt nam đồng|đồng)$", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*\|\s*"
    r"|(?<=\))\s*;?\s*(?=lệ phí\s*:\s*\d)"
    rf"|(?<=\))\s*;\s*(?={_NUMBER}\s*(?:VNĐ|việt nam đồng|USD))"
    rf"|;\s*(?={_NUMBER}\s*(?:VNĐ|việt nam đồng)\s*(?:\(|$))",
    re.IGNORECASE,
)
_IN_VND = re.compile(rf"(?<![\d.,/])(?P<number>{_NUMBER})\s*(?:VNĐ|VND|đồng|đ)(?!\w)", re.IGNORECASE)
_IN_WORDS = re.compile(r"\d\s*(?:nghìn|ngàn|triệu|tỷ)\s*(?:đồng|VNĐ|đ\b)", re.IGNORECASE)
_IN_MILLIONS = re.compile(r"(?<![\d.,])(?P<whole>\d{1,3})(?:,(?P<part>\d{1,3}))?\s*triệu", re.IGNORECASE)
_FOREIGN = re.compile(r"USD|EUR\b|euro|đô la|đồng tiền của nước", re.IGNORECASE)
_COUNCIL = re.compile(r"hội đồng nhân dân|HĐND", re.IGNORECASE)
_FREE = re.compile(
    r"^(?:không(?: có| thu(?: (?:lệ )?phí)?| mất (?:lệ )?phí| phải nộp (?:lệ )?phí)?|miễn (?:lệ )?phí)"
    r"\s*(?:$|[.;]\s*(?:$|phí cấp bản sao)|\((?:thông tư|nghị định|luật|nghị quyết)[^()]*\)\s*[.;]?\s*$)",
    re.IGNORECASE,
)
_LEADING_AMOUNT = re.compile(
    rf"^[-+\s]*(?:(?:lệ )?phí\s*:\s*)?{_NUMBER}\s*(?:VNĐ|VND|đồng|đ)(?!\w)", re.IGNORECASE
)
_UNIT_NAME = r"[^\W\d_]+(?: [^\W\d_]+){0,3}"
_PER = re.compile(
    rf"(?:đồng|VNĐ|VND|đ)\s*/\s*(?:0?1\s+)?(?P<per>{_UNIT_NAME}(?:/{_UNIT_NAME})?)(?=\s*(?:[.,;()]|$))",
    re.IGNORECASE,
)
_MARKS = re.compile(r"^[\s\-–+*•]+")


@lru_cache(maxsize=1024)
def parse_fees(text: str) -> tuple[tuple[Fee, ...], tuple[str, ...]]:
    """The fees that one text of the portal states, and what is odd about it (in Vietnamese).

    Never raises and never computes: every amount stands in the text. An empty result means that the text is
    silent; the portal's default alone gives one fee with status `UNKNOWN`.
    """
    fees: list[Fee] = []
    odd: list[str] = []
    for part in _SPLIT.split(one_line(text)):
        if part := part.strip(" ;"):
            fee, remark = _parse_part(part)
            if fee not in fees:
                fees.append(fee)
            if remark and remark not in odd:
                odd.append(remark)
    return _without_defaults(fees), tuple(odd)


def _without_defaults(fees: list[Fee]) -> tuple[Fee, ...]:
    """The default says nothing beside a fee that says something."""
    telling = tuple(fee for fee in fees if fee.status is not FeeStatus.UNKNOWN or fee.text)
    return telling or tuple(fees)


def _parse_part(part: str) -> tuple[Fee, str | None]:
    head = _HEAD.match(part)
    if head is None:
        return _from_words(part), None
    note = _note(head["note"])
    value = _value(head["number"])
    currency = head["currency"] or ""
    if value == 0:
        return _zero(note)
    if currency and not _VND.match(currency):
        return _unknown(part), f"Lệ phí tính bằng ngoại tệ: “{part}”"
    return _amount(part, value, note, stated=bool(currency), grouped=not head["number"].isdigit())


def _from_words(text: str) -> Fee:
    if _COUNCIL.search(text):
        return Fee(status=FeeStatus.PROVINCIAL, text=text)
    return Fee(status=FeeStatus.FREE, text=text) if _FREE.match(text) else _unknown(text)


def _zero(note: str) -> tuple[Fee, str | None]:
    """A zero means nothing by itself: its note decides."""
    if not note:
        return _unknown(None), None
    if _COUNCIL.search(note):
        return Fee(status=FeeStatus.PROVINCIAL, text=note), None
    amounts = _amounts(note)
    if not amounts and not _IN_WORDS.search(note) and _FREE.match(_MARKS.sub("", note)):
        return Fee(status=FeeStatus.FREE, text=note), None
    if len(amounts) == 1 and _LEADING_AMOUNT.match(note) and _plausible(amounts[0]):
        return _fixed(amounts[0], note), f"Số tiền chỉ nằm trong ghi chú của mức 0 đồng: “{note}”"
    return _unknown(note), f"Mức 0 đồng nhưng ghi chú nêu số tiền: “{note}”" if amounts else None


def _amount(part: str, value: int, note: str, *, stated: bool, grouped: bool) -> tuple[Fee, str | None]:
    amounts = _amounts(note)
    if value in amounts and _plausible(value):
        return _fixed(value, note), None if stated and not grouped else f"Cách ghi số tiền lạ: “{part}”"
    if _COUNCIL.search(note):
        odd = f"Vừa ghi số tiền vừa ghi do HĐND quyết định: “{part}”"
        return Fee(status=FeeStatus.PROVINCIAL, text=part), odd
    if not _plausible(value):
        return _too_small(part, value, note, amounts)
    if not stated:
        return _unknown(part), f"Số tiền không ghi đơn vị: “{part}”"
    if any(_same_digits(value, other) for other in [*amounts, *_millions(note)]):
        return _unknown(part), f"Số tiền lệch hàng nghìn so với ghi chú: “{part}”"
    if value > LARGEST_PLAUSIBLE:
        return _unknown(part), f"Số tiền lớn bất thường: “{part}”"
    return _fixed(value, note), f"Cách ghi số tiền lạ: “{part}”" if grouped else None


def _too_small(part: str, value: int, note: str, amounts: list[int]) -> tuple[Fee, str]:
    """A tiny amount: dollars, or thousands whose full figure the note may name."""
    if _FOREIGN.search(note):
        return _unknown(part), f"Ngoại tệ ghi nhầm thành VNĐ: “{part}”"
    if amounts and set(amounts) == {value * 1000}:
        return _fixed(value * 1000, note), f"Số tiền ghi theo nghìn đồng, lấy theo ghi chú: “{part}”"
    return _unknown(part), f"Số tiền nhỏ bất thường, có thể là ngoại tệ hoặc nghìn đồng: “{part}”"


def _fixed(amount: int, note: str) -> Fee:
    found = _PER.search(note) if len(_amounts(note)) == 1 else None
    per = found["per"].strip() if found else None
    return Fee(status=FeeStatus.FIXED, amount=amount, text=note or None, per=per)


def _unknown(text: str | None) -> Fee:
    return Fee(status=FeeStatus.UNKNOWN, text=text or None)


def _note(raw: str | None) -> str:
    """What stands in the brackets, without brackets that enclose all of it and a second default before them."""
    note = (raw or "").strip()
    if raw is not None and note.endswith(")") and note.count(")") > note.count("("):
        note = note[:-1].strip()
    note = re.sub(r"^(?:(?:lệ )?phí\s*:\s*)?(?:0\s*)?đồng\s*\((?=.{20})", "(", note, flags=re.IGNORECASE)
    while note.startswith("(") and note.endswith(")") and _encloses(note):
        note = note[1:-1].strip()
    return note


def _encloses(text: str) -> bool:
    """Whether the first bracket closes only at the end."""
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def _amounts(note: str) -> list[int]:
    return [_value(match["number"]) for match in _IN_VND.finditer(note)]


def _millions(note: str) -> list[int]:
    """Amounts written in millions; only to check others against, never as a result."""
    return [
        int(match["whole"] + (match["part"] or "").ljust(6, "0")) for match in _IN_MILLIONS.finditer(note)
    ]


def _value(number: str) -> int:
    return int(re.sub(r"[.,]", "", number))


def _plausible(value: int) -> bool:
    return value >= SMALLEST_PLAUSIBLE


def _same_digits(value: int, other: int) -> bool:
    """Whether two amounts differ only in the zeros at their end."""
    return value != other and other > 0 and str(value).rstrip("0") == str(other).rstrip("0")
