"""The words of plan documents and of questions about them, one wording for one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from index.query import expand
from index.text import fold_all, tokens

_FILE = Path(__file__).parent / "data" / "plan_words.yaml"

_Words = tuple[str, ...]
_Table = Mapping[str, Sequence[tuple[_Words, _Words]]]
"""By first word: (variant without diacritics, what it stands for), the longest variant first."""


def canonical(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Expanded words in one wording, and for each the place of the word in `words` that it comes from."""
    folded, table = fold_all(words), _table()
    found, places = list[str](), list[int]()
    at = 0
    while at < len(folded):
        length, meaning = _match(table, folded, at) or (1, (words[at],))
        found += meaning
        places += [at] * len(meaning)
        at += length
    return found, places


def text_words(text: str) -> list[str]:
    """All words of a text in one wording, with their diacritics."""
    return canonical(expand(tokens(text)))[0]


def plain_words(text: str) -> list[str]:
    """The same without diacritics."""
    return fold_all(text_words(text))


def lists(name: str, key: str | None = None) -> list[tuple[str, ...]]:
    """The phrases of a list of the data file, or of the list under a key of it; empty where there is none."""
    entry = _loaded()[name]
    phrases = entry if isinstance(entry, list) else entry.get(key or "", [])
    return [tuple(phrase.split()) for phrase in phrases]


def _match(table: _Table, folded: Sequence[str], at: int) -> tuple[int, _Words] | None:
    for variant, meaning in table.get(folded[at], ()):
        if tuple(folded[at : at + len(variant)]) == variant:
            return len(variant), meaning
    return None


@cache
def _loaded() -> Mapping[str, Mapping[str, list[str]] | list[str]]:
    loaded: Mapping[str, Mapping[str, list[str]] | list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def _table() -> _Table:
    same = _loaded()["same"]
    assert isinstance(same, dict)
    pairs = [
        (tuple(fold_all(tokens(variant))), tuple(tokens(meaning)))
        for meaning, variants in same.items()
        for variant in (meaning, *variants)
    ]
    table: dict[str, list[tuple[_Words, _Words]]] = {}
    for variant, meaning in sorted(pairs, key=lambda pair: -len(pair[0])):
        table.setdefault(variant[0], []).append((variant, meaning))
    return table
