"""Postings against the plain definitions that they are an arrangement of."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.postings import Postings, trigrams

terms = st.sampled_from(["giấy", "khai", "sinh", "con", "đất", "a", "b"])
texts = st.lists(st.lists(terms, max_size=8), max_size=7)
questions = st.lists(st.one_of(terms, st.just("chưa thấy")), max_size=6)
K1, B = 1.2, 0.75


class Naive:
    """The same by the formulas, text by text."""

    def __init__(self, texts: Sequence[Sequence[str]], weight: Callable[[str], float] | None = None) -> None:
        self.texts = texts
        self.own = weight

    def frequency(self, term: str) -> int:
        return sum(term in text for text in self.texts)

    def weight(self, term: str) -> float:
        if not self.frequency(term):
            return math.log(1 + len(self.texts)) if self.texts else 1.0
        return self.own(term) if self.own else math.log(1 + len(self.texts) / self.frequency(term))

    def shared(self, asked: Sequence[str]) -> list[float]:
        return [sum(self.weight(term) for term in set(asked) & set(text)) for text in self.texts]

    def bm25(self, asked: Sequence[str]) -> list[float]:
        mean = max(sum(map(len, self.texts)) / max(len(self.texts), 1), 1.0)
        return [sum(self._part(term, text, mean) for term in set(asked) & set(text)) for text in self.texts]

    def _part(self, term: str, text: Sequence[str], mean: float) -> float:
        count = text.count(term)
        return self.weight(term) * count * (K1 + 1) / (count + K1 * (1 - B + B * len(text) / mean))


@pytest.mark.parametrize("weight", [None, lambda term: float(len(term))], ids=["rarity", "own"])
@given(texts, questions)
def test_all_texts_at_once_score_as_one_by_one(
    weight: Callable[[str], float] | None, texts: list[list[str]], asked: list[str]
) -> None:
    made, naive = Postings(texts, weight), Naive(texts, weight)
    assert made.size == len(texts)
    assert made.shared(asked) == pytest.approx(naive.shared(asked), abs=1e-4)
    assert made.bm25(asked) == pytest.approx(naive.bm25(asked), abs=1e-4)
    assert made.totals == pytest.approx([sum(map(naive.weight, set(text))) for text in texts], abs=1e-4)
    assert made.total(asked) == pytest.approx(sum(map(naive.weight, set(asked))), abs=1e-4)


@given(texts, questions)
def test_what_is_known_of_a_term(texts: list[list[str]], asked: list[str]) -> None:
    made, naive = Postings(texts), Naive(texts)
    for term in asked:
        assert (term in made) == (naive.frequency(term) > 0)
        assert made.weight(term) == pytest.approx(naive.weight(term), abs=1e-5)
        assert made.share(term) == pytest.approx(naive.frequency(term) / max(len(texts), 1))


@given(texts, questions)
def test_no_text_shares_more_than_the_question_or_than_it_has(texts: list[list[str]], asked: list[str]) -> None:
    made = Postings(texts)
    assert (made.shared(asked) <= made.total(asked) + 1e-4).all()
    assert (made.shared(asked) <= made.totals + 1e-4).all()


def test_a_term_never_seen_tells_as_much_as_the_rarest_and_finds_nothing() -> None:
    made = Postings([["giấy"], ["giấy", "tờ"]])
    assert made.weight("hộ chiếu") == pytest.approx(made.weight("tờ"))
    assert made.weight("tờ") > made.weight("giấy")
    assert made.shared(["hộ chiếu"]).tolist() == made.bm25(["hộ chiếu"]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("texts", [[], [[]], [[], []]])
def test_without_terms_it_finds_nothing(texts: list[list[str]]) -> None:
    made = Postings(texts)
    assert made.shared(["giấy"]).tolist() == made.bm25(["giấy"]).tolist() == made.totals.tolist() == [0.0] * len(texts)
    assert made.share("giấy") == 0.0


def test_asking_changes_nothing() -> None:
    made = Postings([["giấy", "khai"], ["sinh"]])
    first = made.bm25(["giấy", "sinh"]).copy()
    made.shared(["giấy"])
    assert made.bm25(["sinh", "giấy", "giấy"]).tolist() == first.tolist()


def test_trigrams_cross_the_borders_of_words() -> None:
    assert trigrams(["an", "o"]) == [" an", "an ", "n o", " o "]
    assert trigrams([]) == []


@given(st.lists(st.text("abcd", min_size=1, max_size=5), min_size=1, max_size=5))
def test_trigrams_cover_the_text(folded: list[str]) -> None:
    made = trigrams(folded)
    text = " ".join(folded)
    assert all(len(item) == 3 for item in made)
    assert "".join(item[1] for item in made) == text


def test_scores_are_single_precision() -> None:
    made = Postings([["giấy"]])
    assert made.shared(["giấy"]).dtype == made.bm25(["giấy"]).dtype == made.totals.dtype == np.float32
