"""Cleaning the text of official records."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.official_text import (
    LOWER,
    UPPER,
    clean,
    one_line,
    says_nothing,
    unique,
    without_marks,
    without_tail,
)


def test_clean_gives_one_form_and_single_spaces() -> None:
    text = unicodedata.normalize("NFD", "  Giấy \u00a0 khai\u200b   sinh \r\n\n  bản   chính ")
    assert clean(text) == "Giấy khai sinh\nbản chính"
    assert one_line(text) == "Giấy khai sinh bản chính"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("- Tờ khai", "Tờ khai"),
        ("+ - Tờ khai", "Tờ khai"),
        ("(1) Tờ khai", "Tờ khai"),
        ("a) Tờ khai", "Tờ khai"),
        ("đ) Tờ khai", "Tờ khai"),
        ("(ii) Tờ khai", "Tờ khai"),
        ("2.1. Tờ khai", "Tờ khai"),
        ("* a) Tờ khai", "Tờ khai"),
        ("01 bản chính", "01 bản chính"),
        ("1.500 đồng", "1.500 đồng"),
        ("100% hồ sơ", "100% hồ sơ"),
        ("Có 2) điều", "Có 2) điều"),
    ],
)
def test_marks_of_order_go_but_figures_stay(line: str, bare: str) -> None:
    assert without_marks(line) == bare


def test_tail() -> None:
    assert without_tail("Tờ khai theo mẫu; .") == "Tờ khai theo mẫu"


@pytest.mark.parametrize(
    "text", ["", "Không", "không có.", "Không quy định", "-", "Không có thông tinTừ khóaMô tả"]
)
def test_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["Không quá 30 tuổi", "Có đủ 18 tuổi", "Không có án tích"])
def test_says_something(text: str) -> None:
    assert not says_nothing(text)


def test_unique_keeps_order() -> None:
    assert unique(["b", "", "a", "b"]) == ("b", "a")


def test_letter_classes_hold_every_vietnamese_letter_once() -> None:
    assert UPPER.lower() == LOWER
    letters = UPPER.removeprefix("A-Z")
    assert len(letters) == len(set(letters)) == 67
    assert all(letter.isupper() for letter in letters)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
