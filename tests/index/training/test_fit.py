"""The fit finds what separates right from wrong, and nothing where nothing may be seen."""

from __future__ import annotations

import numpy as np
import pytest

from index.training.fit import Adam, Example, fit
from index.training.train import accuracy


def toy(count: int = 200, seed: int = 3) -> list[Example]:
    """The right candidate has the highest first feature; the second tells nothing."""
    chance = np.random.default_rng(seed)
    examples = []
    for _ in range(count):
        rows = chance.random((int(chance.integers(2, 6)), 2))
        right = int(chance.integers(len(rows)))
        rows[:, 0] *= 0.3
        rows[right, 0] += 0.7
        examples.append(Example(rows, right))
    return examples


def test_it_learns_what_separates() -> None:
    model = fit(toy())
    right, likelihood = accuracy(model, toy(seed=4))
    assert right > 0.98
    assert likelihood > -0.2
    assert model.weights[0] > 10 * abs(model.weights[1])


def test_an_example_of_more_weight_counts_more() -> None:
    """Two kinds of examples that contradict each other: the weightier kind decides."""
    rows = np.array([[1.0], [0.0]])
    first, second = [Example(rows, 0, weight) for weight in (4.0, 1.0)], [Example(rows, 1, w) for w in (1.0, 4.0)]
    assert fit([first[0], second[0]]).weights[0] > 0 > fit([first[1], second[1]]).weights[0]


def test_only_the_ratio_of_weights_counts() -> None:
    light, heavy = toy(50), [Example(e.rows, e.right, 7.0) for e in toy(50)]
    assert np.allclose(fit(light).weights, fit(heavy).weights)


def test_adam_goes_down_to_the_lowest_point() -> None:
    place, adam = np.array([3.0, -2.0]), Adam(2)
    for _ in range(500):
        place = place - adam.step(2 * place)
    assert np.abs(place).max() < 0.05


def test_the_first_step_of_adam_is_its_rate_whatever_the_slope() -> None:
    for slope in (1e-3, 1.0, 1e3):
        assert Adam(1, rate=0.05).step(np.array([slope])) == pytest.approx(0.05, rel=1e-3)


def test_a_feature_that_never_changes_does_no_harm() -> None:
    examples = [Example(np.column_stack([e.rows, np.full(len(e.rows), 7.0)]), e.right) for e in toy()]
    model = fit(examples)
    assert np.isfinite(model.weights).all()
    assert accuracy(model, examples)[0] > 0.98


def test_a_higher_penalty_gives_smaller_weights() -> None:
    assert np.abs(fit(toy(), penalty=50.0).weights).sum() < np.abs(fit(toy(), penalty=0.5).weights).sum()


def test_the_gradient_has_come_to_rest() -> None:
    short, long = fit(toy(), rounds=400), fit(toy(), rounds=1200)
    assert np.allclose(short.weights, long.weights, atol=0.15)


def test_the_same_examples_give_the_same_weights() -> None:
    first, second = fit(toy()), fit(toy())
    assert first.weights.tolist() == second.weights.tolist()
