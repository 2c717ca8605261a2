"""Linear scores become probabilities; weights that do not fit are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.features import FEATURES
from index.ranker import Ranker, RankerUnusable, load_rankers

WIDTH = 3
RANKER = Ranker(np.zeros(WIDTH), np.ones(WIDTH), np.array([2.0, -1.0, 0.5]))
numbers = st.floats(-1e6, 1e6)
rows = st.lists(st.lists(numbers, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=20)


@given(rows)
def test_all_candidates_together_make_one(values: list[list[float]]) -> None:
    shares = RANKER.probabilities(np.array(values))
    assert len(shares) == len(values)
    assert shares.sum() == pytest.approx(1.0)
    assert ((shares >= 0) & (shares <= 1)).all()


@given(rows)
def test_the_higher_score_never_has_the_lower_probability(values: list[list[float]]) -> None:
    order = np.argsort(RANKER.scores(np.array(values)), kind="stable")
    shares = RANKER.probabilities(np.array(values))[order]
    assert (np.diff(shares) >= 0).all()


def test_the_odds_are_the_difference_of_scores() -> None:
    values = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    shares = RANKER.probabilities(values)
    assert list(np.argsort(-shares)) == [1, 0, 2]
    assert np.log(shares[1] / shares[2]) == pytest.approx(3.0)


def test_features_are_put_on_one_scale() -> None:
    ranker = Ranker(np.array([1.0]), np.array([2.0]), np.array([3.0]))
    assert ranker.scores(np.array([[5.0]])).tolist() == [6.0]


@pytest.mark.parametrize("name", ["encoded", "words"])
def test_the_shipped_weights_fit_this_version(name: str) -> None:
    ranker = getattr(load_rankers(), name)
    assert ranker.mean.shape == ranker.scale.shape == ranker.weights.shape == (len(FEATURES),)
    assert (ranker.scale > 0).all()
    assert np.isfinite(ranker.weights).all()


@pytest.mark.parametrize("name", ["encoded", "words"])
def test_what_says_a_name_in_full_speaks_for_it(name: str) -> None:
    """Any good weights: a text near in words or meaning speaks for a candidate, and a hint; a sibling's does not."""
    weights = dict(zip(FEATURES, getattr(load_rankers(), name).weights, strict=True))
    assert sum(weights[name] for name in weights if name.startswith(("title", "name", "situation", "dense"))) > 0
    assert weights["hint_own"] > weights["hint_sibling"]
    assert weights["act_match"] > weights["act_mismatch"]


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({"features": [*FEATURES[:-1], "luck"], "models": {}}))
    with pytest.raises(RankerUnusable, match="luck"):
        load_rankers(path)


def test_weights_of_the_same_features_in_another_order_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({"features": list(reversed(FEATURES)), "models": {}}))
    with pytest.raises(RankerUnusable):
        load_rankers(path)
