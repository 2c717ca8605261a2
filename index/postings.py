"""Which texts hold which terms, as arrays: all texts are scored against a question at once."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

_K1, _B = 1.2, 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009)."""


class Postings:
    """An inverted index over `texts`, each a sequence of terms, read once; rows are texts in their order."""

    def __init__(self, texts: Iterable[Sequence[str]], weight: Callable[[str], float] | None = None) -> None:
        terms: dict[str, int] = {}
        rows, owners, counts, lengths = array("i"), array("i"), array("f"), array("f")
        for row, text in enumerate(texts):
            lengths.append(len(text))
            for term, count in Counter(text).items():
                owners.append(terms.setdefault(term, len(terms)))
                rows.append(row)
                counts.append(count)
        self.size = len(lengths)
        self._terms = terms
        owner = np.frombuffer(owners, dtype=np.int32) if owners else np.zeros(0, np.int32)
        order = np.argsort(owner, kind="stable")
        self._rows = np.frombuffer(rows, dtype=np.int32)[order] if rows else np.zeros(0, np.int32)
        frequencies = np.bincount(owner, minlength=len(terms))
        self._starts: list[int] = list(accumulate(frequencies.tolist(), initial=0))
        self._unseen = math.log(1 + self.size) if self.size else 1.0
        own = weight or self._idf
        self._weights = np.array([own(term) for term in terms], dtype=np.float32)
        tf = np.frombuffer(counts, dtype=np.float32)[order] if counts else np.zeros(0, np.float32)
        self._impacts = self._saturated(tf, np.array(lengths, dtype=np.float32))
        per_entry = np.repeat(self._weights, frequencies)
        self.totals: Scores = np.bincount(self._rows, weights=per_entry, minlength=self.size).astype(np.float32)
        """Of each text, the sum of the weights of its terms, each counted once."""

    def _idf(self, term: str) -> float:
        number = self._terms[term]
        return math.log(1 + self.size / (self._starts[number + 1] - self._starts[number]))

    def _saturated(self, tf: Scores, lengths: Scores) -> Scores:
        if not len(tf):
            return tf
        relative = 1 - _B + _B * lengths / max(float(lengths.mean()), 1.0)
        return np.asarray(tf * (_K1 + 1) / (tf + _K1 * relative[self._rows]), dtype=np.float32)

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    def weight(self, term: str) -> float:
        """How telling a term is: by default its inverse document frequency; highest for one never seen."""
        number = self._terms.get(term)
        return self._unseen if number is None else float(self._weights[number])

    def share(self, term: str) -> float:
        """In what share of the texts a term stands."""
        number = self._terms.get(term)
        return 0.0 if number is None else (self._starts[number + 1] - self._starts[number]) / max(self.size, 1)

    def total(self, terms: Iterable[str]) -> float:
        """Sum of the weights of different terms."""
        return sum(map(self.weight, set(terms)))

    def shared(self, terms: Iterable[str]) -> Scores:
        """For each text, the summed weight of those of `terms` that it holds."""
        found = np.zeros(self.size, dtype=np.float32)
        for number in self._known(terms):
            found[self._of(number)] += self._weights[number]
        return found

    def bm25(self, terms: Iterable[str]) -> Scores:
        """For each text its BM25 score for `terms`."""
        found = np.zeros(self.size, dtype=np.float32)
        for number in self._known(terms):
            start, end = self._starts[number], self._starts[number + 1]
            found[self._rows[start:end]] += self._weights[number] * self._impacts[start:end]
        return found

    def _known(self, terms: Iterable[str]) -> list[int]:
        return [self._terms[term] for term in dict.fromkeys(terms) if term in self._terms]

    def _of(self, number: int) -> NDArray[np.int32]:
        return self._rows[self._starts[number] : self._starts[number + 1]]


def trigrams(folded: Sequence[str]) -> list[str]:
    """The character trigrams of a text, word borders included: "an o" gives [" an", "an ", "n o", " o "]."""
    text = f" {' '.join(folded)} "
    return [text[at : at + 3] for at in range(len(text) - 2)]
