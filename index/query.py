"""A citizen's message made ready for search: abbreviations out, diacritics back, slips mended, filler off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from index.abbreviations import abbreviations
from index.courtesy import without_courtesy
from index.restore import Restorer
from index.text import fold_all, fold_word, is_accented, matches, tokens

_DATA = Path(__file__).parent / "data"
_ACCENTED_SHARE = 0.4
"""From this share of accented words on, a message counts as typed with diacritics."""

_MOST_WORDS = 160
"""Of a longer message the first words are read: nobody needs more to say what they want, and each costs time."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A message as words, each list of the same length and order."""

    text: str
    typed: tuple[str, ...]
    """Cleaned words with abbreviations written out."""
    words: tuple[str, ...]
    """The same with missing diacritics restored and slips mended."""
    content: tuple[str, ...]
    """The words that may name the matter: `words` without filler, all of them when they are nothing but filler."""
    content_typed: tuple[str, ...]
    """`typed` at the places of `content`."""
    accented: bool
    """Whether it was typed with diacritics."""

    @property
    def folded(self) -> list[str]:
        """`content_typed` without diacritics."""
        return fold_all(self.content_typed)

    @property
    def folded_all(self) -> list[str]:
        """All of `typed` without diacritics."""
        return fold_all(self.typed)

    def joined(self, other: Sequence[str]) -> Query:
        """The query with `other` words added to its content, such as the title of what was talked about."""
        added = [word for word in other if word not in self.content]
        return replace(
            self, content=(*self.content, *added), content_typed=(*self.content_typed, *added)
        )

    def keeping(self, keep: Sequence[bool]) -> Query:
        """The query with only those of its `words` as content that `keep` marks and that are no filler."""
        kept_words = [kept and not filler for kept, filler in zip(keep, _filler_marks(self), strict=True)]
        return replace(
            self,
            content=tuple(word for word, mark in zip(self.words, kept_words, strict=True) if mark),
            content_typed=tuple(word for word, mark in zip(self.typed, kept_words, strict=True) if mark),
        )


_SPEAKER = re.compile(
    r"^\s*(?:(?:turn|lượt|câu(?: hỏi)?|hỏi|q|user|người dùng)\s*(?:\d{1,2}\s*)?[:–-]"
    r"|\d{1,2}\s*(?:\)|\.(?=\s)))\s*",
    re.IGNORECASE,
)
"""Marks of pasted dialogues, such as "Câu 2:", "Q:" or "2)"."""


def analyse(text: str, restorer: Restorer) -> Query:
    """Prepare a message for search."""
    text = _SPEAKER.sub("", unicodedata.normalize("NFC", text), count=1)
    raw = [part for word in tokens(without_courtesy(text))[:_MOST_WORDS] for part in restorer.unglue(word)]
    typed = expand(raw)
    accented = _typed_accented(raw)
    words = restorer.mend(typed) if accented else restorer.restore(typed)
    query = Query(text, tuple(typed), tuple(words), tuple(words), tuple(typed), accented)
    trimmed = query.keeping([True] * len(words))
    return trimmed if trimmed.content else query


def bare_words(text: str) -> tuple[str, ...]:
    """The words of an accented name as search compares them: abbreviations written out, filler off."""
    words = tuple(expand(tokens(text)))
    query = Query(text, words, words, words, words, True)
    return query.keeping([True] * len(words)).content or words


def _typed_accented(raw: Sequence[str]) -> bool:
    """Whether a message was typed with diacritics. Abbreviations do not tell: they have none on any keyboard."""
    table = abbreviations()
    telling = [word for word in raw if not word.isdigit() and (word not in table or is_accented(word))]
    return bool(telling) and sum(map(is_accented, telling)) >= _ACCENTED_SHARE * len(telling)


def expand(words: Iterable[str]) -> list[str]:
    """`words` with abbreviations and chat spellings written out."""
    table = abbreviations()
    return [part for word in words for part in table.get(word, (word,))]


def load_phrases(path: Path) -> tuple[Phrase, ...]:
    """Phrases of a text file, one a line, `#` for comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(tokens(line)) for line in lines if line.strip() and not line.startswith("#"))


@cache
def _protected() -> frozenset[Phrase]:
    """Names of things that hold words of asking or of courtesy: "sao y", "thế chấp". They are never taken apart."""
    return frozenset(load_phrases(_DATA / "protected.txt"))


class PhraseTable:
    """Finds known phrases in a query, longest first.

    Phrases of three words and more are sought in the words as typed, where a word without diacritics matches too;
    shorter ones only in the restored words, since "thi" may be thì, thi or thị, and "dat cho" đặt chỗ or đất cho.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_start: dict[Phrase, list[Phrase]] = {}
        """Phrases by their first two words (one, if that is all), folded; the longest first."""
        self._protected = _protected().difference(phrases)
        for phrase in sorted({*phrases, *self._protected}, key=len, reverse=True):
            self._by_start.setdefault(tuple(map(fold_word, phrase[:2])), []).append(phrase)
        self._firsts = {start[0] for start in self._by_start if start}

    def find(self, query: Query) -> list[tuple[int, Phrase]]:
        """(start, phrase) of each match, left to right, not overlapping."""
        found, at = list[tuple[int, Phrase]](), 0
        typed, read = tuple(map(fold_word, query.typed)), tuple(map(fold_word, query.words))
        mended = typed != read
        while at < len(typed):
            phrase: Phrase = ()
            if typed[at] in self._firsts:
                phrase = self._at(query, at, typed[at : at + 2])
            if mended and not phrase and read[at] in self._firsts:
                phrase = self._at(query, at, read[at : at + 2])
            if phrase and phrase not in self._protected:
                found.append((at, phrase))
            at += len(phrase) or 1
        return found

    def _at(self, query: Query, at: int, start: Phrase) -> Phrase:
        longer, single = self._by_start.get(start, []), self._by_start.get(start[:1], [])
        for phrase in (*longer, *single):
            if query.words[at : at + len(phrase)] == phrase:
                return phrase
            window = query.typed[at : at + len(phrase)]
            if len(phrase) > 2 and len(window) == len(phrase) and all(map(matches, window, phrase)):
                return phrase
        return ()


@cache
def _filler() -> PhraseTable:
    return PhraseTable(load_phrases(_DATA / "filler.txt"))


def _filler_marks(query: Query) -> list[bool]:
    """For each word, whether it belongs to a filler phrase."""
    return marks(query, _filler().find(query))


def marks(query: Query, found: Sequence[tuple[int, Phrase]]) -> list[bool]:
    """For each word of the query, whether a found phrase covers it."""
    covered = [False] * len(query.words)
    for start, phrase in found:
        covered[start : start + len(phrase)] = [True] * len(phrase)
    return covered
