"""Long text is cut where a reader would pause, and nothing of it gets lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import split, utf16
from tests.bot.replies import long_texts

limits = st.integers(8, 500)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(long_texts, limits)
def test_no_part_is_over_the_limit(text: str, limit: int) -> None:
    assert all(0 < utf16(part) <= limit for part in split(text, limit, utf16))


@given(long_texts, limits)
def test_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    assert squeezed("".join(split(text, limit, utf16))) == squeezed(text)


@given(st.lists(st.text("abcđệ.", min_size=1, max_size=20), max_size=80), st.integers(20, 90))
def test_words_that_fit_stay_whole(words: list[str], limit: int) -> None:
    assert " ".join(split(" ".join(words), limit)).split() == words


def _letter_at(text: str, place: int) -> int:
    """How many characters the letter has that `place` stands in, its marks counted."""
    first, last = place, place
    while first and unicodedata.combining(text[first]):
        first -= 1
    while last < len(text) and unicodedata.combining(text[last]):
        last += 1
    return last - first


@given(long_texts, limits)
def test_no_part_begins_with_a_mark_of_a_letter_that_ended_the_part_before(text: str, limit: int) -> None:
    text = unicodedata.normalize("NFD", text.replace("\u0301", "").replace("\u200d", ""))
    parts = split(text, limit)
    at = 0
    for part in parts:
        start = text.index(part, at)
        if start > 0 and not text[start - 1].isspace():
            assert not unicodedata.combining(part[0]) or _letter_at(text, start) > limit // 2
        at = start + len(part)


def test_emoji_of_two_halves_count_double_and_are_not_cut() -> None:
    assert split("😀" * 5, 5, utf16) == ["😀😀", "😀😀", "😀"]


def test_a_family_emoji_stays_together() -> None:
    family = "👩\u200d👩\u200d👧"
    assert split(f"abc{family}", 5) == ["abc", family]


def test_a_letter_keeps_its_marks() -> None:
    assert split("aaae\u0323\u0302b", 4) == ["aaa", "e\u0323\u0302b"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Một hai.\n\nBa bốn năm sáu", ["Một hai.", "Ba bốn năm sáu"]),
        ("Một hai ba\nbốn năm sáu", ["Một hai ba", "bốn năm sáu"]),
        ("Một hai ba. Bốn năm sáu", ["Một hai ba.", "Bốn năm sáu"]),
        ("Một hai ba bốn năm", ["Một hai ba bốn", "năm"]),
        ("a. Một-từ-rất-dài bốn", ["a.", "Một-từ-rất-dà", "i bốn"]),
    ],
    ids=["paragraph", "line", "sentence", "word", "inside a word only when it cannot fit"],
)
def test_the_best_border_is_taken(text: str, parts: list[str]) -> None:
    limit = 14 if "-" not in text else 13
    assert split(text, limit) == parts


def test_a_border_that_would_leave_most_of_the_part_empty_is_passed_over() -> None:
    assert split("A.\n\nMột hai ba bốn năm sáu bảy", 20) == ["A.\n\nMột hai ba bốn", "năm sáu bảy"]


def test_a_limit_without_room_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        split("&", 4, lambda text: 5 * len(text))


def test_blank_text_gives_nothing() -> None:
    assert split(" \n\t ", 10) == []
