"""Signals are families of features; taking one away masks it, taking a kind of candidate away drops its rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ablation
from benchmarks.ablation import KINDS, SIGNALS, Posed, ablated, families, figures, posed, table, without_kind
from benchmarks.opening import Opened, read_cases
from index.features import FEATURES
from index.ranker import Ranker
from index.training.fit import Example

GROUP = 1
ROWS = np.array([[0.9, 0.0], [0.5, 1.0], [0.1, 0.0]])
RANKER = Ranker(np.zeros(2), np.ones(2), np.array([5.0, 0.0]))


def question(*right: bool) -> Posed:
    return Posed(ROWS, np.array([True, False, True]), np.array(right))


def test_every_feature_belongs_to_a_signal_and_no_signal_is_empty() -> None:
    assert SIGNALS.keys() <= families().keys()
    assert set(KINDS.values()) <= set(FEATURES)
    covered = {column for columns in families().values() for column in columns}
    assert covered == set(range(len(FEATURES)))


def test_a_feature_that_no_signal_names_is_one_of_its_own() -> None:
    assert families(["dense_title", "quite_new"]) == {"cosines": [0], "quite_new": [1]}


def test_figures_order_only_procedures_but_weigh_all_candidates() -> None:
    best, last, lost = question(True, False, False), question(False, False, True), question(False, False, False)
    found = figures(RANKER, [best, last, lost])
    assert (found.count, found.first, found.in_three) == (3, 1, 2)
    shares = RANKER.probabilities(ROWS)
    assert found.likelihood == pytest.approx(np.log(shares[[0, 2]]).mean())


def test_without_a_kind_its_rows_and_its_questions_go() -> None:
    kept = without_kind([Example(ROWS, 2), Example(ROWS, 1), Example(ROWS, 0)], GROUP)
    assert [example.right for example in kept] == [1, 0]
    assert all((example.rows[:, GROUP] == 0).all() for example in kept)


def test_a_masked_signal_that_told_all_costs_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation, "FEATURES", ("telling", "idle"))
    monkeypatch.setattr(ablation, "SIGNALS", {"telling": ("telling",), "idle": ("idle",)})
    monkeypatch.setattr(ablation, "families", _of(families, ("telling", "idle")))
    chance = np.random.default_rng(1)
    training = []
    for _ in range(60):
        rows = np.column_stack([np.zeros(4), chance.random(4)])
        right = int(chance.integers(4))
        rows[right, 0] = 1.0
        training.append(Example(rows, right))
    everything = np.ones(4, dtype=np.bool_)
    asked = [Posed(e.rows, everything, np.arange(4) == e.right) for e in training]
    rows_of = {name: results[0] for name, results in ablated(training, {"own": asked})}
    assert rows_of["nothing"].first == rows_of["idle"].first == 60
    assert rows_of["telling"].first < 40
    printed = table(list({name: [result] for name, result in rows_of.items()}.items()), ["own"]).splitlines()
    assert printed[2].startswith("| nothing | 100.0 | 100.0 | ")
    assert "(+0.0)" in next(line for line in printed if line.startswith("| idle |"))


def _of(function: Callable[..., dict[str, list[int]]], features: tuple[str, ...]) -> Callable[[], dict[str, list[int]]]:
    return lambda: function(features)


def test_questions_get_rows_from_a_real_build(opened: Opened, question_set: Path) -> None:
    asked = posed(opened.library, read_cases(question_set, opened.library))
    assert len(asked) == 2
    for item in asked:
        assert item.rows.shape == (len(item.right), len(FEATURES))
        assert item.right.sum() == 1
        assert item.procedure[item.right].all()
