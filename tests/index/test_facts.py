"""What the ranker knows of a target besides its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import read_facts, target_facts, write_facts
from index.features import TargetFacts
from knowledge.models import Procedure


def facts(**fields: Any) -> TargetFacts:
    card = {"code": "1.000001", "name": "Thử", "field": "Hộ tịch", "source": {"date": "2026-07-18"}, **fields}
    return target_facts([Procedure.model_validate(card)])["1.000001"]


def test_levels_popularity_and_card() -> None:
    card = facts(level=["commune", "province"], popularity=4, aliases=["làm giấy"])
    assert (card.commune, card.province, card.popularity, card.has_card) == (True, True, 4, True)
    bare = facts(level=["ministry"])
    assert (bare.commune, bare.province, bare.popularity, bare.has_card) == (False, False, 0, False)


@pytest.mark.parametrize(
    ("subjects", "citizen"),
    [([], True), (["Công dân Việt Nam"], True), (["Hộ gia đình"], True), (["Doanh nghiệp"], False)],
)
def test_whom_it_is_for(subjects: list[str], citizen: bool) -> None:
    assert facts(subjects=subjects).citizen is citizen


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    written = {"1.000001": facts(level=["commune"], popularity=3), "g:a": facts(subjects=["Doanh nghiệp"])}
    path = tmp_path / "100% dữ liệu?.db"
    write_facts(path, written)
    assert read_facts(path) == written
