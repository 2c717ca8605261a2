"""Puts back missing diacritics and mends slips of typing: a trigram language model over the knowledge's own words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.syllables import is_syllable
from index.text import fold, is_accented

_START = 0
_BACKOFF = math.log(0.4)
_UNSEEN = -18.0
_MAX_WORDS = 60_000
_SHIFT = 16
_GLUED_LENGTH = 5
_MOST_GLUED = 4
_SHORTEST_SLIP, _LONGEST_SYLLABLE = 3, 8
_MOST_MENDED = 12
_SLIP, _OTHER_MARKS = -9.0, -3.0
"""What a mended letter, and diacritics other than those typed, take off the log probability."""
_COMMON = 20
"""A word seen as rarely as this is no likelier than a slip that happens to look like it."""
_TELEX_DOUBLE, _TELEX_HOOK, _TELEX_TONE = map(re.compile, (r"(a|e|o|d)\1", r"(?<=[aou])w", r"[sfrxj]$"))
_VOWELS = frozenset("aeiouy")
MAX_SYLLABLES = 400
"""Longer messages are restored in their first part only; the rest stays as typed."""


_Option = tuple[int, str, float]
"""A word's number (-1: never seen), the word, and what it takes off the log probability."""


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
        self._common = [key for key, ids in self._forms.items() if key.isalpha() and self._counts[ids[0]] >= _COMMON]

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
        return self._likeliest(words, self._options)

    def mend(self, words: Sequence[str]) -> list[str]:
        """`words` typed with diacritics: only those that are no words of ours change, to the likeliest near one."""
        return self._likeliest(words, lambda word: self._slips(word) or [self._as_typed(word)])

    def unglue(self, word: str) -> list[str]:
        """The syllables of a glued word: "lephi" gives ["le", "phi"]. What is known or cannot be split stays whole."""
        folded = fold(word)
        if len(word) < _GLUED_LENGTH or len(folded) != len(word) or not word.isalpha():
            return [word]
        if folded in self._forms or _untelexed(folded) in self._forms:
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
                if before is None or len(before[1]) == _MOST_GLUED or len(part) < 2 or not self._is_part(part):
                    continue
                score = before[0] + math.log(self._counts[self._forms[part][0]]) - self._log_total
                here = best[end]
                if here is None or score > here[0]:
                    best[end] = (score, [*before[1], part])
        found = best[-1]
        return found[1] if found and len(found[1]) > 1 else None

    def _is_part(self, folded: str) -> bool:
        """Whether this may be one of several words typed without a space."""
        return folded in self._forms and not _VOWELS.isdisjoint(folded)

    def _likeliest(self, words: Sequence[str], options: Callable[[str], Sequence[_Option]]) -> list[str]:
        """Of the ways to read the words the likeliest; what is beyond `MAX_SYLLABLES` stays as typed."""
        choices, tail = [options(word) for word in words[:MAX_SYLLABLES]], words[MAX_SYLLABLES:]
        settled = all(len(choice) == 1 for choice in choices)
        head = [choice[0][1] for choice in choices] if settled else self._viterbi(choices)
        return [*head, *tail]

    def _viterbi(self, choices: Sequence[Sequence[_Option]]) -> list[str]:
        # A state is the pair of the last two word ids; -1 stands for a word the model has never seen.
        beams: dict[tuple[int, int], tuple[float, list[str]]] = {(_START, _START): (0.0, [])}
        for options in choices:
            grown: dict[tuple[int, int], tuple[float, list[str]]] = {}
            for (left, middle), (score, path) in beams.items():
                for number, form, cost in options:
                    total = score + cost + self._log_probability(left, middle, number)
                    key = (middle, number)
                    if key not in grown or total > grown[key][0]:
                        grown[key] = (total, [*path, form])
            beams = dict(sorted(grown.items(), key=lambda item: -item[1][0])[:12])
        return max(beams.values(), key=lambda item: item[0])[1]

    def _options(self, word: str) -> list[_Option]:
        slips = self._slips(word)
        if slips:
            return slips
        if is_accented(word) or word.isdigit():
            return [self._as_typed(word)]
        numbers = self._forms.get(word)
        if not numbers:
            return [self._as_typed(word)]
        return [(number, self._words[number], 0.0) for number in numbers]

    def _as_typed(self, word: str) -> _Option:
        return self._ids.get(word, -1), word, 0.0

    def _slips(self, word: str) -> list[_Option]:
        """What a word that is none of ours may have been meant for: words one letter away, any diacritics. Who sets
        diacritics typed with care: such a word is new to us ("măng non", "gắn chíp"), but for raw Telex in it and for
        what no syllable is spelt like ("tặgn").

        Raw Telex ("giays", "nhaanj") counts as typed without diacritics.
        """
        folded = fold(word)
        if folded in self._forms:
            return []
        if not word.isalpha() or not _SHORTEST_SLIP <= len(word) <= _LONGEST_SYLLABLE:
            return []
        plain = _untelexed(folded)
        if plain in self._forms:
            near = {plain: 0.0}
        elif _may_be_new(word, folded):
            return []
        else:
            found = process.extract(folded, self._common, scorer=OSA.distance, score_cutoff=1, limit=_MOST_MENDED)
            near = {form: _SLIP for form, _, _ in found}
        return [
            (number, self._words[number], cost + (_OTHER_MARKS if _marks(word) - _marks(self._words[number]) else 0.0))
            for form, cost in near.items()
            for number in self._forms[form]
        ]

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


def _marks(word: str) -> set[str]:
    """The letters that carry diacritics."""
    return {letter for letter in word if not letter.isascii()}


def _may_be_new(word: str, folded: str) -> bool:
    """Whether a word may be one that we do not know, or an abbreviation (short, or with "đ" alone), and no slip."""
    if _marks(word) - {"đ"}:
        return is_syllable(folded)
    return is_accented(word) or len(word) == _SHORTEST_SLIP


def _untelexed(folded: str) -> str:
    """A syllable in raw Telex without its marks: "nhaanj" gives "nhan", "ddawng" gives "dang"."""
    return _TELEX_TONE.sub("", _TELEX_HOOK.sub("", _TELEX_DOUBLE.sub(r"\1", folded)))


def _pair(left: int, right: int) -> int:
    return (left << _SHIFT) | right


def _triple(left: int, middle: int, right: int) -> int:
    return (left << (2 * _SHIFT)) | (middle << _SHIFT) | right
