"""Lexical search: every text scored at once by shared words, word pairs and character trigrams, and by BM25."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.postings import Postings, Scores, trigrams
from index.synonyms import canonical
from index.text import bigrams, fold_all
from index.unit_table import WordedUnit
from index.units import Unit, UnitKind, searched

_COMMON_SHARE = 0.12
"""A trigram in more of the texts than this tells nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's terms and the sums of their weights."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    weight: float
    pair_weight: float
    accented_weight: float


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Scores of all units (arrays of length units) and all targets (arrays of length targets)."""

    shared: Scores
    """Summed weight of the question's words that a unit holds, diacritics aside."""
    pairs: Scores
    accented: Scores
    bm25_words: Scores
    bm25_folded: Scores
    trigram: Scores
    """Share of the weight of trigrams that question and unit have in common (Dice)."""
    body: Scores
    """By target: BM25 of the record's longer texts."""
    whole: Scores
    """By target: weight of the question's words that stand anywhere in what is known of the target."""


class LexicalIndex:
    """The texts of one artefact as postings. `targets` are numbered in order of their first unit."""

    def __init__(self, worded: Sequence[WordedUnit]) -> None:
        names: dict[str, int] = {}
        owners = [names.setdefault(item.unit.target, len(names)) for item in worded]
        self.targets: tuple[str, ...] = tuple(names)
        self.target_number = names
        self.units: tuple[int, ...] = tuple(searched([item.unit for item in worded]))
        """Ids of the units that are searched; scores have their order."""
        self.texts: tuple[Unit, ...] = tuple(worded[n].unit for n in self.units)
        self.owner: NDArray[np.int32] = np.array([owners[n] for n in self.units], dtype=np.int32)
        words = self.words = [canonical(worded[n].words) for n in self.units]
        self.folded_words = [tuple(fold_all(text)) for text in words]
        self.folded = Postings(self.folded_words)
        self.accented = Postings(words)
        self.pairs = Postings(map(bigrams, self.folded_words), self._pair_weight)
        self._accented_pairs = Postings(map(bigrams, words))
        self.trigrams = Postings(map(trigrams, self.folded_words))
        bodies: list[tuple[str, ...]] = [()] * len(names)
        for owner, item in zip(owners, worded, strict=True):
            if item.unit.kind is UnitKind.BODY:
                bodies[owner] = canonical(item.words)
        self._bodies = Postings(bodies)
        known = (tuple({*fold_all(body), *self._named(number)}) for number, body in enumerate(bodies))
        self._whole = Postings(known, self.folded.weight)

    def _pair_weight(self, pair: str) -> float:
        left, _, right = pair.partition("_")
        return min(self.folded.weight(left), self.folded.weight(right))

    def name_words(self, target: str) -> frozenset[str]:
        """All words, folded, of a target's title, names and situations."""
        return self._named(self.target_number[target])

    def _named(self, number: int) -> frozenset[str]:
        first, last = np.searchsorted(self.owner, [number, number + 1])
        return frozenset(word for words in self.folded_words[first:last] for word in words)

    def asked(self, words: Sequence[str]) -> Asked:
        """The terms of a question whose telling words these are."""
        words = canonical(words)
        folded = fold_all(words)
        pair_weight = sum(self._pair_weight(pair) for pair in set(bigrams(folded)))
        return Asked(
            words, tuple(folded), self.folded.total(folded), pair_weight, self.accented.total(words)
        )

    def scores(self, asked: Asked) -> LexicalScores:
        """All scores of a question."""
        pairs, accented_pairs = bigrams(asked.folded), bigrams(asked.words)
        shared_pairs = self.pairs.shared(pairs)
        return LexicalScores(
            shared=self.folded.shared(asked.folded),
            pairs=shared_pairs,
            accented=self.accented.shared(asked.words),
            bm25_words=self.accented.bm25(asked.words) + self._accented_pairs.bm25(accented_pairs),
            bm25_folded=self.folded.bm25(asked.folded) + self.pairs.bm25(pairs),
            trigram=self._dice(asked.folded),
            body=self._bodies.bm25(asked.words),
            whole=self.whole(asked),
        )

    def whole(self, asked: Asked) -> Scores:
        """By target: weight of the question's words that stand anywhere in what is known of it."""
        return self._whole.shared(asked.folded)

    def hiding(self, scores: LexicalScores, asked: Asked, unit: int) -> LexicalScores:
        """The scores as they would be without one of the searched units: to train on a question made from it."""
        short = {
            name: _zeroed(getattr(scores, name), unit)
            for name in ("shared", "pairs", "accented", "bm25_words", "bm25_folded", "trigram")
        }
        target = int(self.owner[unit])
        first, last = np.searchsorted(self.owner, [target, target + 1])
        others = {word for row in range(first, last) if row != unit for word in self.folded_words[row]}
        others.update(
            folded
            for word, folded in zip(asked.words, asked.folded, strict=True)
            if self._bodies.shared([word])[target] > 0
        )
        whole = scores.whole.copy()
        whole[target] = self.folded.total(others & set(asked.folded))
        return LexicalScores(**short, body=scores.body, whole=whole)

    def _dice(self, folded: Sequence[str]) -> Scores:
        terms = [term for term in set(trigrams(folded)) if self.trigrams.share(term) <= _COMMON_SHARE]
        total = self.trigrams.total(terms)
        return np.asarray(2 * self.trigrams.shared(terms) / (self.trigrams.totals + total + 1e-6), dtype=np.float32)


def _zeroed(scores: Scores, place: int) -> Scores:
    changed = scores.copy()
    changed[place] = 0.0
    return changed
