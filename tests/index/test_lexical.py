"""Search by words: with and without diacritics, whatever is typed, and as if a text were not known."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Asked, LexicalIndex, LexicalScores
from index.text import fold_all, tokens
from index.unit_table import WordedUnit
from index.units import Unit, UnitKind

UNITS = [
    Unit("1", UnitKind.BODY, "Giấy chứng sinh. Sổ hộ tịch"),
    Unit("1", UnitKind.ALIAS, "làm giấy khai sinh cho con"),
    Unit("1", UnitKind.TITLE, "Đăng ký khai sinh"),
    Unit("2", UnitKind.TITLE, "Đăng ký kết hôn"),
    Unit("2", UnitKind.BODY, "Giấy xác nhận tình trạng"),
    Unit("g:the", UnitKind.ALIAS, "cấp lại thẻ"),
    Unit("g:the", UnitKind.SITUATION, "mất căn cước near or and not"),
    Unit("1", UnitKind.SITUATION, "con mới sinh ở nhà"),
    *(Unit("9", UnitKind.ALIAS, f"{number}{number}") for number in range(10, 40)),
]
"""The last ones only make the others' trigrams rare."""
TITLE_1, ALIAS_1, SITUATION_1, TITLE_2, ALIAS_G, SITUATION_G = range(6)
"""Places of the searched units: by target, then title, names, situations."""
SIZE = 36
SHORT = ("shared", "pairs", "accented", "bm25_words", "bm25_folded", "trigram")
HOSTILE = ['"', "''", "*", "khai*", "AND", "NEAR(khai sinh)", "{words}", "--", "khai\0", "%", "\ud800", "' or 1=1 --"]
HOSTILE += ["1.001193", "a" * 5000, "_"]
words = st.sampled_from(tokens("đăng ký khai sinh con kết hôn giấy ket hon sổ thẻ mất xa lạ"))


def made(units: Sequence[Unit] = UNITS) -> LexicalIndex:
    return LexicalIndex([WordedUnit(unit, tuple(tokens(unit.text))) for unit in units])


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return made()


def asked(index: LexicalIndex, text: str) -> tuple[Asked, LexicalScores]:
    terms = index.asked(tokens(text))
    return terms, index.scores(terms)


def test_targets_and_units_have_their_numbers(index: LexicalIndex) -> None:
    assert index.targets == ("1", "2", "g:the", "9")
    assert [index.target_number[name] for name in index.targets] == [0, 1, 2, 3]
    assert index.units[:6] == (2, 1, 7, 3, 5, 6)
    assert [unit.kind for unit in index.texts[:3]] == [UnitKind.TITLE, UnitKind.ALIAS, UnitKind.SITUATION]
    assert index.owner.tolist()[:7] == [0, 0, 0, 1, 2, 2, 3]


def test_there_is_a_score_of_every_unit_and_of_every_target(index: LexicalIndex) -> None:
    _, scores = asked(index, "làm giấy khai sinh")
    assert {len(getattr(scores, name)) for name in SHORT} == {len(index.units)} == {SIZE}
    assert len(scores.body) == len(scores.whole) == len(index.targets)


def test_the_best_unit_scores_highest(index: LexicalIndex) -> None:
    for text, unit in (("đăng ký kết hôn", TITLE_2), ("mất căn cước", SITUATION_G), ("giấy khai sinh", ALIAS_1)):
        _, scores = asked(index, text)
        for name in ("bm25_words", "bm25_folded", "trigram", "shared", "pairs"):
            assert int(np.argmax(getattr(scores, name))) == unit, (text, name)


def test_a_unit_that_says_all_of_the_question_shares_all_of_its_weight(index: LexicalIndex) -> None:
    terms, scores = asked(index, "đăng ký kết hôn")
    assert scores.shared[TITLE_2] == pytest.approx(terms.weight)
    assert scores.pairs[TITLE_2] == pytest.approx(terms.pair_weight)
    assert scores.accented[TITLE_2] == pytest.approx(terms.accented_weight)
    assert 0.5 < scores.trigram[TITLE_2] <= 1.0


def test_diacritics_count_in_words_and_not_in_folded_words(index: LexicalIndex) -> None:
    _, scores = asked(index, "can cuoc")
    assert scores.bm25_words.tolist() == scores.accented.tolist() == [0.0] * SIZE
    assert np.flatnonzero(scores.bm25_folded).tolist() == np.flatnonzero(scores.shared).tolist() == [SITUATION_G]
    _, wrong = asked(index, "cắn cước")
    assert 0 < wrong.accented[SITUATION_G] < asked(index, "căn cước")[1].accented[SITUATION_G]


def test_neighbours_count_more_than_the_same_words_apart(index: LexicalIndex) -> None:
    _, together = asked(index, "kết hôn")
    _, apart = asked(index, "hôn kết")
    for name in ("bm25_words", "bm25_folded", "pairs"):
        assert getattr(together, name)[TITLE_2] > getattr(apart, name)[TITLE_2]


