"""Typed questions become samples of the one thing they mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.training.samples import FOLDS, TYPED_WEIGHT, Sample, part_of
from index.training.typed import QUESTIONS, typed
from index.units import OUTSIDE

GROUPS = {"g:a": frozenset({"1.000001", "1.000002"}), "g:b": frozenset({"1.000003", "1.000004", "1.000005"})}


def row(case: str, behaviour: str, codes: list[str], turn: int = 1) -> dict[str, object]:
    return {"case": case, "turn": turn, "question": f"hỏi {case}", "expect_codes": codes, "behaviour": behaviour}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        row("plain", "answer", ["1.000001"]),
        row("plain", "answer", ["1.000002"], turn=2),
        row("either", "answer", ["1.000003", "1.000004"]),
        row("vague", "ask_back", ["1.000001", "1.000002", "1.000009"]),
        row("other", "ask_back", ["1.000001", "1.000009"]),
        row("outside", "out_of_scope", []),
    ]
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(json.dumps(item) for item in rows), encoding="utf-8")
    return path


def test_each_question_leads_to_what_it_means(file: Path) -> None:
    found: dict[str, list[Sample]] = {}
    for sample in typed(GROUPS, file):
        found.setdefault(sample.origin, []).append(sample)
    targets = {case: sorted({sample.target for sample in made}) for case, made in found.items()}
    assert targets == {
        "plain": ["1.000001"],
        "either": ["1.000003", "1.000004"],
        "vague": ["g:a"],
        "outside": [OUTSIDE],
    }, "a later turn and what no group asks for are no samples"
    assert {sample.weight for sample in found["either"]} == {TYPED_WEIGHT / 2}
    assert {sample.unit for made in found.values() for sample in made} == {None}


def test_each_is_there_as_typed_and_once_more_dirtied(file: Path) -> None:
    texts = [sample.text for sample in typed(GROUPS, file) if sample.origin == "plain"]
    assert texts[0] == "hỏi plain"
    assert len(texts) == 2
    assert texts[1] != texts[0]


def test_all_of_one_case_is_in_one_part() -> None:
    parts: dict[str, set[int]] = {}
    for sample in typed(GROUPS, QUESTIONS):
        parts.setdefault(sample.origin, set()).add(part_of(sample))
    assert {len(found) for found in parts.values()} == {1}
    assert set().union(*parts.values()) == set(range(FOLDS))
