"""Look-ups in small documents: the field that is asked for, or that the documents do not say it."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.plan_asking import read_ask
from bot.plan_lookup import look_up
from bot.plan_result import Result, Shape
from index.plans import PlanIndex
from index.query import analyse
from tests.index.plan_support import PROVINCE, STATEMENTS, TWO, plan
from tests.index.support import SMALL_RESTORER, any_message


def find(text: str, index: PlanIndex = TWO, before: str | None = None) -> Result:
    return look_up(index, read_ask(analyse(text, SMALL_RESTORER), index), before)


def quoted(result: Result) -> list[tuple[str, str]]:
    return [(item.plan.id, item.statement.id) for item in result.quoted]


def test_a_figure_is_that_of_the_year_asked_for() -> None:
    result = find("năm 2027 xã Vĩnh Thử nộp hồ sơ trực tuyến bao nhiêu")
    assert (result.shape, quoted(result)) == (Shape.FIGURES, [("xa", "t27")])


def test_without_a_year_all_years_of_the_indicator_are_told() -> None:
    assert quoted(find("xã Vĩnh Thử nộp hồ sơ trực tuyến bao nhiêu"))[:2] == [("xa", "t27"), ("xa", "t30")]


def test_a_year_that_has_no_figure_is_said_to_have_none() -> None:
    result = find("năm 2025 xã Vĩnh Thử nộp hồ sơ trực tuyến bao nhiêu")
    assert (result.lacks, quoted(result)[0]) == ("period", ("xa", "t27"))


def test_no_sum_of_money_is_taken_from_a_percentage() -> None:
    assert find("xã Vĩnh Thử nộp hồ sơ trực tuyến bao nhiêu tỷ đồng").lacks == "money"


def test_no_figure_is_taken_from_a_statement_without_one() -> None:
    assert find("kế hoạch 12 tập huấn kỹ năng số bao nhiêu").lacks == "figure"


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        ("ai chủ trì tập huấn kỹ năng số theo kế hoạch 12", "train"),
        ("kế hoạch 12 ai phối hợp tập huấn kỹ năng số", "train"),
        ("kế hoạch 12 khi nào tập huấn kỹ năng số", "train"),
        ("kế hoạch 12 đơn vị nào lo mạng di động", "network"),
    ],
)
def test_a_field_comes_from_the_task_that_has_it(text: str, ident: str) -> None:
    result = find(text)
    assert (quoted(result)[0], result.lacks) == (("xa", ident), None)


def test_a_field_that_the_task_lacks_is_said_to_be_missing() -> None:
    assert find("kế hoạch 12 khi nào phủ sóng 5G").lacks == "deadline"
    assert find("kế hoạch 12 ai phối hợp phủ sóng 5G").lacks == "coordinating"


def test_tasks_of_a_unit_and_those_on_one_matter() -> None:
    (all_of_it,) = find("công an xã làm gì theo kế hoạch 12").duties
    assert [statement.id for statement in all_of_it.statements] == ["safety", "train"]
    (part,) = find("công an xã làm gì về tấn công mạng theo kế hoạch 12").duties
    assert [statement.id for statement in part.statements] == ["safety"]
    assert find("Sở Du lịch làm gì theo kế hoạch 12").lacks == "duties"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kế hoạch 12 hồ sơ trực tuyến 2027 so với 2030", [("xa", "t27"), ("xa", "t30")]),
        ("năm 2027 hồ sơ trực tuyến của kế hoạch 12 và nghị quyết 05", [("xa", "t27"), ("tinh", "t27")]),
        ("năm 2030 hồ sơ trực tuyến bao nhiêu, tỉnh và xã Vĩnh Thử", [("tinh", "t30"), ("xa", "t30")]),
    ],
)
def test_each_side_of_a_comparison_has_its_figure(text: str, expected: list[tuple[str, str]]) -> None:
    result = find(text)
    assert (result.shape, quoted(result)) == (Shape.COMPARISON, expected)


def test_two_figures_that_only_together_hold_what_is_asked() -> None:
    figures = [
        {"id": name, "section": "II", "kind": "target", "text": f"Phủ sóng 5G {place}: {value}.",
         "subject": f"Phủ sóng 5G {place}", "value": value}
        for name, place, value in (("a", "đô thị", "100%"), ("b", "nông thôn", "80%"))
    ]  # fmt: skip
    index = PlanIndex([plan(statements=figures)])
    result = find("phủ sóng 5G đô thị và nông thôn khác nhau thế nào", index)
    assert (result.shape, {ident for _, ident in quoted(result)}) == (Shape.COMPARISON, {"a", "b"})


def test_what_is_asked_of_the_document_itself() -> None:
    result = find("ai ký kế hoạch 12")
    assert (result.shape, quoted(result)) == (Shape.DOCUMENT, [("xa", "signed")])
    assert find("ai ký", before="xa").shape is Shape.DOCUMENT
    assert find("ai ban hành kế hoạch 12").shape is Shape.NOTHING


@pytest.mark.parametrize("text", ["trồng rừng bao nhiêu ha", "ai chủ trì xây sân bay", "tuyển quân mấy người"])
def test_what_no_document_says_is_not_found(text: str) -> None:
    assert find(text).shape is Shape.NOTHING


def test_a_pair_of_words_has_to_stand_together_somewhere() -> None:
    scattered = [{**STATEMENTS[5], "id": "s", "text": "Tuyển dụng cán bộ các cơ quan."}]
    index = PlanIndex([plan(statements=scattered), plan("tinh", **PROVINCE)])
    assert find("tuyen quan", index).shape is Shape.NOTHING
    assert find("tuyen dung", index).shape is Shape.STATEMENTS


@given(any_message)
def test_whatever_is_asked_gives_something_to_quote_or_nothing(text: str) -> None:
    result = find(text)
    assert bool(result.quoted or result.duties) == (result.shape is not Shape.NOTHING)
