"""Refitting finds what training finds, only sooner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.refit import Refitter
from index.training.fit import Example, fit


def toy(count: int = 150, seed: int = 3) -> list[Example]:
    """The right candidate tends to have a high first feature and a low second; the third never changes."""
    chance = np.random.default_rng(seed)
    examples = []
    for number in range(count):
        rows = chance.random((int(chance.integers(2, 7)), 3))
        rows[:, 2] = 7.0
        right = int(np.argmax(2 * rows[:, 0] - rows[:, 1] + chance.normal(0, 0.3, len(rows))))
        examples.append(Example(rows, right, weight=1.0 + number % 2))
    return examples


@pytest.mark.parametrize("masked", [[], [0], [1, 2]])
def test_it_finds_the_weights_of_the_training(masked: list[int]) -> None:
    blind = [replace(example, rows=example.rows * ~np.isin(np.arange(3), masked)) for example in toy()]
    slow, quick = fit(blind, rounds=3000), Refitter(toy()).without(masked)
    assert np.allclose(slow.weights, quick.weights, atol=0.01)
    assert (quick.weights[masked] == 0).all()


def test_fits_do_not_disturb_each_other() -> None:
    refitter = Refitter(toy())
    first = refitter.without()
    refitter.without([0])
    assert refitter.without().weights.tolist() == first.weights.tolist()


def test_what_is_separable_stays_finite() -> None:
    rows = np.array([[1.0, 0.0], [0.0, 0.0]])
    model = Refitter([Example(rows, 0)] * 20).without()
    assert np.isfinite(model.weights).all()
    assert model.probabilities(rows)[0] > 0.9
