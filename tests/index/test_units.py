"""The texts a question is held against, and what each leads to."""

from __future__ import annotations

from typing import Any

import pytest

from index.text import tokens
from index.units import (
    OUTSIDE,
    TargetKind,
    Unit,
    UnitKind,
    other_units,
    outside_units,
    procedure_units,
    searched,
    target_kind,
)
from knowledge.models import Elsewhere, Faq, Group, Procedure

SOURCE = {"date": "2026-07-18"}


def procedure(**fields: Any) -> Procedure:
    card = {"code": "1.000001", "name": "Thủ tục cấp giấy thử", "field": "Hộ tịch", "source": SOURCE}
    return Procedure.model_validate({**card, **fields})


def texts(record: Procedure, kind: UnitKind) -> list[str]:
    return [unit.text for unit in procedure_units(record) if unit.kind is kind]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Thủ tục cấp giấy thử", "cấp giấy thử"),
        ("THỦ TỤC HÀNH CHÍNH cấp giấy thử", "cấp giấy thử"),
        ("Cấp giấy thử theo thủ tục rút gọn", "Cấp giấy thử theo thủ tục rút gọn"),
    ],
)
def test_a_title_stands_without_the_word_procedure(name: str, text: str) -> None:
    assert texts(procedure(name=name), UnitKind.TITLE) == [text]


def test_our_title_is_a_name_unless_the_official_one_holds_it() -> None:
    assert texts(procedure(title="Giấy thử mới"), UnitKind.ALIAS) == ["Giấy thử mới"]
    assert texts(procedure(title="Cấp giấy thử"), UnitKind.ALIAS) == []


def test_names_situations_and_examples_are_units_of_their_own() -> None:
    card = procedure(aliases=["làm giấy", "xin giấy"], situations=["mất giấy"], examples=["lam giay o dau z"])
    assert texts(card, UnitKind.ALIAS) == ["làm giấy", "xin giấy"]
    assert texts(card, UnitKind.SITUATION) == ["mất giấy"]
    assert texts(card, UnitKind.EXAMPLE) == ["lam giay o dau z"]


def test_the_body_says_field_result_papers_and_cases() -> None:
    card = procedure(
        result=["Giấy thử"],
        dossier=[{"name": "Tờ khai"}],
        cases=[{"id": "a", "when": "Mất", "then": "Khai lại"}],
        conditions=["Đủ 18 tuổi"],
    )
    assert texts(card, UnitKind.BODY) == ["Hộ tịch. Giấy thử. Tờ khai. Mất. Khai lại. Đủ 18 tuổi"]


def test_a_body_has_its_limit() -> None:
    (body,) = texts(procedure(summary="dài " * 2000), UnitKind.BODY)
    assert len(body) == 3000


def test_groups_faqs_and_things_elsewhere_are_told_by_their_prefix() -> None:
    variants = [{"code": "1.000001", "label": "A"}, {"code": "1.000002", "label": "B"}]
    group = Group.model_validate(
        {"id": "g", "asks": ["giấy"], "examples": ["giấy chi"], "question": "Nào?", "variants": variants}
    )
    elsewhere = Elsewhere(id="e", asks=("điện",), answer="Gọi.")
    faq = Faq.model_validate({"id": "f", "questions": ["Hỏi?"], "answer": "Đáp.", "author": "A", "source": SOURCE})
    assert list(other_units([group], [elsewhere], [faq])) == [
        Unit("g:g", UnitKind.ALIAS, "giấy"),
        Unit("g:g", UnitKind.EXAMPLE, "giấy chi"),
        Unit("e:e", UnitKind.ALIAS, "điện"),
        Unit("f:f", UnitKind.EXAMPLE, "Hỏi?"),
    ]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("1.000001", TargetKind.PROCEDURE),
        ("g:a", TargetKind.GROUP),
        ("e:a", TargetKind.ELSEWHERE),
        ("f:a", TargetKind.FAQ),
        (OUTSIDE, TargetKind.NONE),
    ],
)
def test_what_a_target_is(target: str, kind: TargetKind) -> None:
    assert target_kind(target) is kind


def test_what_is_none_of_ours_has_texts_of_its_own() -> None:
    units = list(outside_units())
    assert len(units) > 100
    assert {(unit.target, unit.kind) for unit in units} == {(OUTSIDE, UnitKind.EXAMPLE)}
    assert all(tokens(unit.text) for unit in units)
    assert not any(unit.text.startswith("#") for unit in units)
    assert len({unit.text.casefold() for unit in units}) == len(units)


def test_questions_are_held_against_all_but_bodies_target_by_target() -> None:
    kinds = [UnitKind.BODY, UnitKind.EXAMPLE, UnitKind.SITUATION, UnitKind.ALIAS, UnitKind.TITLE]
    units = [Unit(target, kind, f"{target} {kind}") for kind in kinds for target in ("b", "a")]
    units.append(Unit("b", UnitKind.ALIAS, "b alias 2"))
    order = [units[number].text for number in searched(units)]
    assert order == [
        "b title", "b alias", "b alias 2", "b situation", "b example",
        "a title", "a alias", "a situation", "a example",
    ]  # fmt: skip
    assert searched([]) == []
