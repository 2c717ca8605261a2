"""What kind of message it is: greeting, thanks, booking, report, correction, reference to what was said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.query import Phrase, PhraseTable, Query, marks
from index.text import tokens

_FILE = Path(__file__).parent / "data" / "cues.yaml"


@dataclass(frozen=True, slots=True)
class Cues:
    """Names of the cues found, with the words that each covers."""

    covered: Mapping[str, tuple[bool, ...]]
    starts: Mapping[str, int]
    """Where the first match of a cue begins."""

    def __contains__(self, name: object) -> bool:
        return name in self.covered

    def count(self, name: str) -> int:
        """Number of words that a cue covers."""
        return sum(self.covered.get(name, ()))

    def left(self, size: int, names: Collection[str]) -> list[bool]:
        """For each of `size` words, whether none of the named cues covers it."""
        free = [True] * size
        for name in names:
            for place, mark in enumerate(self.covered.get(name, ())):
                free[place] = free[place] and not mark
        return free

    @property
    def ordinal(self) -> int | None:
        """"cái thứ hai" gives 1 (counting from 0), the last one gives -1."""
        for number in range(1, 7):
            if f"ordinal_{number}" in self:
                return number - 1
        return -1 if "ordinal_last" in self else None


def find_cues(query: Query, file: Path = _FILE) -> Cues:
    """All cues of a message; `file` holds them by name."""
    covered, starts = dict[str, tuple[bool, ...]](), dict[str, int]()
    for name, table in _tables(file).items():
        found = table.find(query)
        if found:
            covered[name] = tuple(marks(query, found))
            starts[name] = found[0][0]
    return Cues(covered, starts)


@cache
def _tables(file: Path) -> Mapping[str, PhraseTable]:
    loaded: Mapping[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {name: PhraseTable([_phrase(text) for text in phrases]) for name, phrases in loaded.items()}


def _phrase(text: str) -> Phrase:
    return tuple(tokens(str(text)))
