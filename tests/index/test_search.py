"""From a question to candidates, over a small build with vectors and the shipped one without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import index.search
from index.artefact import current_build, open_library
from index.library import Library
from index.text import fold
from index.units import OUTSIDE, UnitKind
from tests.index.support import HASHING_PROJECTION, HashingEmbedder, any_message

BIRTH, MARRIAGE, LOST_CARD = "1.001193", "1.000894", "1.014064"
QUESTIONS = [
    ("làm giấy khai sinh cho con", BIRTH),
    ("đăng ký kết hôn", MARRIAGE),
    ("xin cấp lại thẻ căn cước bị mất", LOST_CARD),
]


def best(library: Library, text: str) -> str | None:
    found = library.rank(library.analyse(text)).best
    return found.target if found else None


@pytest.fixture(scope="module", params=["vectors", "words"])
def either(request: pytest.FixtureRequest, library: Library, small_words: Library) -> Library:
    """The small build opened with its embedder, and without one."""
    return library if request.param == "vectors" else small_words


@pytest.mark.parametrize(("text", "code"), QUESTIONS)
def test_a_question_finds_its_procedure(either: Library, text: str, code: str) -> None:
    assert best(either, text) == code
    assert best(either, fold(text)) == code


@pytest.mark.parametrize(("text", "code"), QUESTIONS)
def test_the_shipped_content_finds_it_among_all_others(shipped_library: Library, text: str, code: str) -> None:
    assert best(shipped_library, text) == code


def test_a_code_decides_alone(either: Library) -> None:
    ranking = either.rank(either.analyse(f"đăng ký kết hôn {BIRTH}."))
    assert [(item.target, item.probability) for item in ranking.candidates] == [(BIRTH, 1.0)]
    assert ranking.none == 0.0


def test_two_codes_share(either: Library) -> None:
    ranking = either.rank(either.analyse(f"{BIRTH} hay {MARRIAGE}, {BIRTH}?"))
    assert {item.target: item.probability for item in ranking.candidates} == {BIRTH: 0.5, MARRIAGE: 0.5}


def test_an_unknown_code_is_only_a_number(either: Library) -> None:
    assert best(either, "đăng ký kết hôn 9.999999") == MARRIAGE


def test_candidates_are_ordered_and_limited(either: Library) -> None:
    ranking = either.rank(either.analyse("làm giấy tờ cho con"), limit=3)
    shares = [item.probability for item in ranking.candidates]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) + ranking.none <= 1.0 + 1e-9


def test_all_candidates_and_none_of_ours_make_one(either: Library) -> None:
    ranking = either.rank(either.analyse("làm giấy tờ cho con"), limit=10_000)
    assert sum(item.probability for item in ranking.candidates) + ranking.none == pytest.approx(1.0)
    assert 0.0 < ranking.none < 1.0
    assert OUTSIDE not in {item.target for item in ranking.candidates}


@pytest.mark.parametrize(
    "typed",
    [
        "LÀM GIẤY KHAI SINH CHO CON",
        "làm giấy khai sinh cho con???",
        "  làm   giấy khai sinh…cho con ",
        "Câu 3: làm giấy khai sinh cho con",
    ],
)
def test_capitals_spaces_and_marks_change_nothing(either: Library, typed: str) -> None:
    plain = either.rank(either.analyse("làm giấy khai sinh cho con"))
    assert either.rank(either.analyse(typed)) == plain


def test_what_is_said_of_the_best_fitting_text(either: Library) -> None:
    found = either.rank(either.analyse("đăng ký kết hôn")).best
    assert found is not None
    assert found.named == pytest.approx(1.0, abs=1e-5)
    assert found.covered == pytest.approx(1.0, abs=1e-5)
    longer = either.rank(either.analyse("đăng ký kết hôn xyz qwe")).best
    assert longer is not None
    assert longer.covered < 1.0


@pytest.mark.parametrize("text", ["", "???", "🙂", "zzzz qqqq"])
def test_nothing_to_go_by_finds_nothing_by_words(small_words: Library, text: str) -> None:
    ranking = small_words.rank(small_words.analyse(text))
    assert (ranking.candidates, ranking.none, ranking.best) == ((), 1.0, None)


@given(any_message)
def test_whatever_is_asked_never_raises(library: Library, text: str) -> None:
    ranking = library.rank(library.analyse(text))
    assert 0.0 <= sum(item.probability for item in ranking.candidates) + ranking.none <= 1.0 + 1e-9


@given(any_message)
def test_the_same_question_has_the_same_answer(library: Library, text: str) -> None:
    assert library.rank(library.analyse(text)) == library.rank(library.analyse(text))


def test_how_much_of_a_question_is_known_of_a_target(either: Library) -> None:
    known, gone = either.searcher.coverage(either.analyse("đăng ký kết hôn"), [MARRIAGE, "9.999999"])
    (part,) = either.searcher.coverage(either.analyse("đăng ký kết hôn zzzz"), [MARRIAGE])
    assert (known, gone) == (pytest.approx(1.0), 0.0)
    assert 0.0 < part < known
    assert either.searcher.coverage(either.analyse(""), [MARRIAGE]) == [0.0]


@given(any_message)
def test_known_shares_lie_between_nothing_and_all(library: Library, text: str) -> None:
    assert all(0.0 <= share <= 1.0 for share in library.searcher.coverage(library.analyse(text), [BIRTH, MARRIAGE]))


class CountingEmbedder(HashingEmbedder):
    """Counts the questions it is asked to embed."""

    asked = 0

    def embed_query(self, text: str) -> np.ndarray:
        self.asked += 1
        return super().embed_query(text)


class TestEncoder:
    """The encoder is asked only where words do not decide."""

    @pytest.fixture
    def embedder(self) -> CountingEmbedder:
        return CountingEmbedder()

    @pytest.fixture
    def opened(self, small_build: Path, embedder: CountingEmbedder) -> Library:
        return open_library(current_build(small_build), embedder, HASHING_PROJECTION)

    @pytest.mark.parametrize(("decided", "times"), [(0.0, 0), (1.1, 1)])
    def test_it_is_asked_once_unless_words_decide(
        self,
        opened: Library,
        embedder: CountingEmbedder,
        monkeypatch: pytest.MonkeyPatch,
        decided: float,
        times: int,
    ) -> None:
        monkeypatch.setattr(index.search, "_DECIDED", decided)
        query = opened.analyse("đăng ký kết hôn")
        by_words = opened.rank(query, by_words=True)
        assert embedder.asked == 0
        ranking = opened.rank(query)
        assert embedder.asked == times
        assert (ranking == by_words) == (times == 0)

    def test_what_words_do_not_find_is_found_by_meaning(self, opened: Library) -> None:
        query = opened.analyse("giấy tờ của cháu nhỏ")
        evidence = opened.searcher.gather_words(query)
        encoded = opened.searcher.encoded(query, evidence)
        assert (evidence.encoded, encoded.encoded) == (False, True)
        wider = set(opened.searcher.candidates(encoded).tolist())
        assert wider > set(opened.searcher.candidates(evidence).tolist())

    def test_without_vectors_meaning_is_not_asked(self, small_words: Library, library: Library) -> None:
        query = library.analyse("giấy tờ của cháu nhỏ")
        without = small_words.searcher.gather_words(query)
        assert small_words.searcher.encoded(query, without) is without
        assert library.searcher.encoded(query, library.searcher.gather_words(query)).encoded


def test_none_of_ours_is_always_weighed(either: Library) -> None:
    for text in ("đăng ký kết hôn", "zzzz", "tỷ giá đô la"):
        evidence = either.searcher.gather_words(either.analyse(text))
        assert either.searcher.lexical.target_number[OUTSIDE] in either.searcher.candidates(evidence)


def test_bodies_are_no_units_of_their_own(library: Library) -> None:
    kinds = {unit.kind for unit in library.searcher.lexical.texts}
    assert kinds == set(UnitKind) - {UnitKind.BODY}
