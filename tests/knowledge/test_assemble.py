"""Content and imports put together: nothing withdrawn is served or pointed to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.assemble import Knowledge, assemble
from knowledge.content import Content
from knowledge.importing import import_procedures
from knowledge.models import Elsewhere, Faq, Group, Plan, Procedure
from knowledge.plans_import import PlanOptions, import_plan

Make = Callable[..., Procedure]
SOURCE = {"date": "2026-07-18"}


def group(ident: str, *codes: str) -> Group:
    variants = [{"code": code, "label": code} for code in codes]
    return Group.model_validate(
        {"id": ident, "asks": ["giấy"], "question": "Giấy nào?", "variants": variants}
    )


@pytest.fixture
def content(procedure: Make) -> Content:
    """Cards for 1.000001 and 1.000009, and things that point to procedures."""
    faq = {
        "id": "q",
        "questions": ["Hỏi?"],
        "answer": "Đáp.",
        "codes": ["1.000001", "1.000002"],
        "author": "A",
        "source": SOURCE,
    }
    elsewhere = {"id": "e", "asks": ["điện"], "answer": "Gọi.", "codes": ["1.000001"]}
    return Content(
        procedures={
            "1.000001": procedure("1.000001", title="Một", popularity=5),
            "1.000009": procedure("1.000009", title="Chín", not_for=[{"when": "Khác", "code": "1.000001"}]),
        },
        groups={
            "three": group("three", "1.000001", "1.000002", "1.000003"),
            "two": group("two", "1.000001", "1.000002"),
        },
        faqs={"q": Faq.model_validate(faq)},
        elsewhere={"e": Elsewhere.model_validate(elsewhere)},
    )


@pytest.fixture
def imported(
    raw_record: Callable[..., dict[str, Any]], export_file: Callable[..., Path], tmp_path: Path
) -> Callable[..., Path]:
    """Imports procedures with the given numbers and gives the data directory."""

    def run(*numbers: int) -> Path:
        records = [raw_record(code=f"1.{number:06}") for number in numbers]
        import_procedures(export_file(*records), tmp_path / "data", allow_shrink=True)
        return tmp_path / "data"

    return run


def test_content_alone(content: Content) -> None:
    knowledge = assemble(content, None)
    assert list(knowledge.procedures) == ["1.000001", "1.000009"]
    assert knowledge.with_card == {"1.000001", "1.000009"}
    assert (knowledge.withdrawn, knowledge.remarks) == ({}, ())


def test_cards_lie_over_imported_records(content: Content, imported: Callable[..., Path]) -> None:
    knowledge = assemble(content, imported(1, 2))
    assert list(knowledge.procedures) == ["1.000001", "1.000002", "1.000009"]
    first = knowledge.procedures["1.000001"]
    assert (first.title, first.agency) == ("Một", "Ủy ban nhân dân cấp xã")
    assert knowledge.with_card == {"1.000001", "1.000009"}


def test_a_withdrawn_procedure_is_gone_even_with_a_card(
    content: Content, imported: Callable[..., Path]
) -> None:
    imported(1, 2, 3)
    knowledge = assemble(content, imported(2, 3))
    assert "1.000001" not in knowledge.procedures
    assert list(knowledge.withdrawn) == ["1.000001"]
    assert knowledge.with_card == {"1.000009"}
    assert any("Thẻ 1.000001 Một" in remark for remark in knowledge.remarks)


def test_nothing_points_to_a_withdrawn_procedure(content: Content, imported: Callable[..., Path]) -> None:
    imported(1, 2, 3)
    knowledge = assemble(content, imported(2, 3))
    assert [variant.code for variant in knowledge.groups["three"].variants] == ["1.000002", "1.000003"]
    assert "two" not in knowledge.groups
    assert any("Nhóm two" in remark for remark in knowledge.remarks)
    assert knowledge.faqs["q"].codes == ("1.000002",)
    assert knowledge.elsewhere["e"].codes == ()
    (other,) = knowledge.procedures["1.000009"].not_for
    assert (other.when, other.code) == ("Khác", None)


def test_imported_plans_join_ours_and_never_replace_them(content: Content, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "Số: 5/KH\n\nHuế, ngày 1 tháng 2 năm 2026\n\nKẾ HOẠCH\n\nChuyển đổi số tỉnh Thử\n\nNội dung.",
        encoding="utf-8",
    )
    plan = import_plan(path, tmp_path, PlanOptions(place="tỉnh Thử")).plan
    assert assemble(content, tmp_path).plans == {plan.id: plan}
    ours = Plan.model_validate({**plan.model_dump(), "id": "ours", "short": "KH 5"})
    content.plans["ours"] = ours
    knowledge = assemble(content, tmp_path)
    assert knowledge.plans == {"ours": ours}
    assert knowledge.remarks == (
        f"Văn bản đã nhập {plan.id} không dùng: đã có bản soạn sẵn của {plan.short}.",
    )


def test_the_hash_follows_the_knowledge_and_nothing_else(
    content: Content, procedure: Make, imported: Callable[..., Path]
) -> None:
    def turned(knowledge: Knowledge) -> Content:
        return Content(
            procedures=dict(reversed(content.procedures.items())),
            groups=dict(reversed(content.groups.items())),
            faqs=content.faqs,
            elsewhere=content.elsewhere,
        )

    first = assemble(content, None)
    assert assemble(turned(first), None).content_hash == first.content_hash
    assert assemble(content, imported(1)).content_hash != first.content_hash
    content.procedures["1.000001"] = procedure("1.000001", title="Khác")
    assert assemble(content, None).content_hash != first.content_hash
