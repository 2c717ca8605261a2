"""How a typed word may be read: which of our words it is, glued to others, in raw Telex, or with a slip in it."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from heapq import nlargest
from itertools import accumulate, pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.abbreviations import abbreviations
from index.syllables import is_spelt_right, is_syllable
from index.text import fold, is_accented

SHORTEST_SLIP, _SHORTEST_MEANT, _LONGEST_SYLLABLE = 3, 2, 8
_GLUED_LENGTH, _MOST_GLUED = 4, 4
_SHORTEST_LETTERS = 3
"""Of what is no syllable but an abbreviation, such as \"bhxh\", within glued words."""
_MOST_NEAR, _MOST_OPTIONS = 12, 16
_MOST_FORMS, _FIRST_READINGS = 16, 4
_SLIP, _REAL_SLIP, _OTHER_MARKS, _NO_MARKS = -9.0, -12.0, -3.0, -7.0
"""What is taken off the log probability: for a mended letter, for one in what is a word too, for diacritics other than
those typed, for diacritics left out in a message that has them."""
_COMMON = 20
"""A word seen as rarely as this is no likelier than a slip that happens to look like it."""
_TELEX_DOUBLE, _TELEX_HOOK, _TELEX_TONE = map(re.compile, (r"(a|e|o|d)\1", r"(?<=[aou])w", r"[sfrxj]$"))
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = frozenset("aeiouy")

Option = tuple[int, str, float]
"""A word's number (-1: never seen), the word, and what it takes off the log probability."""


