"""One form for Vietnamese text, whatever keyboard or channel it came from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import (
    bigrams,
    clean,
    fold,
    fold_all,
    is_accented,
    matches,
    procedure_codes,
    tokens,
)

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
VIETNAMESE += "đbcdghklmnpqrstvx"
words = st.lists(st.text(st.sampled_from(VIETNAMESE), min_size=1, max_size=7), max_size=8)
any_text = st.text(st.characters(exclude_categories=()), max_size=60)
"""Any code point, lone surrogates and unassigned ones too."""


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Giấy\tKHAI\nsinh ", "giấy khai sinh"),
        ("thuỷ, hoà, uý", "thủy, hòa, úy"),
        ("giấy\u200bkhai\ufeffsinh", "giấy khai sinh"),
        ("a\u0323\u0302n", "ận"),
        ("", ""),
    ],
)
def test_clean_gives_one_form(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(any_text)
def test_clean_twice_is_clean_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_tokens_never_raise_and_hold_no_separator(text: str) -> None:
    for token in tokens(text):
        assert token
        assert not set(token) & set(' "_*()-\ud800')


@given(words)
def test_composed_and_decomposed_letters_are_the_same(spoken: list[str]) -> None:
    text = " ".join(spoken)
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(unicodedata.normalize("NFC", text))
    assert len(tokens(text)) == len(spoken)


@given(words)
def test_fold_takes_every_diacritic_and_keeps_the_words(spoken: list[str]) -> None:
    folded = fold(" ".join(spoken)).split()
    assert [len(word) for word in folded] == [len(word) for word in spoken]
    assert all(word.isascii() for word in folded)
    assert fold_all(spoken) == folded


@given(any_text)
def test_fold_never_raises_and_leaves_no_mark(text: str) -> None:
    assert not any(unicodedata.combining(char) for char in fold(text))


def test_fold_of_capitals_and_the_barred_d() -> None:
    assert fold("ĐƯỜNG đất Ứng Hòa") == "DUONG dat Ung Hoa"


def test_bigrams_join_neighbours() -> None:
    assert bigrams(["giấy", "khai", "sinh"]) == ["giấy_khai", "khai_sinh"]
    assert bigrams(["một"]) == bigrams([]) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("thủ tục 1.001193", ["1.001193"]),
        ("Mã 1.001193.", ["1.001193"]),
        ("1.001193, rồi 10.0011935?", ["1.001193", "10.0011935"]),
        ("(2.000815)", ["2.000815"]),
        ("phí 1.000.000 đồng", []),
        ("ngày 1.001193.5", []),
        ("21.0011930000", []),
        ("192.1.001193", []),
        ("", []),
    ],
)
def test_codes_of_procedures(text: str, codes: list[str]) -> None:
    assert procedure_codes(text) == codes


def test_a_word_without_diacritics_matches_any_of_its_readings() -> None:
    assert matches("ma", "mã")
    assert matches("mã", "mã")
    assert not matches("má", "mã")
    assert not matches("mã", "ma")


def test_accented() -> None:
    assert is_accented("đi")
    assert not is_accented("di")
