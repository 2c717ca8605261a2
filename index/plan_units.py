"""Names of the units that plans give tasks to, as questions say them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.plan_phrases import Hit, Phrases
from index.plan_words import lists, plain_words
from knowledge.models import Statement

_LINKS = frozenset({"va", "cua"})
_ALL = "cac"
"""Stands before "các Tổ công nghệ số cộng đồng", and in "Tổ công nghệ số cộng đồng các thôn, xóm"."""
_LEVELS = (("tinh", "uy"), ("tinh",), ("xa",))
_REST = re.compile(r"\s+(?:-|–|và|về|thuộc|Việt Nam|các)\s+")
"""What follows the beginning of a name that people leave at that."""
_SHORTEST, _SHORTEST_BEGINNING = 2, 3
"""A name without its level, or the beginning of one, is sought only if that many words are left."""


class PlanUnits:
    """Finds units in words without diacritics (see `canonical`). A unit is told by its key: its name in that form."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        units = {unit for statement in statements for unit in (*statement.lead, *statement.coordinating)}
        phrases = defaultdict[tuple[str, ...], set[str]](set)
        for unit in units:
            for name in _names(unit):
                phrases[name].add(unit_key(unit))
        for beginning, keys in _beginnings(units).items():
            if len(keys) == 1 and beginning not in phrases:
                phrases[beginning] = keys
        self._phrases = Phrases({words: frozenset(keys) for words, keys in phrases.items()})

    def find(self, words: Sequence[str]) -> list[Hit[str]]:
        """All units named, left to right, with the place and length that the name has in `words`."""
        kept = [place for place, word in enumerate(words) if word not in _LINKS]
        hits = self._phrases.find([words[place] for place in kept])
        return [_placed(hit, kept) for hit in hits]


@lru_cache(maxsize=4096)
def unit_key(unit: str) -> str:
    """What stands for a unit, however its name is written."""
    words = _words(unit)
    return " ".join(words[1:] if words[0] == _ALL else words)


def _words(unit: str) -> list[str]:
    return [word for word in plain_words(unit) if word not in _LINKS]


def _names(unit: str) -> Iterator[tuple[str, ...]]:
    words = tuple(_words(unit))
    yield words
    yield from lists("units", " ".join(words))
    if words[0] == _ALL:
        words = words[1:]
    if _ALL in words[_SHORTEST:]:
        words = words[: words.index(_ALL, _SHORTEST)]
    yield words
    yield _without_level(words)


def _beginnings(units: Iterable[str]) -> dict[tuple[str, ...], set[str]]:
    """The beginnings of names: "Ban Tuyên giáo" of "Ban Tuyên giáo và Dân vận Tỉnh ủy"."""
    found = defaultdict[tuple[str, ...], set[str]](set)
    for unit in units:
        words = _without_level(tuple(_words(_REST.split(unit)[0])))
        if len(words) >= _SHORTEST_BEGINNING:
            found[words].add(unit_key(unit))
    return found


def _without_level(words: tuple[str, ...]) -> tuple[str, ...]:
    """The name without the level at its end, where enough of it is left."""
    for level in _LEVELS:
        if words[-len(level) :] == level and len(words) - len(level) >= _SHORTEST:
            return words[: -len(level)]
    return words


def _placed(hit: Hit[str], kept: Sequence[int]) -> Hit[str]:
    start, last = kept[hit.start], kept[hit.start + hit.length - 1]
    return Hit(start, last - start + 1, hit.meanings)
