"""Finds names of offices in a text and tells whether a record names the same one.

A name begins with a word for a kind of office ("Sở", "Công an", "Ủy ban nhân dân") and goes on to a punctuation
mark, a word that no name holds ("nơi", "để"), or its sixth word. Only its first words are written in
capitals, so its end cannot be told better: what follows a name that a record knows may therefore be the sentence
going on, as long as it is no name of a place or level ("Công an" is not "Công an tỉnh").
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

_SPELT_OUT = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "bhxh": "bảo hiểm xã hội",
    "ttpvhcc": "trung tâm phục vụ hành chính công",
}
_ANY_CASE = (
    *_SPELT_OUT, *_SPELT_OUT.values(),
    "ủy ban", "công an", "tòa án", "toà án", "viện kiểm sát", "chi cục",
    "tổng cục", "kho bạc", "hải quan", "thanh tra", "trung tâm", "văn phòng", "đại sứ quán", "lãnh sự quán",
    "cơ quan đại diện", "ban chỉ huy", "bộ chỉ huy", "ban quản lý", "ban chỉ đạo", "tỉnh ủy", "thành ủy",
    "đảng ủy", "mặt trận tổ quốc", "hội liên hiệp", "đoàn thanh niên", "ngân hàng", "trạm y tế", "bệnh viện",
    "cơ quan thuế", "cơ quan đăng ký", "bộ đội biên phòng", "đồn biên phòng", "sở giao dịch",
)  # fmt: skip
_CAPITAL = ("Bộ", "Sở", "Phòng", "Cục", "Vụ", "Viện", "Ban", "Đội", "Đồn", "Tổ", "Thuế")
"""One syllable that is a common word in small letters ("bộ hồ sơ", "trụ sở"): counts before a capital only."""
_HEAD = re.compile(rf"(?:{'|'.join(sorted(_ANY_CASE, key=len, reverse=True))})(?!\w)")
_CAPITAL_HEAD = re.compile(rf"(?:{'|'.join(_CAPITAL)})(?!\w)")
_WORD = re.compile(r" +(\w+)")
_MOST_WORDS = 6
_TEXTS_REMEMBERED = 2048
_NO_NAME = frozenset({
    "nơi", "để", "thì", "sẽ", "có", "không", "được", "tại", "ở", "theo", "trong", "khi", "nếu", "hoặc", "hay", "là",
    "cho", "từ", "đến", "với", "bằng", "do", "đã", "phải", "này", "đó", "các", "những", "mà", "nhận", "nộp", "gửi",
    "xem", "trước", "sau", "ra", "vào", "trên", "dưới", "đang", "cũng", "chỉ", "tự", "rồi", "nên", "thuộc", "như",
})  # fmt: skip
_PLACES = frozenset({
    "xã", "phường", "tỉnh", "huyện", "quận", "thành", "thị", "cấp", "trung", "đặc", "khu", "vực"
})  # fmt: skip
Known = dict[str, set[tuple[str, ...]]]
"""The offices of records by head: what follows it, in small letters."""


class Name(NamedTuple):
    """An office as a text names it."""

    head: str
    words: tuple[str, ...]
    """What follows the head, as written."""
    text: str


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def offices(text: str) -> tuple[Name, ...]:
    """Every office that a tidied text names."""
    low = text.lower()
    capitals = (match for match in _CAPITAL_HEAD.finditer(text) if text[match.end() + 1 : match.end() + 2].isupper())
    heads = [*_HEAD.finditer(low if len(low) == len(text) else text), *capitals]
    return tuple(_name(text, match) for match in heads if not text[match.start() - 1 : match.start()].isalnum())


def _name(text: str, match: re.Match[str]) -> Name:
    head = match[0].lower()
    words: list[str] = []
    place = match.end()
    while len(words) < _MOST_WORDS and (word := _WORD.match(text, place)) and word[1].lower() not in _NO_NAME:
        words.append(word[1])
        place = word.end()
    return Name(_SPELT_OUT.get(head, head.replace("toà", "tòa")), tuple(words), text[match.start() : place])


def known(names: Collection[Name]) -> Known:
    """The offices of records, ready to be asked for."""
    found: Known = {}
    for name in names:
        found.setdefault(name.head, set()).add(tuple(word.lower() for word in name.words))
    return found


def named(name: Name, offices_known: Known) -> bool:
    """Whether a record names this office, or names it more fully."""
    low = tuple(word.lower() for word in name.words)
    return any(_same(name.words, low, other) for other in offices_known.get(name.head, ()))


def verbatim(name: Name, text: str) -> bool:
    """Whether the name stands in a tidied text as it is written."""
    place = text.find(name.text)
    return place >= 0 and not text[place + len(name.text) : place + len(name.text) + 1].isalnum()


def _same(words: tuple[str, ...], low: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if low[: len(other)] != other:
        return other[: len(low)] == low
    following = words[len(other) :]
    return not following or not (following[0][0].isupper() or following[0] in _PLACES)
