"""The trained ranker: a linear score per candidate, turned into a probability against all others."""

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

Rows = NDArray[np.float64]


class RankerUnusable(Exception):
    """The weights file does not fit the features of this version."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """A conditional logit model: P(candidate) is the softmax of its linear score over all candidates.

    One of the candidates is always "none of ours"; its probability says how little the message looks like
    anything known.
    """

    mean: Rows
    scale: Rows
    weights: Rows

    def scores(self, rows: Rows) -> Rows:
        """Linear scores of feature rows (n, features)."""
        return np.asarray(((rows - self.mean) / self.scale) @ self.weights, dtype=np.float64)

    def probabilities(self, rows: Rows) -> Rows:
        """Probability of each of one or more candidates."""
        scores = self.scores(rows)
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Rankers:
    """The same model for cosines that the encoder had a part in, and for those of the words alone."""

    encoded: Ranker
    words: Ranker


@cache
def load_rankers(path: Path = WEIGHTS_FILE) -> Rankers:
    """The trained weights.

    Raises `RankerUnusable` when the file's features are not this version's.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    _check(data["features"])
    made = {name: Ranker(*(np.array(model[key]) for key in _PARTS)) for name, model in data["models"].items()}
    return Rankers(made["encoded"], made["words"])


_PARTS = ("mean", "scale", "weights")


def _check(features: Sequence[str]) -> None:
    if tuple(features) != FEATURES:
        odd = sorted(set(features) ^ set(FEATURES))
        raise RankerUnusable(f"the ranker was trained on other features ({', '.join(odd)}): train it again")
