"""One wording for one thing, in documents and in questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.plan_words import canonical, lists, plain_words, text_words
from index.text import fold_all


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("cđs", "chuyển đổi số"),
        ("cds", "chuyển đổi số"),
        ("KH&CN", "khoa học và công nghệ"),
        ("bà con", "người dân"),
        ("dvc qua mạng", "dịch vụ công trực tuyến"),
        ("trí tuệ nhân tạo", "AI"),
        ("CSDL", "cơ sở dữ liệu"),
        ("TT&TT", "thông tin và truyền thông"),
        ("mttq", "Mặt trận Tổ quốc Việt Nam"),
    ],
)
def test_what_means_the_same_reads_the_same(said: str, written: str) -> None:
    assert text_words(said) == text_words(written)


def test_diacritics_stay_where_nothing_is_replaced() -> None:
    assert text_words("lương cán bộ") == ["lương", "cán", "bộ"]
    assert plain_words("lương cán bộ") == ["luong", "can", "bo"]


def test_each_word_knows_where_it_comes_from() -> None:
    words, places = canonical(["chỉ", "tiêu", "cđs", "tỉnh"])
    assert words == ["chỉ", "tiêu", "chuyển", "đổi", "số", "tỉnh"]
    assert places == [0, 1, 2, 2, 2, 3]


def test_a_list_that_is_not_there_is_empty() -> None:
    assert lists("units", "không có đơn vị này") == []


SOME = ["cds", "kh", "cn", "bà", "con", "ai", "tri", "tue", "nhan", "tao", "năm", "2026", "số", "hóa"]


@given(st.lists(st.sampled_from(SOME), max_size=12))
def test_every_word_comes_from_one_of_the_message_in_order(words: list[str]) -> None:
    found, places = canonical(words)
    assert len(found) == len(places)
    assert places == sorted(places)
    assert set(places) <= set(range(len(words)))
    again, _ = canonical(found)
    assert fold_all(again) == fold_all(found)
