"""Finds known phrases in a row of words, the longest first."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meaning]):
    """A phrase found: where it starts, how many words it has, and all it can mean."""

    start: int
    length: int
    meanings: frozenset[Meaning]


class Phrases(Generic[Meaning]):
    """Phrases with what they mean; one phrase may mean several things."""

    def __init__(self, phrases: Mapping[tuple[str, ...], frozenset[Meaning]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], frozenset[Meaning]]]] = {}
        for phrase in sorted(filter(None, phrases), key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append((phrase, phrases[phrase]))

    def find(self, words: Sequence[str]) -> list[Hit[Meaning]]:
        """All phrases in `words`, left to right, not overlapping."""
        found, at = list[Hit[Meaning]](), 0
        while at < len(words):
            hit = self._at(words, at)
            if hit:
                found.append(hit)
            at += hit.length if hit else 1
        return found

    def _at(self, words: Sequence[str], at: int) -> Hit[Meaning] | None:
        for phrase, meanings in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return Hit(at, len(phrase), meanings)
        return None
