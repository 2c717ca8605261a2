"""Dialect and everyday words are read as one word, and read so once for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import index.synonyms
from index.library import Library
from index.synonyms import canonical
from index.text import tokens

TABLE: Mapping[str, Sequence[str]] = yaml.safe_load(
    (Path(index.synonyms.__file__).parent / "data" / "synonyms.yaml").read_text(encoding="utf-8")
)
PAIRS = [(synonym, word) for word, synonyms in TABLE.items() for synonym in synonyms]


@pytest.mark.parametrize(("synonym", "word"), PAIRS)
def test_every_synonym_is_read_as_its_word_wherever_it_stands(synonym: str, word: str) -> None:
    said, read = tokens(synonym), tuple(tokens(word))
    assert canonical(said) == read
    assert canonical(["xyz", *said, "xyz"]) == ("xyz", *read, "xyz")


def test_what_words_are_read_as_is_read_as_itself() -> None:
    assert {word: canonical(tokens(word)) for word in TABLE} == {word: tuple(tokens(word)) for word in TABLE}


def test_no_synonym_stands_for_two_words() -> None:
    counts = Counter(" ".join(tokens(synonym)) for synonym, _ in PAIRS)
    assert [synonym for synonym, count in counts.items() if count > 1] == []


def test_all_texts_of_the_shipped_content_are_read_the_same_twice(shipped_library: Library) -> None:
    texts = [canonical(tokens(unit.text)) for unit in shipped_library.searcher.lexical.texts]
    changed = [" ".join(text) for text in texts if canonical(text) != text]
    assert len(changed) <= len(texts) / 1000, changed


@given(st.lists(st.text("wxyz", min_size=1, max_size=3), max_size=8))
def test_unknown_words_stay(words: list[str]) -> None:
    assert canonical(words) == tuple(words)


@given(st.lists(st.sampled_from(sorted({word for pair in PAIRS for word in tokens(pair[0])})), max_size=8))
def test_any_mixture_of_its_words_gives_words(words: list[str]) -> None:
    read = canonical(words)
    assert all(tokens(word) == [word] for word in read)
    assert bool(read) == bool(words)


def test_the_longest_is_read_first_and_only_whole_words_are() -> None:
    assert canonical(["mẹ", "đẻ"]) == ("mẹ",)
    assert canonical(["đẻ"]) == ("sinh",)
    assert canonical(["mábc", "xmá"]) == ("mábc", "xmá")


def test_neighbouring_synonyms_are_both_read() -> None:
    assert canonical(["ba", "má"]) == ("cha", "mẹ")
