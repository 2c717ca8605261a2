"""Time limits: with their unit where the record names one, and only then."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import TimeLimit, Unit
from knowledge.official_times import parse_time_limit, time_sentences


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3 ngày làm việc", 3, Unit.WORKING_DAY),
        ("15 ngày", 15, Unit.DAY),
        ("6 giờ", 6, Unit.HOUR),
        ("6 tháng", 6, Unit.MONTH),
        ("1.5 ngày làm việc", 1.5, Unit.WORKING_DAY),
        ("0,5 ngày", 0.5, Unit.DAY),
    ],
)
def test_value_with_unit(text: str, value: float, unit: Unit) -> None:
    assert parse_time_limit(text) == (TimeLimit(value=value, unit=unit), ())


def test_a_bare_number_has_no_unit_and_says_so() -> None:
    limit, odd = parse_time_limit("7")
    assert limit is not None
    assert (limit.value, limit.unit) == (7, Unit.UNKNOWN)
    assert limit.text == "Cổng Dịch vụ công chỉ ghi “7”, không ghi đơn vị."
    assert odd


def test_the_description_may_name_the_unit_of_that_number() -> None:
    limit, odd = parse_time_limit("7", "Nộp tại xã. Trong 07 (bảy) ngày làm việc kể từ khi nhận hồ sơ.")
    assert limit == TimeLimit(value=7, unit=Unit.WORKING_DAY)
    assert not odd


@pytest.mark.parametrize(
    "description", ["05 ngày làm việc", "7 ngày làm việc; thêm 7 ngày niêm yết", "17 ngày"]
)
def test_other_numbers_or_two_units_settle_nothing(description: str) -> None:
    limit, _ = parse_time_limit("7", description)
    assert limit is not None
    assert limit.unit is Unit.UNKNOWN


def test_contradiction_between_limit_and_description_is_flagged() -> None:
    limit, odd = parse_time_limit("7 ngày", "Không quá 07 ngày làm việc.")
    assert limit == TimeLimit(value=7, unit=Unit.DAY)
    assert odd


@pytest.mark.parametrize("text", ["", "-", "Xem phần mô tả", "0", "0 ngày làm việc"])
def test_nothing_stated_nothing_known(text: str) -> None:
    assert parse_time_limit(text)[0] is None


@pytest.mark.parametrize("text", ["", "-", "Xem phần mô tả", "Không quy định"])
def test_the_description_speaks_where_the_limit_is_silent(text: str) -> None:
    limit, _ = parse_time_limit(text, "Nộp tại quầy.\n- Thẩm định: 70 ngày kể từ khi nhận hồ sơ.")
    assert limit == TimeLimit(unit=Unit.UNKNOWN, text="Thẩm định: 70 ngày kể từ khi nhận hồ sơ.")


def test_words_stay_as_they_are() -> None:
    limit, _ = parse_time_limit("Không phải trả kết quả cho người nộp thuế")
    assert limit == TimeLimit(unit=Unit.UNKNOWN, text="Không phải trả kết quả cho người nộp thuế")


def test_long_descriptions_are_not_shown_whole() -> None:
    assert time_sentences("thời hạn 5 ngày " * 100) is None


_WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            [" ngày", " ngày làm việc", " giờ", " tháng", " ", "\n", "(", ")", "trong ", ".", "không"]
        ),
        st.integers(0, 400).map(str),
    ),
    max_size=8,
).map("".join)


@given(st.one_of(_WORDS, st.text(max_size=60)), st.one_of(_WORDS, st.text(max_size=60)))
def test_never_raises_and_never_invents_a_number(text: str, description: str) -> None:
    limit, _ = parse_time_limit(text, description)
    if limit is None:
        return
    given_numbers = {
        int(number) for number in re.findall(r"\d+", f"{text} {description}") if number.isascii()
    }
    shown = re.findall(r"\d+", limit.text or "")
    if limit.value is not None:
        shown += re.findall(r"\d+", f"{limit.value:g}")
    assert {int(number) for number in shown if number.isascii()} <= given_numbers
