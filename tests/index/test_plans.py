"""Questions on plans: figures, years, who leads, which document is meant."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from index.plans import Found, PlanIndex, PlanQuestion, statement_text
from index.query import Query, analyse
from knowledge.models import Plan
from tests.index.support import SMALL_RESTORER, HashingEmbedder, any_message

STATEMENTS: list[dict[str, Any]] = [
    {"id": "t27", "section": "II", "kind": "target", "text": "Năm 2027, 80% hồ sơ nộp trực tuyến.",
     "subject": "Tỷ lệ hồ sơ nộp trực tuyến", "value": "80%", "period": "2027"},
    {"id": "t30", "section": "II", "kind": "target", "text": "Đến năm 2030, 95% hồ sơ nộp trực tuyến.",
     "subject": "Tỷ lệ hồ sơ nộp trực tuyến", "value": "95%", "period": "2028-2030"},
    {"id": "train", "section": "III", "kind": "task", "text": "Tập huấn kỹ năng số cho cán bộ xã.",
     "lead": ["Phòng Văn hóa - Xã hội"], "coordinating": ["Công an xã"], "deadline": "Quý IV năm 2026"},
    {"id": "network", "section": "III", "kind": "task", "text": "Phủ sóng 5G ở các thôn.",
     "lead": ["Phòng Kinh tế"], "keywords": ["mạng di động"]},
    {"id": "online", "section": "III", "kind": "other", "text": "Tuyên truyền để người dân nộp hồ sơ trực tuyến."},
]  # fmt: skip


def plan(ident: str = "xa", **fields: Any) -> Plan:
    record = {
        "id": ident, "title": "Kế hoạch chuyển đổi số", "short": "Kế hoạch 12", "number": "12/KH-UBND", "kind": "plan",
        "place": "xã Vĩnh Thử", "source": {"date": "2026-07-01"}, "statements": STATEMENTS,
        "sections": [{"id": "II", "heading": "Mục tiêu"}, {"id": "III", "heading": "Nhiệm vụ"}],
    }  # fmt: skip
    return Plan.model_validate({**record, **fields})


PROVINCE = {"place": "tỉnh Quảng Thử", "short": "Nghị quyết 05", "number": "05-NQ/TU", "aliases": ["nghị quyết năm"]}
ONE = PlanIndex([plan()])
TWO = PlanIndex([plan(), plan("tinh", **PROVINCE)])


def asked(text: str) -> Query:
    return analyse(text, SMALL_RESTORER)


def first(
    text: str, question: PlanQuestion | None = None, index: PlanIndex = ONE, before: str | None = None
) -> Found:
    return index.search(asked(text), question or PlanQuestion(), plan_id=before)[0]


def test_the_words_find_the_statement() -> None:
    assert first("phủ sóng 5G ở thôn").statement.id == "network"
    assert first("phu song 5g o thon").statement.id == "network"
    assert first("mạng di động").statement.id == "network"


@pytest.mark.parametrize(("year", "ident"), [("2027", "t27"), ("2030", "t30"), ("2029", "t30")])
def test_the_year_decides_between_targets(year: str, ident: str) -> None:
    assert first(f"tỷ lệ hồ sơ nộp trực tuyến năm {year}", PlanQuestion(wants_figure=True)).statement.id == ident


def test_who_asks_for_a_figure_gets_a_target() -> None:
    text = "nộp hồ sơ trực tuyến người dân"
    assert first(text).statement.id == "online"
    assert first("hồ sơ trực tuyến bao nhiêu", PlanQuestion(wants_figure=True)).statement.value


def test_who_asks_for_the_lead_or_deadline_gets_a_task_that_has_one() -> None:
    assert first("tập huấn cán bộ", PlanQuestion(wants_lead=True)).statement.lead
    assert first("tập huấn cán bộ", PlanQuestion(wants_deadline=True)).statement.deadline


def test_the_named_plan_wins() -> None:
    text = "tập huấn kỹ năng số"
    for name, ident in [
        ("xã Vĩnh Thử", "xa"),
        ("Vĩnh Thử", "xa"),
        ("tỉnh Quảng Thử", "tinh"),
        ("nghị quyết 05", "tinh"),
        ("nghi quyet nam", "tinh"),
        ("12/KH-UBND", "xa"),
    ]:
        assert TWO.named(asked(f"{text} {name}")) == {ident}
        assert first(f"{text} {name}", index=TWO).plan.id == ident


def test_the_narrowest_name_wins() -> None:
    index = PlanIndex([plan("rong", place="tỉnh Thử"), plan("hep", place="xã Thử Hạ Trung")])
    assert index.named(asked("kế hoạch tỉnh Thử của xã Thử Hạ Trung")) == {"hep"}


def test_no_name_no_plan() -> None:
    assert TWO.named(asked("tập huấn kỹ năng số")) == frozenset()


def test_the_plan_talked_about_before_counts_for_a_little() -> None:
    assert first("tập huấn kỹ năng số", index=TWO, before="tinh").plan.id == "tinh"
    assert first("tập huấn kỹ năng số xã Vĩnh Thử", index=TWO, before="tinh").plan.id == "xa"


def test_the_name_of_the_place_is_no_content() -> None:
    coverage = first("tập huấn kỹ năng số cán bộ xã Vĩnh Thử").coverage
    assert coverage == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["Phòng Kinh tế có nhiệm vụ gì", "phong kinh te lam gi"])
def test_duties_of_a_unit(text: str) -> None:
    assert [item.statement.id for item in ONE.duties(asked(text))] == ["network"]


def test_coordinating_is_a_duty_too() -> None:
    assert [item.statement.id for item in ONE.duties(asked("Công an xã phải làm gì"))] == ["train"]


def test_duties_in_the_named_plan_only() -> None:
    found = TWO.duties(asked("nhiệm vụ của Phòng Kinh tế tỉnh Quảng Thử"))
    assert [item.plan.id for item in found] == ["tinh"]
    both = TWO.duties(asked("nhiệm vụ của Phòng Kinh tế"))
    assert {item.plan.id for item in both} == {"xa", "tinh"}
    before = TWO.duties(asked("nhiệm vụ của Phòng Kinh tế"), "xa")
    assert {item.plan.id for item in before} == {"xa"}


def test_a_unit_that_no_statement_names_has_no_duties() -> None:
    assert ONE.duties(asked("Sở Y tế có nhiệm vụ gì")) == []


def test_results_are_ordered_and_limited() -> None:
    scores = [item.score for item in TWO.search(asked("hồ sơ trực tuyến"), PlanQuestion(), limit=4)]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_meaning_counts_when_there_are_vectors() -> None:
    embedder = HashingEmbedder()
    index = PlanIndex([plan()], np.stack([embedder.embed_query(text) for text in ONE.texts()]))
    vector = embedder.embed_query(statement_text(ONE.entries[3].statement))
    assert index.search(asked("việc này"), PlanQuestion(), vector)[0].statement.id == "network"


def test_texts_hold_all_words_a_question_may_use() -> None:
    assert ONE.texts()[3] == "Phủ sóng 5G ở các thôn.. mạng di động"
    assert len(TWO.texts()) == len(TWO.entries) == 2 * len(STATEMENTS)


def test_without_plans_nothing_is_found() -> None:
    empty = PlanIndex([])
    assert empty.search(asked("tập huấn"), PlanQuestion()) == empty.duties(asked("tập huấn")) == []
    assert empty.named(asked("tập huấn")) == frozenset()


@given(any_message)
def test_whatever_is_asked_never_raises(text: str) -> None:
    everything = PlanQuestion(wants_figure=True, wants_lead=True, wants_deadline=True, wants_duties=True)
    assert len(TWO.search(asked(text), everything)) == 8
    TWO.duties(asked(text))
