"""The trained ranker: a linear score per candidate, turned into a probability against all others and "none of them"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.features import FEATURES

WEIGHTS_FILE = Path(__file__).parent / "data" / "ranker.json"
"""Written by `python -m index.training.train`."""


class RankerUnusable(Exception):
    """The weights file does not fit the features of this version."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """A conditional logit model: P(candidate) is the softmax of its linear score over all candidates.

    One more option, "none of them", has the fixed score `none_bias`; its probability says how little the
    message looks like anything known.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    none_bias: float

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Linear scores of feature rows (n, features)."""
        return np.asarray(((rows - self.mean) / self.scale) @ self.weights, dtype=np.float64)

    def probabilities(self, rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """(probability of each candidate, probability of none of them)."""
        scores = np.append(self.scores(rows), self.none_bias)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return shares[:-1], float(shares[-1])


@cache
def load_ranker(name: str, path: Path = WEIGHTS_FILE) -> Ranker:
    """The weights trained as `name`: `dense` with an embedder, `lexical` without one.

    Raises `RankerUnusable` when the file's features are not this version's.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    _check(data["features"])
    model = data["models"][name]
    return Ranker(
        np.array(model["mean"]), np.array(model["scale"]), np.array(model["weights"]), float(model["none_bias"])
    )


def _check(features: Sequence[str]) -> None:
    if tuple(features) != FEATURES:
        odd = sorted(set(features) ^ set(FEATURES))
        raise RankerUnusable(f"the ranker was trained on other features ({', '.join(odd)}): train it again")