def test_a_pair_tells_no_more_than_its_commoner_word() -> None:
    index = made([Unit("1", UnitKind.TITLE, "giấy lạ"), Unit("2", UnitKind.TITLE, "giấy quen")])
    assert index.pairs.weight("giay_la") == pytest.approx(index.folded.weight("giay"))
    assert index.folded.weight("la") > index.folded.weight("giay")


def test_bodies_are_searched_apart(index: LexicalIndex) -> None:
    _, scores = asked(index, "chứng")
    assert scores.bm25_words.tolist() == [0.0] * SIZE
    assert np.flatnonzero(scores.body).tolist() == [0]


def test_all_that_is_known_of_a_target_counts_together(index: LexicalIndex) -> None:
    terms, scores = asked(index, "sổ con khai")
    assert scores.whole[0] == pytest.approx(terms.weight)
    assert scores.whole[1] == 0.0
    assert index.whole(terms).tolist() == scores.whole.tolist()


def test_the_words_of_a_targets_names(index: LexicalIndex) -> None:
    assert index.name_words("2") == {"dang", "ky", "ket", "hon"}
    assert index.name_words("g:the") == {"cap", "lai", "the", "mat", "can", "cuoc", "near", "or", "and", "not"}


def test_dialect_and_everyday_words_find_the_official_ones() -> None:
    index = made([Unit("1", UnitKind.TITLE, "mẹ sinh con"), Unit("2", UnitKind.TITLE, "cha mua đất")])
    _, scores = asked(index, "mạ sanh con")
    assert scores.shared[0] == pytest.approx(index.asked(["mạ", "sanh", "con"]).weight)
    assert scores.accented[0] > scores.accented[1]


@pytest.mark.parametrize("text", ["", "???", "zzzz qqqq"])
def test_nothing_to_go_by_scores_nothing(index: LexicalIndex, text: str) -> None:
    terms, scores = asked(index, text)
    for field in fields(LexicalScores):
        assert not getattr(scores, field.name).any(), field.name
    assert (terms.weight == 0.0) == (not terms.words)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_means_more_than_its_words(index: LexicalIndex, hostile: str) -> None:
    _, plain = asked(index, "khai sinh")
    _, scores = asked(index, f"khai {hostile} sinh")
    assert scores.shared[TITLE_1] >= plain.shared[TITLE_1] > 0


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=12), max_size=6))
def test_whatever_is_typed_gives_finite_scores(index: LexicalIndex, typed: list[str]) -> None:
    scores = index.scores(index.asked(typed))
    for field in fields(LexicalScores):
        values = getattr(scores, field.name)
        assert np.isfinite(values).all()
        assert (values >= 0).all()


def test_an_index_of_nothing_finds_nothing() -> None:
    index = made([])
    _, scores = asked(index, "khai sinh")
    assert index.targets == index.units == ()
    assert len(scores.shared) == len(scores.whole) == 0


def test_threads_never_see_each_others_results(index: LexicalIndex) -> None:
    texts = [unit.text for unit in UNITS]
    expected = {text: asked(index, text)[1].bm25_words.tolist() for text in texts}
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda text: (text, asked(index, text)[1].bm25_words.tolist()), texts * 20)
        assert all(scores == expected[text] for text, scores in found)


class TestHiding:
    """The scores as they would be without one text."""

    @given(st.lists(words, min_size=1, max_size=6), st.integers(0, 5))
    def test_it_scores_nothing_and_the_others_stay(self, index: LexicalIndex, typed: list[str], unit: int) -> None:
        terms = index.asked(typed)
        scores = index.scores(terms)
        hidden = index.hiding(scores, terms, unit)
        for name in SHORT:
            before, after = getattr(scores, name), getattr(hidden, name)
            assert after[unit] == 0.0
            assert np.delete(after, unit).tolist() == np.delete(before, unit).tolist()
        assert hidden.body.tolist() == scores.body.tolist()
        assert (hidden.whole <= scores.whole + 1e-5).all()

    @given(st.lists(words, min_size=1, max_size=6), st.integers(0, 5))
    def test_of_its_target_only_what_other_texts_say_is_known(
        self, index: LexicalIndex, typed: list[str], unit: int
    ) -> None:
        terms = index.asked(typed)
        hidden = index.hiding(index.scores(terms), terms, unit)
        target = index.texts[unit].target
        rest = [text for n, text in zip(index.units, index.texts, strict=True) if n != index.units[unit]]
        bodies = [item for item in UNITS if item.kind is UnitKind.BODY]
        known = {word for item in (*rest, *bodies) if item.target == target for word in tokens(item.text)}
        said = {word for word in terms.words if word in known}
        least = index.folded.total(fold_all(sorted(said)))
        number = index.target_number[target]
        assert hidden.whole[number] == pytest.approx(least, abs=1e-4)
        assert np.delete(hidden.whole, number).tolist() == np.delete(index.scores(terms).whole, number).tolist()

    def test_the_scores_that_were_given_stay_as_they_were(self, index: LexicalIndex) -> None:
        terms, scores = asked(index, "đăng ký kết hôn")
        before = {field.name: getattr(scores, field.name).copy() for field in fields(LexicalScores)}
        index.hiding(scores, terms, TITLE_2)
        assert all(np.array_equal(getattr(scores, name), values) for name, values in before.items())