class Spelling:
    """The words we know, by how they look without diacritics. Word 0 stands for the beginning of a sentence."""

    def __init__(self, words: Sequence[str], counts: Sequence[int]) -> None:
        self._words = words
        self._counts = counts
        self._log_total = math.log(max(sum(counts), 1))
        self._ids = {word: number for number, word in enumerate(words)}
        forms: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words[1:], start=1):
            forms[fold(word)].append(number)
        self._forms = {key: sorted(ids, key=lambda i: -counts[i])[:_MOST_FORMS] for key, ids in forms.items()}
        common = (key for key, ids in self._forms.items() if counts[ids[0]] >= _COMMON)
        self._common = [key for key in common if key.isalpha() and len(key) >= _SHORTEST_MEANT]

    def number(self, word: str) -> int:
        """Which of our words it is as it stands; -1 for none."""
        return self._ids.get(word, -1)

    def options(self, word: str, *, accented: bool) -> list[Option]:
        """How a word may be read. In a message with diacritics a bare word of ours stays bare."""
        typed = self.number(word)
        if word.isdigit() or (typed >= 0 and (accented or is_accented(word))):
            return [(typed, word, 0.0)]
        if not accented and self._is_form(word):
            return [(number, self._words[number], 0.0) for number in self._forms[word]]
        return self._slips(word)

    def _is_form(self, folded: str) -> bool:
        """Whether a word without diacritics is one of ours. A slip of a document's author is none."""
        known = self._forms.get(folded)
        if known is None:
            return False
        return self._counts[known[0]] >= _COMMON or is_syllable(folded) or len(folded) <= SHORTEST_SLIP

    def _slips(self, word: str) -> list[Option]:
        """What a word that is none of ours may have been meant for: words one letter away, any diacritics.

        Who sets diacritics typed with care: such a word is new to us ("măng non", "gắn chíp") unless no syllable is
        spelt like it ("tặgn", "liạ"). Raw Telex ("giays", "nhaanj") counts as typed without diacritics. What may be an
        abbreviation, a syllable that our texts lack, or a rare word of theirs ("zalo"), may also stay.
        """
        as_typed = [(self.number(word), word, 0.0)]
        if not word.isalpha() or not 1 < len(word) <= _LONGEST_SYLLABLE or _may_be_new(word):
            return as_typed
        folded = fold(word)
        plain = _untelexed(folded)
        if folded not in self._forms and plain in self._forms:
            return self._forms_of(plain, word, 0.0)
        near = self._near(word, _SLIP)
        short = len(folded) <= SHORTEST_SLIP or _VOWELS.isdisjoint(folded)
        may_stay = not near or short or word in self._ids or is_syllable(folded)
        return near + as_typed if may_stay else near

    def near_word(self, word: str) -> list[Option]:
        """What a word of ours may have been meant for that fits neither of its neighbours."""
        return self._near(word, _REAL_SLIP, _NO_MARKS, readings=_FIRST_READINGS)

    def _near(self, word: str, cost: float, same: float = 0.0, readings: int = _MOST_FORMS) -> list[Option]:
        """Words at most one letter away, of each form the commonest `readings`."""
        folded = _REPEATED.sub(r"\1", fold(word))
        if len(folded) < _SHORTEST_MEANT:
            return []
        found = process.extract(folded, self._common, scorer=OSA.distance, score_cutoff=1, limit=_MOST_NEAR)
        options = (
            option
            for form, distance, _ in found
            for option in self._forms_of(form, word, cost if distance else same)[:readings]
        )
        others = (option for option in options if option[1] != word)
        return nlargest(_MOST_OPTIONS, others, key=lambda option: option[2] + math.log(self._counts[option[0]]))

    def _forms_of(self, form: str, word: str, cost: float) -> list[Option]:
        """All readings of a form without diacritics."""
        return [
            (number, self._words[number], cost + (_OTHER_MARKS if _marks(word) - _marks(self._words[number]) else 0.0))
            for number in self._forms[form]
        ]

    def unglue(self, word: str) -> list[str]:
        """The syllables of a glued word: "lephi" gives ["le", "phi"]. What is known or cannot be split stays whole."""
        folded = fold(word)
        if len(word) < _GLUED_LENGTH or len(folded) != len(word) or not word.isalpha() or folded in abbreviations():
            return [word]
        if self._is_form(folded) or self._is_form(_untelexed(folded)):
            return [word]
        score, parts = self._split(word, folded)
        if score < self._mended(word):
            return [word]
        places = list(accumulate(map(len, parts), initial=0))
        return [word[start:end] for start, end in pairwise(places)]

    def _mended(self, word: str) -> float:
        """Log probability that letters are one word of ours with a slip in it."""
        near = self._near(word, _SLIP) if len(word) <= _LONGEST_SYLLABLE else []
        best = max((math.log(self._counts[number]) + cost for number, _, cost in near), default=-math.inf)
        return best - self._log_total

    def _split(self, word: str, folded: str) -> tuple[float, list[str]]:
        """The most probable way to read letters as at most four known syllables, with its log probability."""
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(folded)
        for end in range(1, len(folded) + 1):
            for start in range(max(0, end - 7), end):
                before = best[start]
                if before is None or len(before[1]) == _MOST_GLUED:
                    continue
                seen = self._seen_as_part(word[start:end], folded[start:end])
                score = before[0] + math.log(seen) - self._log_total if seen else -math.inf
                here = best[end]
                if seen and (here is None or score > here[0]):
                    best[end] = (score, [*before[1], folded[start:end]])
        return best[-1] or (-math.inf, [folded])

    def _seen_as_part(self, part: str, folded: str) -> int:
        """How often what may be one of several words typed without a space was seen; 0 if it cannot be one."""
        if len(part) < 2 or (is_accented(part) and not is_spelt_right(part)):
            return 0
        if _VOWELS.isdisjoint(folded) and len(part) < _SHORTEST_LETTERS:
            return 0
        known = self._counts[self._forms[folded][0]] if self._is_form(folded) else 0
        return max(known, _COMMON) if folded in abbreviations() else known


def _marks(word: str) -> set[str]:
    """The letters that carry diacritics."""
    return {letter for letter in word if not letter.isascii()}


def _may_be_new(word: str) -> bool:
    """Whether a word that we do not know may be one all the same, or an abbreviation with "đ", and no slip."""
    marks = _marks(word)
    return is_spelt_right(word) if marks - {"đ"} else bool(marks)


def _untelexed(folded: str) -> str:
    """A syllable in raw Telex without its marks: "nhaanj" gives "nhan", "ddawng" gives "dang"."""
    return _TELEX_TONE.sub("", _TELEX_HOOK.sub("", _TELEX_DOUBLE.sub(r"\1", folded)))
