"""Puts back missing diacritics and mends slips of typing: a trigram language model over the knowledge's own words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np

from index.spelling import SHORTEST_SLIP, Option, Spelling
from index.text import is_accented

_START = 0
_BACKOFF = math.log(0.4)
_UNSEEN = -18.0
_MAX_WORDS = 60_000
_SHIFT = 16
_BEAM = 12
_LIFT = 5
"""Two words belong together when they stand side by side this many times as often as chance would have them."""
_State = tuple[int, int]
_Triple = tuple[int, int, int]
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
        self._counts = list(unigrams)
        self._total = max(sum(unigrams), 1)
        self._log_total = math.log(self._total)
        self._bigrams = bigrams
        self._trigrams = trigrams
        self._spelling = Spelling(self._words, self._counts)

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
        """`words` with the most probable diacritics on those that have none, and slips mended."""
        return self._read(words, accented=False)

    def mend(self, words: Sequence[str]) -> list[str]:
        """`words` typed with diacritics: only what is no word of ours, or fits neither neighbour, may change."""
        return self._read(words, accented=True)

    def unglue(self, word: str) -> list[str]:
        """The syllables of a glued word; see `Spelling.unglue`."""
        return self._spelling.unglue(word)

    def _read(self, words: Sequence[str], *, accented: bool) -> list[str]:
        """The likeliest reading; what is beyond `MAX_SYLLABLES` stays as typed."""
        head, tail = words[:MAX_SYLLABLES], words[MAX_SYLLABLES:]
        choices = [self._spelling.options(word, accented=accented) for word in head]
        known: dict[_Triple, float] = {}
        path = self._likeliest(choices, known)
        if self._widen(head, choices, path):
            path = self._likeliest(choices, known)
        return [*path, *tail]

    def _likeliest(self, choices: Sequence[Sequence[Option]], known: dict[_Triple, float]) -> list[str]:
        """Of the ways to read the words the likeliest; `known` remembers the log probabilities of this message."""
        settled = all(len(choice) == 1 for choice in choices)
        return [choice[0][1] for choice in choices] if settled else self._viterbi(choices, known)

    def _widen(self, words: Sequence[str], choices: list[list[Option]], path: Sequence[str]) -> bool:
        """Gives the words that fit neither neighbour the near words that fit one; whether there were any."""
        numbers = [_START, *map(self._spelling.number, path), -1]
        fits = [self._is_pair(left, right) for left, right in pairwise(numbers)]
        widened = False
        for at, word in enumerate(words):
            if fits[at] or fits[at + 1] or numbers[at + 1] < 0 or not word.isalpha() or len(word) < SHORTEST_SLIP:
                continue
            # A neighbour that fits its own other neighbour is read rightly; of any other all readings count.
            before = [numbers[at]] if at == 0 or fits[at - 1] else [option[0] for option in choices[at - 1]]
            last = at + 1 == len(words)
            after = [numbers[at + 2]] if last or fits[at + 2] else [option[0] for option in choices[at + 1]]
            options = self._spelling.near_word(word)
            near = [option for option in options if self._belongs(word, option[0], before, after)]
            if near:
                choices[at], widened = choices[at] + near, True
        return widened

    def _belongs(self, word: str, number: int, before: Sequence[int], after: Sequence[int]) -> bool:
        """Whether a reading fits some reading of a neighbour; where the word has diacritics, of both neighbours."""
        left = any(self._is_pair(other, number) for other in before)
        if left != is_accented(word):
            return left
        return any(self._is_pair(number, other) for other in after)

    def _is_pair(self, left: int, right: int) -> bool:
        """Whether two words stand together more often than by chance."""
        if left < 0 or right < 0:
            return False
        count = self._bigrams.get(_pair(left, right), 0)
        return count > 1 and count * self._total > _LIFT * self._counts[left] * self._counts[right]

    def _viterbi(self, choices: Sequence[Sequence[Option]], known: dict[_Triple, float]) -> list[str]:
        # A state is the pair of the last two word ids; -1 stands for a word the model has never seen. For each word
        # the states are kept with the state before, to follow the best one back.
        scores: dict[_State, float] = {(_START, _START): 0.0}
        steps: list[dict[_State, tuple[_State, str]]] = []
        for options in choices:
            grown: dict[_State, float] = {}
            step: dict[_State, tuple[_State, str]] = {}
            for state, score in scores.items():
                for number, form, cost in options:
                    triple = (*state, number)
                    if triple not in known:
                        known[triple] = self._log_probability(*triple)
                    total, reached = score + cost + known[triple], triple[1:]
                    if total > grown.get(reached, -math.inf):
                        grown[reached] = total
                        step[reached] = state, form
            scores = dict(nlargest(_BEAM, grown.items(), key=itemgetter(1)))
            steps.append(step)
        state = max(scores, key=scores.__getitem__)
        path = []
        for step in reversed(steps):
            state, form = step[state]
            path.append(form)
        return path[::-1]

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
