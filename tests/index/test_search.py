"""From a question to candidates, over a small build with vectors and the shipped one without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.plans import PlanQuestion
from index.search import searchable
from index.text import fold
from index.units import UnitKind
from tests.index.support import any_message

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
    assert {item.target for item in ranking.candidates} == {BIRTH, MARRIAGE}


def test_an_unknown_code_is_only_a_number(either: Library) -> None:
    assert best(either, "đăng ký kết hôn 9.999999") == MARRIAGE


def test_candidates_are_ordered_and_limited(either: Library) -> None:
    ranking = either.rank(either.analyse("làm giấy tờ cho con"), limit=3)
    shares = [item.probability for item in ranking.candidates]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) + ranking.none <= 1.0 + 1e-9


@pytest.mark.parametrize("text", ["", "???", "🙂", "zzzz qqqq"])
def test_nothing_to_go_by_finds_nothing_by_words(small_words: Library, text: str) -> None:
    ranking = small_words.rank(small_words.analyse(text))
    assert (ranking.candidates, ranking.none, ranking.best) == ((), 1.0, None)


@given(any_message)
def test_whatever_is_asked_never_raises(library: Library, text: str) -> None:
    ranking = library.rank(library.analyse(text))
    assert 0.0 <= sum(item.probability for item in ranking.candidates) + ranking.none <= 1.0 + 1e-9


@given(st.sampled_from([text for text, _ in QUESTIONS]))
def test_the_same_question_has_the_same_answer(library: Library, text: str) -> None:
    assert library.rank(library.analyse(text)) == library.rank(library.analyse(text))


def test_without_vectors_meaning_is_not_asked(small_words: Library, library: Library) -> None:
    query = library.analyse("làm giấy khai sinh")
    assert small_words.searcher.gather(query).dense == {}
    assert library.searcher.gather(query).dense


def test_bodies_get_no_vector(library: Library) -> None:
    units = library.searcher.units
    assert {units[number].kind for number in searchable(units)} == set(UnitKind) - {UnitKind.BODY}


def test_plans_are_searched_with_the_questions_vector(library: Library) -> None:
    found = library.search_plans(library.analyse("chuyển đổi số xã Vĩnh Thủy năm 2027"), PlanQuestion())
    assert found
    assert {item.plan.id for item in found} == {"kh-vinh-thuy-2026"}
