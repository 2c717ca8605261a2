"""Fits the conditional logit of the ranker: maximum likelihood with an L2 penalty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Feature rows of one question's candidates and the place of the right one; -1 means none of them."""

    rows: Rows
    right: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the ranker needs."""

    mean: Rows
    scale: Rows
    weights: Rows
    none_bias: float


def fit(examples: Sequence[Example], penalty: float = 2.0, rounds: int = 400, masked: Sequence[int] = ()) -> Fitted:
    """Fit by Adam on the whole set; `masked` features keep weight 0."""
    stacked = np.concatenate([example.rows for example in examples])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale < 1e-9] = 1.0
    starts = np.cumsum([0, *(len(example.rows) for example in examples)])
    matrix = (stacked - mean) / scale
    matrix[:, list(masked)] = 0.0
    rights = np.array([start + e.right if e.right >= 0 else -1 for start, e in zip(starts, examples, strict=False)])
    weights, bias = np.zeros(matrix.shape[1]), 0.0
    adam = _Adam(len(weights) + 1)
    for _ in range(rounds):
        gradient, bias_gradient = _gradient(matrix, starts, rights, weights, bias)
        gradient += penalty * weights / len(examples)
        step = adam.step(np.append(gradient, bias_gradient))
        weights, bias = weights - step[:-1], bias - float(step[-1])
    weights[list(masked)] = 0.0
    return Fitted(mean, scale, weights, bias)


def _gradient(
    matrix: Rows, starts: NDArray[np.int64], rights: NDArray[np.int64], weights: Rows, bias: float
) -> tuple[Rows, float]:
    scores = matrix @ weights
    firsts = starts[:-1]
    tops = np.maximum(np.maximum.reduceat(scores, firsts), bias)
    sizes = np.diff(starts)
    powers = np.exp(scores - np.repeat(tops, sizes))
    none_powers = np.exp(bias - tops)
    totals = np.add.reduceat(powers, firsts) + none_powers
    shares = powers / np.repeat(totals, sizes)
    shares[rights[rights >= 0]] -= 1.0
    count = len(firsts)
    none = float(((none_powers / totals) - (rights < 0)).sum()) / count
    return np.asarray(matrix.T @ shares / count), none


class _Adam:
    """Adam (Kingma and Ba 2015) with its usual constants."""

    def __init__(self, size: int, rate: float = 0.05) -> None:
        self._rate, self._time = rate, 0
        self._first, self._second = np.zeros(size), np.zeros(size)

    def step(self, gradient: Rows) -> Rows:
        self._time += 1
        self._first = 0.9 * self._first + 0.1 * gradient
        self._second = 0.999 * self._second + 0.001 * gradient**2
        first = self._first / (1 - 0.9**self._time)
        second = self._second / (1 - 0.999**self._time)
        return np.asarray(self._rate * first / (np.sqrt(second) + 1e-8))
