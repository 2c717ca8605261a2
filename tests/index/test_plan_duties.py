"""The tasks of a unit, document by document."""

from __future__ import annotations

from index.plan_duties import duty_lists, find_duties, pointer
from index.plan_units import unit_key
from tests.index.plan_support import TWO

POLICE = {unit_key("Công an xã")}


def test_what_a_unit_leads_comes_before_what_it_helps_with() -> None:
    first, second = duty_lists(TWO.plans.values(), POLICE)
    assert [statement.id for statement in first.statements] == ["safety", "train"]
    assert (first.plan.id, second.plan.id, first.unit) == ("xa", "tinh", "Công an xã")


def test_only_in_the_documents_asked_for() -> None:
    (only,) = duty_lists([TWO.plans["tinh"]], POLICE)
    assert only.plan.id == "tinh"


def test_a_unit_that_no_document_names_has_none() -> None:
    assert duty_lists(TWO.plans.values(), {"so y te"}) == []


def test_a_pointer_leads_back_to_its_list() -> None:
    for plan in TWO.plans.values():
        for unit in {unit for statement in plan.statements for unit in statement.lead}:
            (duties,) = duty_lists([plan], {unit_key(unit)})
            assert pointer(duties).isascii()
            assert find_duties(TWO.plans.values(), pointer(duties)) == duties


def test_a_pointer_to_what_is_gone_leads_nowhere() -> None:
    assert find_duties(TWO.plans.values(), "xa:gone:l0") is None
    assert find_duties([], "xa:train:l0") is None
    assert find_duties(TWO.plans.values(), "") is None
