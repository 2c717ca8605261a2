"""The door: what gets in is clean, redacted and short."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from feed.door import CUT_MARK, LONGEST, admit


def test_personal_data_stay_outside() -> None:
    assert admit("  goi 0912345678 ").text == "goi [số điện thoại]"


def test_controls_and_surrogates_are_dropped() -> None:
    assert admit("xin\x00 ch\ud800ào\x1b\r\nbạn").text == "xin chào\nbạn"


def test_text_is_composed() -> None:
    assert admit(unicodedata.normalize("NFD", "lệ phí")).text == "lệ phí"


def test_a_novel_is_cut_and_says_so() -> None:
    text = admit("a " * 50_000).text
    assert len(text) <= LONGEST
    assert text.endswith(CUT_MARK)


def test_a_cut_leaves_no_half_number() -> None:
    assert "0912" not in admit("x" * (LONGEST - 20) + " 0912345678 " + "y" * 200).text


def test_what_is_short_enough_stays_whole() -> None:
    assert admit("b" * LONGEST).text == "b" * LONGEST


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_anything_can_be_stored_as_utf8(text: str) -> None:
    admitted = admit(text).text
    assert "\x00" not in admitted
    assert admitted.encode("utf-8").decode("utf-8") == admitted
