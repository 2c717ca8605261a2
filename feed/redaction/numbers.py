"""Finds personal numbers (identity, phone, tax, insurance, bank account) by shape and the words before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vn_ident import is_valid_mst

from feed.redaction.kinds import Kind, Span
from feed.redaction.view import View

_RUN = re.compile(r"\d+(?:[ .,()–-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_CONTEXT = 45
_MOST_DIGITS = 19
_MOST_GROUPS = 10
_FEWEST_DIGITS = 6

_MONEY, _FILE = "money", "file"
_HINTS = re.compile(
    r"""(?<![a-z])(?:
    (?P<phone>sdt|sd|dt|dtdd|dien[ ]thoai|zalo|goi|lh|lien[ ]he|lien[ ]lac|di[ ]dong|phone|tel|so[ ]may|viber)
  | (?P<cccd>cccd|can[ ]cuoc|cmnd|cmt|cmtnd|chung[ ]minh|dinh[ ]danh|giay[ ]to[ ]tuy[ ]than|cc[ ]so)
  | (?P<tax>mst|ma[ ]so[ ]thue|ma[ ]thue)
  | (?P<insurance>bhxh|bhyt|bao[ ]hiem)
  | (?P<bank>stk|so[ ]tk|tk|tai[ ]khoan|ngan[ ]hang|chuyen[ ]khoan|the[ ]atm|so[ ]the|vietcombank|vcb|agribank
        |bidv|vietinbank|techcombank|tcb|mbbank|mb|acb|sacombank|vpbank|tpbank|hdbank|lpbank|shb|vib|momo)
  | (?P<money>phi|gia|tien|luong|von|thu[ ]nhap|tro[ ]cap|muc|phat|chi[ ]phi|doanh[ ]thu|vay)
  | (?P<file>ma[ ]ho[ ]so|bien[ ]nhan|ma[ ]thu[ ]tuc|thua|to[ ]ban[ ]do|seri|serial|so[ ]hieu|quyet[ ]dinh
        |giay[ ]chung[ ]nhan|van[ ]ban|cong[ ]van|nghi[ ]dinh|thong[ ]tu)
    )(?![a-z])""",
    re.VERBOSE,
)
_CLAUSE_END = re.compile(r"[.;!?\n](?=\s|$)|\n")
_ATTACHED = re.compile(r"[a-z][-./_]?$")
_MOBILE = re.compile(r"0[35789]\d{8}|0(?:12|16|18|19)\d{8}|02\d{8,9}|840?[35789]\d{8}|842\d{8,9}")
_LETTER_O = re.compile(r"(?<![\w])[o0][ .]?[35789](?:[ ._*-]?[\dol]){8}(?![\da-z])")
_MARKED_PHONE = re.compile(r"(?<![\w/])0[35789]\d{1,2}([_/*|])\d{3}\1\d{3,4}(?![\w/])")
_DIGIT_WORD = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi"
_SPOKEN = re.compile(rf"(?<![a-z])khong(?:[ ,.-]{{1,2}}(?:{_DIGIT_WORD})){{7,10}}(?![a-z])")
_LETTER_O_ID = re.compile(r"(?<!\w)o(?:[ .]?\d){11}(?!\d)")
_BANKS = (
    "vietcombank|vcb|agribank|agri|bidv|vietinbank|techcombank|tcb|mbbank|mb|acb|sacombank|vpbank|tpbank|hdbank|lpbank|shb|vib"
    "|momo|ngan hang|nh"
)
_BANK_AFTER = re.compile(rf"[ ]?[,(-]?[ ]?(?:{_BANKS})(?![a-z])")
_GROUPS = (
    "dn|hx|ch|nn|tk|hc|xk|ht|tb|no|ct|xb|tn|cs|qn|ca|cy|xn|ms|cc|ck|cb|kc|hd|te|bt|hn|dt|dk|xd|ts|tc|tq|ta|ty|hg|ls|pv|cn|hs"
    "|sv|gb|gd"
)
"""Beginnings of health insurance cards (Quyết định 1351/QĐ-BHXH)."""
_CARD = re.compile(
    r"(?<![A-Za-z\d])(?:[A-Z]{2}[ -]?\d(?:[ .-]?\d){12}|[a-z]{2}\d{13}"
    rf"|(?:{_GROUPS})[ -]?\d(?:[ .-]?\d){{12}})(?!\d)"
)

_ODD = (
    (_LETTER_O_ID, Kind.CCCD),
    (_LETTER_O, Kind.PHONE),
    (_MARKED_PHONE, Kind.PHONE),
    (_SPOKEN, Kind.PHONE),
)
"""Numbers that letters or words stand in."""

_EXPECTED: dict[str, tuple[int, ...]] = {
    "cccd": (9, 12),
    "tax": (10, 13),
    "insurance": (10, 13),
    "bank": tuple(range(8, _MOST_DIGITS + 1)),
}
_LOOSE: dict[str, range] = {
    "phone": range(8, 13),
    "cccd": range(8, 14),
    "tax": range(9, 15),
    "insurance": range(8, 16),
    "bank": range(6, _MOST_DIGITS + 1),
}


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring groups of digits, read as one number."""

    digits: str
    groups: tuple[str, ...]
    attached: bool

    @property
    def whole(self) -> bool:
        return len(self.groups) == 1

    @property
    def plausible(self) -> bool:
        """Whether a person would group one number like this, rather than write several numbers."""
        return self.whole or (
            not self.attached
            and sum(len(group) == 1 for group in self.groups[1:]) <= (self.digits[0] == "0")
            and len(self.groups) <= 6
        )

    @property
    def amount(self) -> bool:
        """Whether it is written like money: 1.500.000."""
        thousands = not self.whole and all(len(group) == 3 for group in self.groups[1:])
        return self.digits[0] != "0" and self.digits.endswith("000") and (thousands or self.whole)


