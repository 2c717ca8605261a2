"""Finds the centre that a message names: by today's commune, by a commune of old, by the province; slips included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from index.places import DISTRICTS
from index.text import fold_all, matches, tokens
from knowledge.database import KnowledgeBase
from knowledge.models import Office

_KIND = re.compile(r"^(?:xã|phường|thị trấn(?: nt)?|đặc khu)\s+", re.IGNORECASE)
_KINDS = ("xã", "phường", "trấn", "khu", "p", "x", "tt")
_AT = (
    "ở", "tại", "về", "quê", "bên", "trung", "tâm", "huyện", "thành", "phố", "tp", "vô", "ra", "xuống", "lên", "nhà",
    "ubnd",
)  # fmt: skip
"""What stands before the name of a place."""
_PROVINCE = (
    ("trung", "tâm", "tỉnh"), ("trung", "tâm", "của", "tỉnh"), ("hành", "chính", "công", "tỉnh"), ("tttt", "tỉnh"),
    ("ở", "tỉnh"), ("tại", "tỉnh"), ("trên", "tỉnh"), ("cấp", "tỉnh"), ("lên", "tỉnh"), ("tỉnh", "quảng", "trị"),
)  # fmt: skip
_PROVINCE_NAME = ("quảng", "trị")
"""The province, and a ward of it."""
_DISTRICTS = frozenset(" ".join(tokens(name)) for name in DISTRICTS)
_ALIKE = 84
"""How alike, of 100, a misspelt name has to be. "trieu phog" and "triệu phong" are 95, "hai lam" and "hải lăng" 80."""
_ALIKE_ACCENTED = 75
"""The same with diacritics, of which one may be wrong: "hải lăg" and "hải lăng" are 93, "à đổi" and "a dơi" 40."""
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The centres that a message may mean, and the message without their names."""

    offices: tuple[Office, ...]
    rest: str

    @property
    def one(self) -> Office | None:
        """The centre, where only one can be meant."""
        return self.offices[0] if len(self.offices) == 1 else None


class OfficeFinder:
    """Finds centres by name. Today's names come before those of old, unless "cũ" says which is meant."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self._offices = {office.id: office for office in offices}
        self._today: dict[Words, list[str]] = {}
        self._former: dict[Words, list[str]] = {}
        for office in self._offices.values():
            self._add(self._today, office.commune or "", office)
            for name in office.former_names:
                self._add(self._former, name, office)
        names = {*self._today, *self._former}
        self._names = sorted(names, key=len, reverse=True)
        self._longer = [name for name in self._names if len(name) > 1]
        self._province = [office.id for office in self._offices.values() if office.level == "province"]

    def find(self, text: str, *, expected: bool) -> Named:
        """The centres named. `expected`: a centre was asked for, so a bare name counts, and the whole may be a slip."""
        words = tokens(text)
        ways = (self._spelt(words, expected), self._province_named(words), self._slips(words, expected))
        for start, end, ids in (found for way in ways for found in way):
            rest = [*words[: _from(words, start)], *words[end:]]
            return Named(tuple(self._offices[ident] for ident in ids), " ".join(rest))
        return Named((), " ".join(words))

    def _add(self, table: dict[Words, list[str]], name: str, office: Office) -> None:
        bare = tuple(tokens(_KIND.sub("", name)))
        if bare and office.id not in table.setdefault(bare, []):
            table[bare].append(office.id)

    def _spelt(self, words: Sequence[str], expected: bool) -> Iterator[tuple[int, int, list[str]]]:
        """Names with or without diacritics; in longer messages only where it is clear that a place is meant."""
        for name in self._names:
            for start in range(len(words) - len(name) + 1):
                window = words[start : start + len(name)]
                if all(map(matches, window, name)) and _is_place(words, start, name, expected):
                    end = start + len(name)
                    old = words[end : end + 1] in (["cũ"], ["cu"])
                    commune = bool(start) and _before(words, start, _KINDS)
                    yield start, end + old, self._ids(name, old=old, commune=commune)

    def _ids(self, name: Words, *, old: bool, commune: bool) -> list[str]:
        today, former = self._today.get(name, []), self._former.get(name, [])
        ids = (former or today) if old else (today or former)
        return [*self._province, *ids] if name == _PROVINCE_NAME and not commune else ids

    def _province_named(self, words: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
        for name in _PROVINCE:
            for start in range(len(words) - len(name) + 1):
                if all(map(matches, words[start : start + len(name)], name)):
                    yield start, start + len(name), self._province
        if list(fold_all(words)) in (["tinh"], ["trung", "tam", "tinh"], ["tinh", "nha"]):
            yield 0, len(words), self._province

    def _slips(self, words: Sequence[str], expected: bool) -> Iterator[tuple[int, int, list[str]]]:
        """The most alike name, of those that stand after a word for a place or are all that was said."""
        found = []
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                if not (expected and len(words) <= 6) and not (start and _before(words, start, (*_KINDS, "ở", "tại"))):
                    continue
                window = words[start : start + size]
                found += [(_alike(window, name), start, start + size, name) for name in self._longer]
        if found and max(found)[0] >= _ALIKE:
            _, start, end, name = max(found)
            yield start, end, self._ids(name, old=False, commune=True)




class OfficeFinders:
    """The finder of the knowledge in force, made once for each build."""

    def __init__(self) -> None:
        self._made: tuple[KnowledgeBase, OfficeFinder] | None = None

    def of(self, knowledge: KnowledgeBase) -> OfficeFinder:
        """The finder of this build's centres."""
        made = self._made
        if made is None or made[0] is not knowledge:
            self._made = made = (knowledge, OfficeFinder(knowledge.offices.values()))
        return made[1]


def _alike(window: Sequence[str], name: Words) -> float:
    """How alike a misspelt name is, 0 to 100. An old district that no commune is called after is not misspelt."""
    typed, meant = " ".join(window), " ".join(name)
    if not typed.isascii() and (typed in _DISTRICTS or fuzz.ratio(typed, meant) < _ALIKE_ACCENTED):
        return 0.0
    return fuzz.ratio(" ".join(fold_all(window)), " ".join(fold_all(name)))


def _is_place(words: Sequence[str], start: int, name: Words, expected: bool) -> bool:
    if start and _before(words, start, _KINDS):
        return True
    if len(name) == 1:
        return expected and not name[0].isdecimal() and len(words) <= 3
    accented = any(not word.isascii() for word in words[start : start + len(name)])
    return expected or accented or (start > 0 and _before(words, start, _AT))


def _before(words: Sequence[str], start: int, names: Iterable[str]) -> bool:
    return any(matches(words[start - 1], name) for name in names)


def _from(words: Sequence[str], start: int) -> int:
    """Where the words begin that only lead to the name: "ở xã"."""
    while start and _before(words, start, (*_KINDS, "ở", "tại", "trung", "tâm", "ubnd", "thị", "đặc", "huyện")):
        start -= 1
    return start
