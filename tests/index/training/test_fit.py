"""The fit finds what separates right from wrong, and nothing where nothing may be seen."""

from __future__ import annotations

import numpy as np
import pytest

from index.ranker import Ranker
from index.training.fit import Example, Fitted, fit
from index.training.train import accuracy


def toy(count: int = 200, seed: int = 3) -> list[Example]:
    """The right candidate has the highest first feature; where all are low, none is right. The second tells nothing."""
    chance = np.random.default_rng(seed)
    examples = []
    for _ in range(count):
        rows = chance.random((int(chance.integers(2, 6)), 2))
        right = int(chance.integers(-1, len(rows)))
        rows[:, 0] *= 0.3
        if right >= 0:
            rows[right, 0] += 0.7
        examples.append(Example(rows, right))
    return examples


def ranker(model: Fitted) -> Ranker:
    return Ranker(model.mean, model.scale, model.weights, model.none_bias)


def test_it_learns_what_separates() -> None:
    model = fit(toy())
    right, likelihood = accuracy(model, toy(seed=4))
    assert right > 0.98
    assert likelihood > -0.2
    assert model.weights[0] > 10 * abs(model.weights[1])


def test_none_of_them_is_learnt_too() -> None:
    shares, none = ranker(fit(toy())).probabilities(np.array([[0.1, 0.9], [0.2, 0.1]]))
    assert none > shares.max()


@pytest.mark.parametrize("masked", [[0], [1], [0, 1]])
def test_masked_features_weigh_nothing(masked: list[int]) -> None:
    model = fit(toy(), masked=masked)
    assert (model.weights[masked] == 0.0).all()


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
    assert first.none_bias == second.none_bias
