"""Changes of a message keep what it means, are the same in every run, and do what they are named for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.perturb import CHARACTERS_PER_TYPO, PERTURBATIONS, perturbed
from index.text import clean, fold, is_accented, tokens

TEXT = "Em muốn đăng ký khai sinh cho con, giấy tờ cần gì và được trả sau 3 ngày không ạ?"
seeds = st.integers(0, 10_000)
words = st.lists(st.sampled_from(TEXT.split()), min_size=1, max_size=30).map(" ".join)
any_text = st.one_of(words, st.text(st.characters(exclude_categories=()), max_size=60))
changes = pytest.mark.parametrize("name", PERTURBATIONS)


@changes
def test_every_change_changes_a_usual_message(name: str) -> None:
    assert all(perturbed(name, TEXT, seed) != TEXT for seed in range(20))


@changes
@given(any_text, seeds)
def test_the_same_seed_gives_the_same_text(name: str, text: str, seed: int) -> None:
    assert perturbed(name, text, seed) == perturbed(name, text, seed)


@changes
@given(words, seeds)
def test_numbers_stay(name: str, text: str, seed: int) -> None:
    assert [c for c in perturbed(name, text, seed) if c.isdigit()] == [c for c in text if c.isdigit()]


@given(words, seeds)
def test_without_diacritics_nothing_is_accented_and_the_words_are_the_same(text: str, seed: int) -> None:
    bare = perturbed("diacritics off", text, seed)
    assert not any(map(is_accented, tokens(bare)))
    assert bare.lower() == fold(text.lower())


@given(words, seeds)
def test_capitals_read_the_same(text: str, seed: int) -> None:
    loud = perturbed("capitals", text, seed)
    assert loud == loud.upper()
    assert clean(loud) == clean(text)


@given(words, seeds)
def test_punctuation_leaves_the_words_alone(text: str, seed: int) -> None:
    kept = [word for word in tokens(perturbed("punctuation, emoji", text, seed)) if word.isalnum()]
    assert kept == tokens(text)


@given(words, seeds)
def test_gluing_takes_only_spaces_and_some(text: str, seed: int) -> None:
    glued = perturbed("glued words", text, seed)
    assert glued.replace(" ", "") == text.replace(" ", "")
    assert len(text) - len(glued) <= max(1, len(text.split()) // 6)


@given(words, seeds)
def test_filler_stands_around_the_message(text: str, seed: int) -> None:
    polite = perturbed("polite filler", text, seed)
    assert (fold(text) if text == fold(text) else text).rstrip(" ?.!") in polite
    assert len(polite) > len(text)


def test_filler_has_no_diacritics_where_the_message_has_none() -> None:
    assert perturbed("polite filler", "lam giay khai sinh", 3).isascii()


def test_there_is_a_slip_for_about_every_fifteen_characters() -> None:
    text = "x" * 300
    differences = [abs(len(perturbed("typos", text, seed)) - len(text)) for seed in range(50)]
    assert max(differences) <= 300 / CHARACTERS_PER_TYPO
    slipped = perturbed("typos", "abcdefghij" * 30, 1)
    assert slipped != "abcdefghij" * 30


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("Giấy khai sinh", {"gks"}),
        ("giay khai sinh", {"gks"}),
        ("không", {"ko", "k", "hok", "khg"}),
        ("duoc", {"dc", "dx"}),
        ("khôngg", {"khôngg"}),
    ],
)
def test_chat_spellings(text: str, spellings: set[str]) -> None:
    assert {perturbed("teencode, abbreviations", text, seed) for seed in range(60)} == spellings
