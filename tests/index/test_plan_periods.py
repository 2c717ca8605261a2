"""Years and spans: what a question names, what a statement is for, how well they fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.plan_periods import Period, fit, period_of, periods_in
from knowledge.models import Statement

years = st.integers(2010, 2099)
spans = st.tuples(years, years).map(lambda two: Period(min(two), max(two)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("năm 2026", ["2026"]),
        ("giai đoạn 2026-2027", ["2026-2027"]),
        ("giai đoạn 2026 – 2027", ["2026-2027"]),
        ("từ 2026 đến năm 2030", ["2026-2030"]),
        ("tu 2026 den 2030", ["2026-2030"]),
        ("2028 2030 ty le", ["2028-2030"]),
        ("2026 và 2030", ["2026", "2030"]),
        ("2026 so với 2026", ["2026"]),
        ("2030-2026", ["2030", "2026"]),
        ("trước ngày 20/12/2025", ["2025"]),
        ("điểm 85/100, mã 12026", []),
    ],
)
def test_the_years_of_a_text(text: str, expected: list[str]) -> None:
    assert [str(period) for period in periods_in(text)] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"period": "2026-2027"}, Period(2026, 2027)),
        ({"period": "đến năm 2030"}, Period(2030, 2030)),
        ({"period": "từ 01/7/2025"}, Period(2025, 2100)),
        ({"deadline": "Trước ngày 31/12/2025"}, Period(2025, 2025)),
        ({"text": "Năm 2023 tỉnh đứng thứ 26."}, Period(2023, 2023)),
        ({"text": "Theo Quyết định năm 2022 và 2024."}, None),
        ({}, None),
    ],
)
def test_the_years_a_statement_is_for(fields: dict[str, str], expected: Period | None) -> None:
    record = {"id": "s", "section": "I", "kind": "other", "text": "Không nêu năm.", **fields}
    assert period_of(Statement.model_validate(record)) == expected


def test_the_closer_the_years_the_better_the_fit() -> None:
    asked = Period(2028, 2028)
    fits = [fit(asked, own) for own in (Period(2028, 2028), Period(2026, 2030), None, Period(2026, 2027))]
    assert fits == sorted(fits, reverse=True)
    assert fits[-1] == 0


@given(spans, spans)
def test_a_fit_is_a_share_and_perfect_only_for_the_same_years(asked: Period, own: Period) -> None:
    assert 0 <= fit(asked, own) <= 1
    assert (fit(asked, own) == 1) == (asked == own)


@given(st.text(max_size=80))
def test_any_text_has_years_in_order(text: str) -> None:
    assert all(period.start <= period.end for period in periods_in(text))
