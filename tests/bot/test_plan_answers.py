"""Answers on plans as citizens read them: figures from their fields, each line with its document and section."""

from __future__ import annotations

import pytest

from bot.plan_answers import FOLD_AT, compose, unknown
from bot.plan_asking import PlanAsk, Wanted
from bot.plan_result import Quoted, Result, Shape
from bot.types import Reply
from index.plan_duties import duty_lists
from index.plan_units import unit_key
from knowledge.models import Plan
from tests.index.plan_support import ABROAD, PROVINCE, TWO, plan

HERE, THERE = TWO.plans["xa"], TWO.plans["tinh"]


def quote(place: Plan, *idents: str) -> tuple[Quoted, ...]:
    by_id = {statement.id: statement for statement in place.statements}
    return tuple(Quoted(place, by_id[ident]) for ident in idents)


def worded(
    shape: Shape, quoted: tuple[Quoted, ...], wanted: Wanted = Wanted.ANYTHING, lacks: str | None = None
) -> Reply:
    return compose(Result(shape, quoted, lacks), PlanAsk(wanted=wanted))


def test_a_figure_is_told_from_its_field_with_its_years() -> None:
    reply = worded(Shape.FIGURES, quote(HERE, "t27"))
    assert "Tỷ lệ hồ sơ nộp trực tuyến: 80% (năm 2027)." in reply.text
    (citation,) = reply.citations
    assert citation.section == "mục II – Mục tiêu"


def test_a_figure_that_only_the_sentence_would_hold_is_never_told() -> None:
    """The field is the figure's one home: a sentence that says another does not change what is told."""
    odd = plan(statements=[{
        "id": "t", "section": "II", "kind": "target", "text": "Năm 2027, 70% hồ sơ nộp trực tuyến.",
        "subject": "Tỷ lệ hồ sơ nộp trực tuyến", "value": "80%", "period": "2027",
    }])  # fmt: skip
    assert "70%" not in worded(Shape.FIGURES, quote(odd, "t")).text


def test_the_years_of_one_indicator_stand_side_by_side() -> None:
    text = worded(Shape.FIGURES, quote(HERE, "t27", "t30")).text
    assert text.index("80% (năm 2027)") < text.index("95% (giai đoạn 2028-2030)")


def test_a_comparison_names_document_and_section_of_each_figure() -> None:
    reply = worded(Shape.COMPARISON, (*quote(THERE, "t30"), *quote(HERE, "t30")))
    assert "95% (giai đoạn 2028-2030). (Nghị quyết 05, mục II – Mục tiêu)" in reply.text
    assert "95% (giai đoạn 2028-2030). (Kế hoạch 12, mục II – Mục tiêu)" in reply.text
    assert len(reply.citations) == 2


def test_a_task_is_told_with_lead_helpers_and_time() -> None:
    text = worded(Shape.STATEMENTS, quote(HERE, "train")).text
    assert "Chủ trì: Phòng Văn hóa - Xã hội xã. Phối hợp: Công an xã. Thời hạn: Quý IV năm 2026." in text


@pytest.mark.parametrize("lacks", ["lead", "coordinating", "deadline", "figure", "money", "period"])
def test_what_the_document_does_not_say_is_said_to_be_missing(lacks: str) -> None:
    assert "không nêu" in worded(Shape.STATEMENTS, quote(HERE, "network"), lacks=lacks).text


def test_the_source_is_told_when_it_is_asked_for() -> None:
    text = worded(Shape.STATEMENTS, quote(HERE, "network"), Wanted.SOURCE).text
    assert "Nêu ở Kế hoạch 12, mục III – Nhiệm vụ." in text


def test_a_document_without_a_number_says_so() -> None:
    nameless = plan(number=None, notes=["Bản văn bản để trống số và ngày."])
    text = worded(Shape.DOCUMENT, quote(nameless, "signed"), Wanted.NUMBER).text
    assert "Văn bản không nêu số." in text
    assert "để trống số" in text
    assert "Số văn bản: 12/KH-UBND." in worded(Shape.DOCUMENT, quote(HERE, "signed"), Wanted.NUMBER).text


def test_a_long_list_of_tasks_is_folded_and_unfolds_page_by_page() -> None:
    many = plan(statements=[
        {"id": f"n{number}", "section": "III", "kind": "task", "text": f"Việc thứ {number}.", "lead": ["Công an xã"]}
        for number in range(FOLD_AT * 2 + 1)
    ])  # fmt: skip
    (duties,) = duty_lists([many], {unit_key("Công an xã")})
    seen, start = list[str](), 0
    while True:
        reply = compose(Result(Shape.DUTIES, duties=(duties,), start=start), PlanAsk(wanted=Wanted.DUTIES))
        seen += [item for block in reply.blocks for item in block.items]
        if not reply.choices:
            break
        (choice,) = reply.choices
        assert "Xem tiếp" in choice.label
        start = int(choice.id.rpartition(":")[2])
    assert [item.split(".")[0] for item in seen] == [f"Việc thứ {number}" for number in range(FOLD_AT * 2 + 1)]
    assert all("mục III – Nhiệm vụ" in item for item in seen)


def test_a_choice_that_would_be_too_long_is_not_offered_and_nothing_is_folded() -> None:
    many = plan("x" * 58, statements=[
        {"id": f"n{number}", "section": "III", "kind": "task", "text": f"Việc {number}.", "lead": ["Công an xã"]}
        for number in range(FOLD_AT + 1)
    ])  # fmt: skip
    (duties,) = duty_lists([many], {unit_key("Công an xã")})
    reply = compose(Result(Shape.DUTIES, duties=(duties,)), PlanAsk(wanted=Wanted.DUTIES))
    assert reply.choices == ()
    assert sum(len(block.items) for block in reply.blocks) == FOLD_AT + 1


def test_documents_from_elsewhere_and_from_before_the_mergers_say_so() -> None:
    foreign = plan("la", **ABROAD)
    assert "không ràng buộc tỉnh Quảng Trị" in worded(Shape.STATEMENTS, quote(foreign, "network")).text
    old = plan("cu", **{**PROVINCE, "source": {"date": "2024-08-07"}})
    assert "01/7/2025" in worded(Shape.STATEMENTS, quote(old, "network")).text
    assert "01/7/2025" not in worded(Shape.STATEMENTS, quote(HERE, "network")).text


def test_what_is_unknown_names_the_documents_that_were_asked_or_those_there_are() -> None:
    named = unknown([HERE], [HERE, THERE], duties=False)
    assert "Kế hoạch 12 không nêu" in named.text
    assert len(named.citations) == 1
    everything = unknown([], [HERE, THERE], duties=False)
    assert "không nêu" in everything.text
    assert "Nghị quyết 05" in everything.text
