"""Every procedure has a counter, and only those that a counter can take are offered one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.appointments import services as module
from bot.appointments.services import OTHER, minutes_of, service_named, service_of, services
from bot.appointments.venues import Reach, bookable, distance_km, near_first, reach_of, takes, venues
from knowledge.database import KnowledgeBase

DATA = Path(module.__file__).parent / "data"


def test_every_field_of_our_cards_stands_in_one_group(shipped: KnowledgeBase) -> None:
    fields = [field for service in services().values() for field in service.fields]
    assert len(fields) == len(set(fields))
    assert {procedure.field for procedure in shipped.procedures()} <= set(fields)


def test_every_official_procedure_has_a_group(official: KnowledgeBase) -> None:
    assert {service_of(procedure).id for procedure in official.procedures()} <= services().keys()


def test_no_group_is_empty(shipped: KnowledgeBase) -> None:
    assert {service_of(procedure).id for procedure in shipped.procedures()} == services().keys()


def test_visits_are_of_whole_half_hours_and_of_known_procedures(shipped: KnowledgeBase) -> None:
    longer = yaml.safe_load((DATA / "visits.yaml").read_text("utf-8"))
    assert all(shipped.procedure(code) for code in longer)
    assert all(minutes % 30 == 0 for minutes in [*longer.values(), *(s.minutes for s in services().values())])


@pytest.mark.parametrize(
    ("code", "group", "minutes"),
    [("1.014061", "can_cuoc_cu_tru", 30), ("1.000894", "ho_tich", 60), ("1.012783", "dat_dai_xay_dung", 60)],
)
def test_a_procedure_leads_to_its_counter(shipped: KnowledgeBase, code: str, group: str, minutes: int) -> None:
    procedure = shipped.procedure(code)
    assert procedure is not None
    service = service_of(procedure)
    assert (service.id, minutes_of(service, procedure)) == (group, minutes)


@pytest.mark.parametrize("name", ["Hộ tịch", "ho tich", "tư pháp hộ tịch"])
def test_a_counter_is_found_by_its_name(name: str) -> None:
    found = service_named(name)
    assert found is not None
    assert found.id == "ho_tich"


def test_what_is_no_counter_is_none() -> None:
    assert service_named("làm căn cước") is None
    assert OTHER in services()


@pytest.mark.parametrize(
    ("code", "reach"),
    [
        ("1.014063", Reach.ANY),  # non-territorial
        ("1.001193", Reach.COMMUNE),
        ("1.011410", Reach.ELSEWHERE),  # the ministry's, on the web
        ("1.013080", Reach.ONLINE),
        ("1.005103", Reach.ELSEWHERE),
        ("1.014171", Reach.PROVINCE),
    ],
)
def test_who_takes_a_procedure(shipped: KnowledgeBase, code: str, reach: Reach) -> None:
    procedure = shipped.procedure(code)
    assert reach_of(procedure) is reach
    assert bookable(procedure) is (reach in (Reach.ANY, Reach.COMMUNE, Reach.PROVINCE))


def test_only_the_centres_that_can_take_it_are_its_venues(shipped: KnowledgeBase) -> None:
    offices = list(shipped.offices.values())
    birth, pension, card = (shipped.procedure(code) for code in ("1.001193", "1.014171", "1.014063"))
    assert [office.id for office in venues(pension, offices)] == ["tinh_quang_tri"]
    assert {office.level for office in venues(birth, offices)} == {"commune"}
    assert len(venues(card, offices)) == len(offices)
    assert venues(None, offices)[0].id == "tinh_quang_tri"
    assert not takes(shipped.offices["tinh_quang_tri"], birth)


def test_neighbours_come_by_distance(shipped: KnowledgeBase) -> None:
    here = shipped.offices["phuong_dong_ha"]
    assert near_first(shipped.offices.values(), here)[0].id == "phuong_nam_dong_ha"
    assert near_first(shipped.offices.values(), shipped.offices["tinh_quang_tri"]) == []
    assert distance_km(shipped.offices["tinh_quang_tri"], 16.8, 107.1) == float("inf")
