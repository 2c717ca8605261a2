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
_FEWEST_SHARED = 2
_FEWEST_OF_MANY = 3


def words_of(text: str) -> frozenset[str]:
    """The telling words of a text, without diacritics."""
    return frozenset(key for key, _ in _tokens(text) if _tells(key))


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much of the shorter text's telling words the other holds, 0 to 1; 0 where too few words are shared."""
    shared, shorter = len(set(one) & set(other)), min(len(one), len(other))
    few = shorter >= _FEWEST_OF_MANY and shared < _FEWEST_OF_MANY and shared * 3 < shorter * 2
    return 0.0 if shared < _FEWEST_SHARED or few else shared / shorter


def shared_phrases(own: str, other: str) -> tuple[str, ...]:
    """The runs of words in `own` that `other` holds, too, as `own` writes them; each tells something."""
    theirs, runs = {key for key, _ in _tokens(other)}, list[list[tuple[str, str]]]()
    apart = True
    for token in _tokens(own):
        if token[0] not in theirs:
            apart = True
            continue
        if apart:
            runs.append([])
        runs[-1].append(token)
        apart = False
    telling = [run for run in runs if any(_tells(key) for key, _ in run)]
    return tuple(dict.fromkeys(" ".join(written for _, written in run) for run in telling))


def _tokens(text: str) -> list[tuple[str, str]]:
    """The words, without diacritics and as written."""
    return [(fold(match[0]), match[0].lower()) for match in _WORD.finditer(_PLACEHOLDER.sub(" ", text))]


def _tells(key: str) -> bool:
    return key not in _COMMON and (len(key) > 1 or key.isdecimal())