def find_insurance_cards(view: View) -> list[Span]:
    """Health insurance cards: two letters and thirteen digits."""
    return [
        Span(match.start(), match.end(), Kind.INSURANCE)
        for match in _CARD.finditer(view.text)
        if view.folded[match.start()].isalpha() and "\x01" not in view.folded[match.start() : match.end()]
    ]


def find_numbers(view: View) -> list[Span]:
    """All other numbers, and phones that begin with the letter o."""
    spans: list[Span] = []
    for pattern, kind in _ODD:
        odd = [Span(m.start(), m.end(), kind) for m in pattern.finditer(view.folded)]
        view.settle(odd)
        spans += odd
    for run in _RUN.finditer(view.folded):
        spans += _in_run(view, run.start(), run.end())
    return sorted(spans, key=lambda span: span.start)


def _in_run(view: View, start: int, end: int) -> Iterator[Span]:
    if end - start < _FEWEST_DIGITS:
        return
    groups = [match.span() for match in _GROUP.finditer(view.folded, start, end)]
    before = view.folded[max(0, start - _CONTEXT) : start]
    hint = _hint(before)
    if hint not in ("phone", "cccd") and _BANK_AFTER.match(view.folded, end):
        hint = "bank"
    attached = _ATTACHED.search(before) is not None and hint is None
    position = 0
    while position < len(groups):
        alone = groups[position][1] - groups[position][0] == 1
        if alone and hint is None and view.folded[groups[position][0]] != "0":
            position += 1  # an enumeration, not the start of a number
            continue
        taken = _best(view, groups[position : position + _MOST_GROUPS], hint, attached)
        if taken is None:
            position += 1
            continue
        kind, count = taken
        first, last = groups[position][0], groups[position + count - 1][1]
        yield Span(_with_prefix(view, first), last, kind)
        position += count
        hint, attached = None, False


def _best(view: View, groups: list[tuple[int, int]], hint: str | None, attached: bool) -> tuple[Kind, int] | None:
    windows = _windows(view, groups, attached)
    for rule in (_expected, _by_shape, _loose):
        for count, window in windows:
            kind = rule(window, hint)
            if kind is not None:
                return kind, count
    return None


def _windows(view: View, groups: list[tuple[int, int]], attached: bool) -> list[tuple[int, _Window]]:
    """The readings that start at the first group, longest first."""
    texts: list[str] = []
    windows: list[tuple[int, _Window]] = []
    for start, end in groups:
        if texts and sum(map(len, texts)) + end - start > _MOST_DIGITS:
            break
        texts.append(view.folded[start:end])
        windows.append((len(texts), _Window("".join(texts), tuple(texts), attached)))
    return windows[::-1]


def _expected(window: _Window, hint: str | None) -> Kind | None:
    """The length that the words before it call for."""
    if hint not in _EXPECTED or not window.plausible:
        return None
    if len(window.digits) not in _EXPECTED[hint] or (hint == "bank" and window.amount):
        return None
    return Kind.CMND if hint == "cccd" and len(window.digits) == 9 else Kind(hint)


def _by_shape(window: _Window, hint: str | None) -> Kind | None:
    """What the digits themselves say."""
    digits = window.digits
    if not window.plausible or (hint in (_MONEY, _FILE) and digits[0] != "0") or window.amount:
        return None
    if _MOBILE.fullmatch(digits):
        return Kind.PHONE
    if len(digits) in (9, 12):
        return Kind.CMND if len(digits) == 9 else Kind.CCCD
    if len(digits) in (10, 13) and is_valid_mst(digits) and len(window.groups) <= 2:
        return Kind.TAX
    if len(digits) >= 16 and all(len(group) >= 4 for group in window.groups):
        return Kind.BANK
    return Kind.NUMBER if window.whole and len(digits) >= 10 else None


def _loose(window: _Window, hint: str | None) -> Kind | None:
    """A misspelt number after words that announce one."""
    if hint not in _LOOSE or len(window.digits) not in _LOOSE[hint] or window.amount:
        return None
    return Kind(hint)


def _hint(before: str) -> str | None:
    clause = _CLAUSE_END.split(before)[-1]
    last = None
    for match in _HINTS.finditer(clause):
        last = match.lastgroup
    return last


def _with_prefix(view: View, start: int) -> int:
    """Includes the plus of +84 and an opening bracket."""
    while start and view.folded[start - 1] in "+(":
        start -= 1
    return start
