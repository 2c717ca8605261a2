"""Linear scores become probabilities; weights that do not fit are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.features import FEATURES
from index.ranker import Ranker, RankerUnusable, load_ranker

WIDTH = 3
RANKER = Ranker(np.zeros(WIDTH), np.ones(WIDTH), np.array([2.0, -1.0, 0.5]), 0.3)
numbers = st.floats(-1e6, 1e6)
rows = st.lists(st.lists(numbers, min_size=WIDTH, max_size=WIDTH), max_size=20)


@given(rows)
def test_all_candidates_and_none_of_them_make_one(values: list[list[float]]) -> None:
    shares, none = RANKER.probabilities(np.array(values).reshape(-1, WIDTH))
    assert len(shares) == len(values)
    assert shares.sum() + none == pytest.approx(1.0)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert 0 <= none <= 1


def test_the_higher_score_has_the_higher_probability() -> None:
    values = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    shares, none = RANKER.probabilities(values)
    assert list(np.argsort(-shares)) == [1, 0, 2]
    assert np.log(shares[0] / none) == pytest.approx(-0.3)


def test_features_are_put_on_one_scale() -> None:
    ranker = Ranker(np.array([1.0]), np.array([2.0]), np.array([3.0]), 0.0)
    assert ranker.scores(np.array([[5.0]])).tolist() == [6.0]


def test_without_candidates_it_is_none_of_them() -> None:
    shares, none = RANKER.probabilities(np.zeros((0, WIDTH)))
    assert (shares.tolist(), none) == ([], 1.0)


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_the_shipped_weights_fit_this_version(name: str) -> None:
    ranker = load_ranker(name)
    assert ranker.mean.shape == ranker.scale.shape == ranker.weights.shape == (len(FEATURES),)
    assert (ranker.scale > 0).all()
    assert np.isfinite(ranker.weights).all()


def test_without_vectors_their_features_weigh_nothing() -> None:
    weights = dict(zip(FEATURES, load_ranker("lexical").weights, strict=True))
    assert {name: weight for name, weight in weights.items() if name.startswith("dense") and weight} == {}


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({"features": [*FEATURES[:-1], "luck"], "models": {}}))
    with pytest.raises(RankerUnusable, match="luck"):
        load_ranker("dense", path)


def test_weights_of_the_same_features_in_another_order_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({"features": list(reversed(FEATURES)), "models": {}}))
    with pytest.raises(RankerUnusable):
        load_ranker("dense", path)
