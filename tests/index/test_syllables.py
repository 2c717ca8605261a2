"""How Vietnamese syllables are spelt."""

from __future__ import annotations

from pathlib import Path

import pytest

import index.query
from index.syllables import is_spelt_right, is_syllable
from index.text import fold, tokens

_EVERYDAY = Path(index.query.__file__).parent / "data" / "everyday.txt"


def test_everyday_words_with_diacritics_are_syllables() -> None:
    words = {word for line in _EVERYDAY.read_text("utf-8").splitlines()[2:] for word in tokens(line)}
    assert [word for word in sorted(words) if not word.isascii() and not is_syllable(fold(word))] == []


@pytest.mark.parametrize(
    "word", ["nghieng", "khuyet", "quynh", "quyt", "giuong", "gi", "oai", "yeu", "khuya", "xoong", "ruou", "huou"]
)
def test_rare_rimes_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["", "tagn", "cuhng", "honn", "nhann", "vneid", "zalo", "cccd", "lam giay", "a1"])
def test_other_words_are_none(word: str) -> None:
    assert not is_syllable(word)


def test_everyday_words_are_spelt_right() -> None:
    words = {word for line in _EVERYDAY.read_text("utf-8").splitlines()[2:] for word in tokens(line)}
    assert [word for word in sorted(words) if not word.isascii() and not is_spelt_right(word)] == []


@pytest.mark.parametrize(
    "word", ["giá", "gì", "giếng", "quả", "quốc", "quỵt", "khuỷu", "hóa", "hoà", "thúy", "đắk", "mừng"]
)
def test_each_way_of_spelling_counts(word: str) -> None:
    assert is_spelt_right(word)


@pytest.mark.parametrize(
    "word", ["cuớc", "liạ", "phiả", "giấ", "vệc", "thàt", "tiêngs", "đng", "đk", "nđ", "quớc", "hòàn", ""]
)
def test_wrong_rimes_tones_and_places_are_seen(word: str) -> None:
    assert not is_spelt_right(word)
