"""Fits the ranker's model many times over on the same questions, each time without some of its features.

The model and its penalty are those of `index.training.fit`; Newton's method needs a few steps where that one takes
hundreds, which pays when there are dozens of fits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.ranker import Ranker
from index.training.fit import Example

_STEPS = 30
_AT_REST = 1e-9
"""A step that lowers the loss by less ends the search."""
_HALVINGS = 12

Rows = NDArray[np.float64]


class Refitter:
    """Training questions, stacked and standardised once."""

    def __init__(self, examples: Sequence[Example], penalty: float = 2.0) -> None:
        sizes = np.array([len(example.rows) for example in examples])
        self._rows = np.concatenate([example.rows for example in examples])
        self._mean, self._scale = self._rows.mean(axis=0), self._rows.std(axis=0)
        self._scale[self._scale < 1e-9] = 1.0
        self._rows -= self._mean
        self._rows /= self._scale
        self._starts = np.cumsum(sizes) - sizes
        self._sizes = sizes
        self._rights = self._starts + np.array([example.right for example in examples])
        weights = np.array([example.weight for example in examples])
        self._shares = weights / weights.sum()
        self._penalty = penalty / len(examples)

    def without(self, masked: Sequence[int] = ()) -> Ranker:
        """The best weights where `masked` features weigh nothing."""
        free = np.setdiff1d(np.arange(self._rows.shape[1]), masked)
        weights = np.zeros(self._rows.shape[1])
        loss, shares = self._at(weights)
        for _ in range(_STEPS):
            gradient, curvature = self._slopes(weights, shares)
            step = np.zeros_like(weights)
            step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
            weights, shares, lower = self._descend(weights, step, loss)
            if loss - lower < _AT_REST:
                break
            loss = lower
        return Ranker(self._mean, self._scale, weights)

    def _descend(self, weights: Rows, step: Rows, loss: float) -> tuple[Rows, Rows, float]:
        """The step, halved until it leads down; (weights, probabilities, loss) there."""
        for halving in range(_HALVINGS):
            tried = weights - step / 2**halving
            lower, shares = self._at(tried)
            if lower <= loss:
                return tried, shares, lower
        return weights, self._at(weights)[1], loss

    def _at(self, weights: Rows) -> tuple[float, Rows]:
        """(loss, probability of each candidate)."""
        scores = self._rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, self._starts), self._sizes)
        powers = np.exp(scores)
        sums = np.add.reduceat(powers, self._starts)
        loss = float(self._shares @ (np.log(sums) - scores[self._rights])) + self._penalty / 2 * float(
            weights @ weights
        )
        return loss, powers / np.repeat(sums, self._sizes)

    def _slopes(self, weights: Rows, shares: Rows) -> tuple[Rows, Rows]:
        """Gradient and Hessian of the loss."""
        weighted = self._rows * shares[:, None]
        means = np.add.reduceat(weighted, self._starts, axis=0)
        gradient = self._shares @ (means - self._rows[self._rights]) + self._penalty * weights
        weighted *= np.repeat(self._shares, self._sizes)[:, None]
        curvature = self._rows.T @ weighted - (means * self._shares[:, None]).T @ means
        curvature[np.diag_indices_from(curvature)] += self._penalty
        return gradient, curvature
