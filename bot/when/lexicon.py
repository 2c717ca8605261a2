"""The words of dates and times: phrases by their first word, and words that tell from beside them what something is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.text import fold_word, matches, tokens

_DATA = Path(__file__).parent / "data"
Words = tuple[str, ...]
NOTHING = "_"
"""The sign of phrases that only look like dates and times."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for a sign of the grammar."""

    words: Words
    sign: str


def longest(words: Sequence[str], at: int) -> Phrase | None:
    """The longest phrase that begins at a word; of several words some may have wrong diacritics, as in "ngày mái".
    Of equally long ones the one typed exactly, or without diacritics."""
    fitting = [
        (len(phrase.words), fits is _stands, phrase.sign != NOTHING, phrase.words[0] == words[at], phrase)
        for phrase in _phrases().get(fold_word(words[at]), ())
        for fits in (_stands, _nearly)
        if fits(words[at : at + len(phrase.words)], phrase.words)
        if phrase.words[0] == words[at] or not _needs_marks(phrase.words)
    ]
    return max(fitting, key=lambda found: found[:4])[4] if fitting else None


def _needs_marks(phrase: Words) -> bool:
    return len(phrase) == 1 and phrase in contexts()["accented"].by_first.get(fold_word(phrase[0]), ())


def _stands(typed: Sequence[str], phrase: Words) -> bool:
    return len(typed) == len(phrase) and all(map(matches, typed, phrase))


def _nearly(typed: Sequence[str], phrase: Words) -> bool:
    if len(phrase) == 1 or len(typed) != len(phrase):
        return False
    exact = [matches(word, wanted) for word, wanted in zip(typed, phrase, strict=True)]
    return any(word == wanted for word, wanted in zip(typed, phrase, strict=True)) and all(
        fits or (word not in _vocabulary() and fold_word(word) == fold_word(wanted))
        for word, wanted, fits in zip(typed, phrase, exact, strict=True)
    )


def stands_before(words: Sequence[str], at: int, context: str) -> bool:
    """Whether a word or phrase of the context ends just before place `at`."""
    known = contexts()[context].by_last.get(fold_word(words[at - 1]), ()) if at else ()
    return any(_stands(words[max(0, at - len(phrase)) : at], phrase) for phrase in known)


def stands_at(words: Sequence[str], at: int, context: str) -> bool:
    """Whether a word or phrase of the context begins at place `at`."""
    known = contexts()[context].by_first.get(fold_word(words[at]), ()) if at < len(words) else ()
    return any(_stands(words[at : at + len(phrase)], phrase) for phrase in known)


@dataclass(frozen=True, slots=True)
class Context:
    """Words and phrases, by their first word and by their last, without diacritics."""

    by_first: Mapping[str, Collection[Words]]
    by_last: Mapping[str, Collection[Words]]


@cache
def contexts() -> Mapping[str, Context]:
    """The contexts by name."""
    loaded: Mapping[str, list[str]] = yaml.safe_load((_DATA / "contexts.yaml").read_text("utf-8"))
    return {name: _context([tuple(tokens(str(text))) for text in texts]) for name, texts in loaded.items()}


def _context(phrases: Sequence[Words]) -> Context:
    by_first: dict[str, set[Words]] = {}
    by_last: dict[str, set[Words]] = {}
    for phrase in phrases:
        by_first.setdefault(fold_word(phrase[0]), set()).add(phrase)
        by_last.setdefault(fold_word(phrase[-1]), set()).add(phrase)
    return Context(by_first, by_last)


def all_phrases() -> Collection[Words]:
    """Every phrase that the lexicon knows."""
    return frozenset(phrase.words for phrase in _load())


@cache
def _phrases() -> Mapping[str, Sequence[Phrase]]:
    """All phrases by their first word without diacritics."""
    table: dict[str, list[Phrase]] = {}
    for phrase in _load():
        table.setdefault(fold_word(phrase.words[0]), []).append(phrase)
    return table


@cache
def _load() -> Sequence[Phrase]:
    loaded: Mapping[str, list[str | list[str]]] = yaml.safe_load((_DATA / "lexicon.yaml").read_text("utf-8"))
    return [Phrase(tuple(tokens(text)), sign) for sign, texts in loaded.items() for text in _flat(texts)]


def _flat(texts: Sequence[str | list[str]]) -> Iterator[str]:
    for text in texts:
        if isinstance(text, str):
            yield text
        else:
            yield from text


@cache
def _vocabulary() -> frozenset[str]:
    """The words of dates and times; one of them is not taken for another with wrong diacritics."""
    return frozenset(word for phrase in _load() if phrase.sign != NOTHING for word in phrase.words) | {
        "một",
        "bốn",
        "lăm",
    }
