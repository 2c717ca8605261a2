"""Takes greetings, pleas and thanks off a message before it is read: what is said around a question, not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.text import fold

_FILE = Path(__file__).parent / "data" / "courtesy.yaml"
_CLAUSE = re.compile(r"[^,.;:!?…\n]+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 5
"""Words of the longest phrase."""


def without_courtesy(text: str) -> str:
    """A message in NFC without the clauses of courtesy alone, and without it at both ends of the others.

    A message of nothing else stays as it is.
    """
    folded = fold(text).lower()
    if len(folded) != len(text):
        return text
    clauses = (list(_WORD.finditer(folded, *clause.span())) for clause in _CLAUSE.finditer(folded))
    kept = [words[matter.start : matter.stop] for words in clauses if words and (matter := _matter(words))]
    return " ".join(text[words[0].start() : words[-1].end()] for words in kept if words) or text


@dataclass(frozen=True, slots=True)
class _Unit:
    """Words of a clause, from `start` to before `stop`, that belong to courtesy; `mark` if they alone tell so."""

    start: int
    stop: int
    mark: bool


def _matter(words: Sequence[re.Match[str]]) -> slice:
    """Which words of a clause may name the matter."""
    units = list(_units([word[0] for word in words]))
    courteous = sum(unit.stop - unit.start for unit in units) == len(words)
    if courteous:
        return slice(0, 0 if any(unit.mark for unit in units) else len(words))
    return slice(_lead(units), _tail(units, len(words)))


def _lead(units: Sequence[_Unit]) -> int:
    """Where the matter begins: behind the last mark of the courtesy that a clause begins with."""
    start = reached = 0
    for unit in units:
        if unit.start != reached:
            break
        reached = unit.stop
        start = reached if unit.mark else start
    return start


def _tail(units: Sequence[_Unit], length: int) -> int:
    """Where the matter ends: before the first mark of the courtesy that a clause ends with."""
    end = reached = length
    for unit in reversed(units):
        if unit.stop != reached:
            break
        reached = unit.start
        end = reached if unit.mark else end
    return end


def _units(words: Sequence[str]) -> Iterator[_Unit]:
    """The phrases of courtesy, longest first, from left to right."""
    phrases, at = _phrases(), 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _names():
                break
            if phrase in phrases:
                yield _Unit(at, at + length, phrases[phrase])
                break
        else:
            length = 1
        at += length


@cache
def _phrases() -> dict[str, bool]:
    """Every phrase, and whether it is a mark."""
    return dict.fromkeys(_listed("around"), False) | dict.fromkeys(_listed("marks"), True)


@cache
def _names() -> frozenset[str]:
    """Names that would be cut: "Đồng Hới" ends as "hỏi" does."""
    return frozenset(_listed("names"))


def _listed(key: str) -> list[str]:
    loaded: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return [phrase.strip() for phrase in loaded[key].split(",")]
