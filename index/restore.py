"""Puts back missing diacritics: a trigram language model over the knowledge's own words, searched by Viterbi."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from index.text import fold, is_accented

_START = 0
_BACKOFF = math.log(0.4)
_UNSEEN = -18.0
_MAX_WORDS = 60_000
_SHIFT = 16
_GLUED_LENGTH = 5
_MOST_GLUED = 4
MAX_SYLLABLES = 400
"""Longer messages are restored in their first part only; the rest stays as typed."""


class Restorer:
    """Restores diacritics word by word; words that carry some already stay as they are.

    Log probabilities use stupid backoff (Brants et al. 2007): exact trigram, else .4 x bigram, else .16 x unigram.
    """

    def __init__(
        self, words: Sequence[str], unigrams: Sequence[int], bigrams: dict[int, int], trigrams: dict[int, int]
    ) -> None:
        self._words = list(words)
        self._ids = {word: number for number, word in enumerate(words)}
        self._counts = list(unigrams)
        self._log_total = math.log(max(sum(unigrams), 1))
        self._bigrams = bigrams
        self._trigrams = trigrams
        forms: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            if number != _START:
                forms[fold(word)].append(number)
        self._forms = {key: sorted(ids, key=lambda i: -self._counts[i])[:16] for key, ids in forms.items()}

    @classmethod
    def train(cls, sentences: Iterable[Sequence[str]]) -> Restorer:
        """Count the syllables of accented sentences (each a list of cleaned tokens)."""
        tokenised = [list(sentence) for sentence in sentences]
        counts = Counter(word for sentence in tokenised for word in sentence)
        words = ["<s>", *(word for word, _ in counts.most_common(_MAX_WORDS))]
        ids = {word: number for number, word in enumerate(words)}
        pairs: Counter[int] = Counter()
        triples: Counter[int] = Counter()
        for sentence in tokenised:
            left, middle = _START, _START
            for word in sentence:
                right = ids.get(word)
                if right is None:
                    left, middle = _START, _START
                    continue
                pairs[_pair(middle, right)] += 1
                triples[_triple(left, middle, right)] += 1
                left, middle = middle, right
        unigrams = [max(len(tokenised), 1), *(counts[word] for word in words[1:])]
        kept = {key: n for key, n in triples.items() if n > 1}
        return cls(words, unigrams, dict(pairs), kept)

    def restore(self, words: Sequence[str]) -> list[str]:
        """`words` with the most probable diacritics on those that have none."""
        head, tail = words[:MAX_SYLLABLES], words[MAX_SYLLABLES:]
        if not head or all(is_accented(word) or word.isdigit() for word in head):
            return list(words)
        return self._viterbi(head) + list(tail)

    def unglue(self, word: str) -> list[str]:
        """The syllables of a glued word: "lephi" gives ["le", "phi"]. What is known or cannot be split stays whole."""
        folded = fold(word)
        if len(word) < _GLUED_LENGTH or folded in self._forms or len(folded) != len(word) or not word.isalpha():
            return [word]
        parts = self._split(folded)
        if parts is None:
            return [word]
        places = list(accumulate(map(len, parts), initial=0))
        return [word[start:end] for start, end in pairwise(places)]

    def _split(self, folded: str) -> list[str] | None:
        """The most probable way to read letters as at most four known syllables."""
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(folded)
        for end in range(1, len(folded) + 1):
            for start in range(max(0, end - 7), end):
                before, part = best[start], folded[start:end]
                if before is None or len(before[1]) == _MOST_GLUED or len(part) < 2 or part not in self._forms:
                    continue
                score = before[0] + math.log(self._counts[self._forms[part][0]]) - self._log_total
                here = best[end]
                if here is None or score > here[0]:
                    best[end] = (score, [*before[1], part])
        found = best[-1]
        return found[1] if found and len(found[1]) > 1 else None

    def _viterbi(self, words: Sequence[str]) -> list[str]:
        # A state is the pair of the last two word ids; -1 stands for a word the model has never seen.
        beams: dict[tuple[int, int], tuple[float, list[str]]] = {(_START, _START): (0.0, [])}
        for word in words:
            options = self._options(word)
            grown: dict[tuple[int, int], tuple[float, list[str]]] = {}
            for (left, middle), (score, path) in beams.items():
                for number, form in options:
                    total = score + self._log_probability(left, middle, number)
                    key = (middle, number)
                    if key not in grown or total > grown[key][0]:
                        grown[key] = (total, [*path, form])
            beams = dict(sorted(grown.items(), key=lambda item: -item[1][0])[:24])
        return max(beams.values(), key=lambda item: item[0])[1]

    def _options(self, word: str) -> list[tuple[int, str]]:
        if is_accented(word) or word.isdigit():
            return [(self._ids.get(word, -1), word)]
        numbers = self._forms.get(word)
        if not numbers:
            return [(-1, word)]
        return [(number, self._words[number]) for number in numbers]

    def _log_probability(self, left: int, middle: int, right: int) -> float:
        if right < 0:
            return _UNSEEN
        if left >= 0 and middle >= 0:
            triple = self._trigrams.get(_triple(left, middle, right))
            pair = self._bigrams.get(_pair(left, middle)) if triple else None
            if triple and pair:
                return math.log(triple / pair)
        penalty = _BACKOFF
        if middle >= 0:
            pair = self._bigrams.get(_pair(middle, right))
            if pair:
                return penalty + math.log(pair / self._counts[middle])
        return 2 * penalty + math.log(self._counts[right]) - self._log_total

    def save(self, path: Path) -> None:
        """Write the model as one compressed NumPy archive."""
        np.savez_compressed(
            path,
            words=np.array(self._words),
            unigrams=np.array(self._counts, dtype=np.int32),
            pair_keys=np.fromiter(self._bigrams.keys(), dtype=np.int64, count=len(self._bigrams)),
            pair_counts=np.fromiter(self._bigrams.values(), dtype=np.int32, count=len(self._bigrams)),
            triple_keys=np.fromiter(self._trigrams.keys(), dtype=np.int64, count=len(self._trigrams)),
            triple_counts=np.fromiter(self._trigrams.values(), dtype=np.int32, count=len(self._trigrams)),
        )

    @classmethod
    def load(cls, path: Path) -> Restorer:
        """Read what `save` wrote."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            pairs = dict(zip(data["pair_keys"].tolist(), data["pair_counts"].tolist(), strict=True))
            triples = dict(zip(data["triple_keys"].tolist(), data["triple_counts"].tolist(), strict=True))
            return cls(data["words"].tolist(), data["unigrams"].tolist(), pairs, triples)


def _pair(left: int, right: int) -> int:
    return (left << _SHIFT) | right


def _triple(left: int, middle: int, right: int) -> int:
    return (left << (2 * _SHIFT)) | (middle << _SHIFT) | right
