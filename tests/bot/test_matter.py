"""The words of a message that may name a procedure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contrast import meant_words
from bot.cues import find_cues
from bot.matter import matter_of
from index.aspects import find_aspects
from index.library import Library
from index.query import Query
from index.text import tokens

WORDS = tokens("làm giấy khai sinh không phải mà cái thứ hai đó phí bao nhiêu quay lại nhầm ý em là nếu thế còn")
texts = st.one_of(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(max_size=40))


def matter(query: Query) -> Query:
    return matter_of(query, find_cues(query), meant_words(query.typed, query.text), find_aspects(query).keep)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("đăng ký kết hôn phí bao nhiêu", "đăng ký kết hôn"),
        ("thủ tục đó nộp ở đâu", ""),
        ("cái thứ hai", ""),
        ("đăng ký thường trú chứ không phải tạm trú", "đăng ký thường trú"),
        ("quay lại khai sinh lúc nãy", "khai sinh"),
        ("lệ phí bao nhiêu ạ", ""),
    ],
)
def test_references_ordinals_aspects_and_negations_are_taken_off(library: Library, text: str, words: str) -> None:
    assert " ".join(matter(library.analyse(text)).content) == words


@given(texts)
def test_only_words_of_the_message_are_left_in_their_order(library: Library, text: str) -> None:
    query = library.analyse(text)
    left = matter(query)
    words = iter(query.words)
    assert all(word in words for word in left.content)
    assert (left.words, left.typed, left.text) == (query.words, query.typed, query.text)
