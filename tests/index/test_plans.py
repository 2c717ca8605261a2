"""Search among statements: words, pairs, years, documents, units and what is preferred."""

from __future__ import annotations

import pytest
from hypothesis import given

from index.plan_periods import Period
from index.plan_units import unit_key
from index.plan_words import canonical
from index.plans import Found, PlanIndex, Wish, is_abroad
from index.query import analyse
from index.text import bigrams
from knowledge.models import StatementKind
from tests.index.plan_support import ABROAD, ONE, THREE, TWO, plan
from tests.index.support import SMALL_RESTORER, any_message


def search(text: str, wish: Wish | None = None, index: PlanIndex = ONE, limit: int = 8) -> list[Found]:
    words = canonical(analyse(text, SMALL_RESTORER).typed)[0]
    return index.search(words, bigrams(words), wish or Wish(), limit)


def first(text: str, wish: Wish | None = None, index: PlanIndex = ONE) -> Found:
    return search(text, wish, index)[0]


@pytest.mark.parametrize("text", ["phủ sóng 5G ở thôn", "phu song 5g o thon", "mạng di động"])
def test_the_words_find_the_statement(text: str) -> None:
    assert first(text).statement.id == "network"


@pytest.mark.parametrize(("year", "ident"), [(2027, "t27"), (2030, "t30"), (2029, "t30")])
def test_the_year_decides_between_targets(year: int, ident: str) -> None:
    wish = Wish(period=Period(year, year))
    assert first("tỷ lệ hồ sơ nộp trực tuyến", wish).statement.id == ident


def test_a_kind_a_field_or_a_unit_is_preferred() -> None:
    text = "hồ sơ trực tuyến người dân"
    assert first(text).statement.id == "online"
    assert first("hồ sơ nộp trực tuyến", Wish(kind=StatementKind.TARGET)).statement.kind is StatementKind.TARGET
    assert first("các thôn cán bộ xã", Wish(field="deadline")).statement.id == "train"
    assert first("bảo vệ", Wish(units=frozenset({unit_key("Công an xã")}))).statement.id == "safety"


def test_only_the_documents_wished_for() -> None:
    found = search("tập huấn kỹ năng số", Wish(plans=frozenset({"tinh"})), TWO)
    assert {item.plan.id for item in found} == {"tinh"}


def test_the_document_talked_about_before_counts_for_a_little() -> None:
    assert first("tập huấn kỹ năng số", Wish(before="tinh"), TWO).plan.id == "tinh"


def test_a_document_of_another_province_comes_last_unless_it_is_named() -> None:
    found = search("tập huấn kỹ năng số", index=THREE)
    assert [item.plan.id for item in found[:3]] == ["xa", "tinh", "xa-la"]
    assert first("tập huấn kỹ năng số", Wish(plans=frozenset({"xa-la"})), THREE).plan.id == "xa-la"
    assert is_abroad(plan(**ABROAD))


def test_coverage_is_the_share_of_telling_words_and_of_pairs() -> None:
    whole = first("tập huấn kỹ năng số")
    assert (whole.coverage, whole.pairs, whole.told) == (pytest.approx(1), pytest.approx(1), pytest.approx(1))
    part = first("tập huấn lái xe")
    assert 0.2 < part.coverage < 0.8
    keyword = first("mạng di động")
    assert (keyword.coverage, keyword.told) == (pytest.approx(1), 0)


def test_accents_are_held_against_accents() -> None:
    accented = PlanIndex([plan(statements=[
        {"id": "s", "section": "III", "kind": "other", "text": "Nâng chất lượng phục vụ."},
    ])])  # fmt: skip
    assert accented.search(["lương"], [], Wish())[0].coverage == 0
    assert accented.search(["luong"], [], Wish())[0].coverage == 1


def test_a_statement_without_years_may_be_for_those_of_its_document() -> None:
    index = PlanIndex([plan(period="2026-2030")])
    online = index.plans["xa"].statements[5]
    assert index.fit(Period(2028, 2028), online) > 0.5
    assert index.fit(Period(2040, 2040), online) == 0.5
    assert index.fit(Period(2040, 2040), index.plans["xa"].statements[0]) == 0


def test_known_words_are_told_cheaply() -> None:
    assert ONE.known_share(["kỹ", "năng"]) == 1
    assert ONE.known_share(["lái", "xe"]) < 0.6
    assert ONE.known_share([]) == 1


def test_results_are_ordered_and_limited() -> None:
    scores = [item.score for item in search("hồ sơ trực tuyến", index=TWO, limit=4)]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_without_plans_nothing_is_found() -> None:
    assert search("tập huấn", index=PlanIndex([])) == []


@given(any_message)
def test_whatever_is_asked_shares_stay_shares(text: str) -> None:
    wish = Wish(period=Period(2026, 2027), kind=StatementKind.TASK, field="lead", level="xa")
    for item in search(text, wish, TWO):
        assert 0 <= item.coverage <= 1 + 1e-9
        assert 0 <= item.pairs <= 1 + 1e-9
        assert item.told <= item.coverage + 1e-9
