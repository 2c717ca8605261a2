"""Fits the conditional logit of the ranker: maximum likelihood with an L2 penalty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.ranker import Ranker

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Feature rows of one question's candidates and the place of the right one."""

    rows: Rows
    right: int
    weight: float = 1.0


def fit(examples: Sequence[Example], penalty: float = 2.0, rounds: int = 400) -> Ranker:
    """Fit by Adam on the whole set."""
    stacked = np.concatenate([example.rows for example in examples])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale < 1e-9] = 1.0
    matrix = (stacked - mean) / scale
    data = _Data(matrix, examples)
    weights = np.zeros(matrix.shape[1])
    adam = Adam(len(weights))
    for _ in range(rounds):
        weights = weights - adam.step(data.gradient(weights) + penalty * weights / len(examples))
    return Ranker(mean, scale, weights)


def accuracy(model: Ranker, held_out: Sequence[Example]) -> tuple[float, float]:
    """(share of right first choices, mean log probability of the right one) on held-out questions."""
    right, total = 0, 0.0
    for example in held_out:
        shares = model.probabilities(example.rows)
        right += int(shares.argmax() == example.right)
        total += float(np.log(max(shares[example.right], 1e-12)))
    return right / len(held_out), total / len(held_out)


def rounded(model: DataclassInstance) -> dict[str, object]:
    """The arrays of a model as lists, for its weights file."""
    return {name: array.round(6).tolist() for name, array in asdict(model).items()}


class _Data:
    def __init__(self, matrix: Rows, examples: Sequence[Example]) -> None:
        sizes = np.array([len(example.rows) for example in examples])
        self._matrix = matrix
        self._starts = np.cumsum(sizes) - sizes
        self._sizes = sizes
        self._rights = self._starts + np.array([example.right for example in examples])
        shares = np.array([example.weight for example in examples])
        self._share = np.repeat(shares / shares.sum(), sizes)

    def gradient(self, weights: Rows) -> Rows:
        scores = self._matrix @ weights
        tops = np.maximum.reduceat(scores, self._starts)
        powers = np.exp(scores - np.repeat(tops, self._sizes))
        errors = powers / np.repeat(np.add.reduceat(powers, self._starts), self._sizes)
        errors[self._rights] -= 1.0
        return np.asarray(self._matrix.T @ (errors * self._share))


class Adam:
    """Adam (Kingma and Ba 2015) with its usual constants."""

    def __init__(self, size: int | tuple[int, ...], rate: float = 0.05) -> None:
        self._rate, self._time = rate, 0
        self._first, self._second = np.zeros(size), np.zeros(size)

    def step(self, gradient: Rows) -> Rows:
        """What to subtract from the weights."""
        self._time += 1
        self._first = 0.9 * self._first + 0.1 * gradient
        self._second = 0.999 * self._second + 0.001 * gradient**2
        first = self._first / (1 - 0.9**self._time)
        second = self._second / (1 - 0.999**self._time)
        return np.asarray(self._rate * first / (np.sqrt(second) + 1e-8))
