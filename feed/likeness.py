"""How alike two reports are in their words. Pure: no model, the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Collection

from feed.redaction.view import fold

_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")
_COMMON = frozenset(
    """a ah anh ay ba bac bao bi biet bua cac cai can canh chau cho chu chua chung co con cua cung da dang day den di
    dia do doi du duoc em gi gium giup hay hon hoai hom i it ka kia kien la lai lam len luc ma me minh moi mot mo mua
    muon nam nay nen ngay nghi nguoi nha nhe nhieu nho nhu nhung nghi no noi o oi ong phan qua qui quy ra rang rat roi
    sao sang sau thang the thi thoi thon toi trong truoc tu tuan tui tung va van vao vay ve viec vo voi vua vu xa xem
    xin xom xong ban khu pho phuong hien gio luon nua khong ai anh""".split()  # noqa: SIM905
)
"""Words without diacritics that most reports hold, whatever they are about."""
FEWEST_SHARED = 2
_FEWEST_ALL = 3


def words_of(text: str) -> dict[str, str]:
    """The telling words of a text: without diacritics, each with how it was first written."""
    written: dict[str, str] = {}
    for match in _WORD.finditer(_PLACEHOLDER.sub(" ", text)):
        key = fold(match[0])
        if key not in _COMMON and (len(key) > 1 or key.isdecimal()):
            written.setdefault(key, match[0].lower())
    return written


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much of the shorter text's telling words the other holds, 0 to 1; 0 where too few words are shared."""
    shared = len(set(one) & set(other))
    shorter = min(len(one), len(other))
    if shared < FEWEST_SHARED or (shorter >= _FEWEST_ALL and shared < _FEWEST_ALL and shared * 3 < shorter * 2):
        return 0.0
    return shared / shorter
