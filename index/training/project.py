"""Fits the projection: a question's vector shall be nearest to a text of the target that it means (PyTorch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, embedding_bag, normalize

from index.projection import TABLE_BITS, Projection, Vectors, row_of, terms

SIZE = 128
_ROUNDS = 4
_BATCH = 256
_WORDS_DROPPED = 0.35
_ENCODER_DROPPED = 0.25
"""How often a text has to do without the encoder's vector while training, so that its words learn to carry it."""
_PENALTY = 3e-4
_FORBIDDEN = -1e4


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as folded words and encoder's vectors (n, encoder's size)."""

    words: Sequence[Sequence[str]]
    encoded: Vectors


@dataclass(frozen=True, slots=True)
class Meant:
    """Of each question the number of its target, its weight, and the text to hide from it (-1: none)."""

    target: NDArray[np.int64]
    weight: Vectors
    hidden: NDArray[np.int64]


class _Bags:
    """Rows of the word table for many texts, in the form that `embedding_bag` takes."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        rows = [[row_of(term) for term in terms(words)] or [0] for words in texts]
        sizes = [len(row) for row in rows]
        self.rows = torch.tensor([number for row in rows for number in row])
        self.starts = torch.tensor(np.cumsum([0, *sizes[:-1]]))
        self.roots = torch.tensor(sizes, dtype=torch.float32).sqrt()[:, None]


class _Model(torch.nn.Module):
    def __init__(self, encoded: Vectors, generator: torch.Generator) -> None:
        super().__init__()
        mean = encoded.mean(axis=0)
        axes = np.linalg.svd(encoded - mean, full_matrices=False)[2][:SIZE].T
        size = axes.shape[1]
        self.start = torch.tensor(axes.copy())
        self.mean = torch.nn.Parameter(torch.tensor(mean))
        self.matrix = torch.nn.Parameter(self.start.clone())
        noise = torch.randn(1 << TABLE_BITS, size, generator=generator)
        self.table = torch.nn.Parameter(noise * 0.08 / size**0.5)
        self.sharpness = torch.nn.Parameter(torch.tensor(2.5))
        self._generator = generator

    def forward(self, encoded: torch.Tensor, bags: _Bags) -> torch.Tensor:
        """Vectors of length 1 of some texts, some words and some encoder's vectors dropped."""
        kept = self._kept(len(bags.rows), _WORDS_DROPPED) / (1 - _WORDS_DROPPED)
        by_words = embedding_bag(bags.rows, self.table, bags.starts, mode="sum", per_sample_weights=kept) / bags.roots
        asked = self._kept(len(encoded), _ENCODER_DROPPED)[:, None]
        return normalize((encoded - self.mean) @ self.matrix * asked + by_words, dim=-1)

    def penalty(self) -> torch.Tensor:
        """How far the weights have moved from where they began."""
        return _PENALTY * (((self.matrix - self.start) ** 2).sum() + (self.table**2).sum())

    def _kept(self, count: int, dropped: float) -> torch.Tensor:
        return (torch.rand(count, generator=self._generator) > dropped).float()


def fit_projection(
    known: Texts, owner: NDArray[np.int64], asked: Texts, meant: Meant, encoder: str, seed: int = 0
) -> Projection:
    """Fit on questions against all known texts; `owner` numbers the target of each known text.

    The likelihood of the right target against all others, each by its nearest text, is made as high as may be.
    """
    generator = torch.Generator().manual_seed(seed)
    model = _Model(known.encoded, generator)
    rates = [{"params": [model.matrix, model.mean, model.sharpness], "lr": 1e-3}, {"params": [model.table], "lr": 3e-3}]
    optimiser = torch.optim.Adam(rates)
    texts, bags, owners = torch.tensor(known.encoded), _Bags(known.words), torch.tensor(owner)
    for _ in range(_ROUNDS):
        for batch in torch.randperm(len(asked.words), generator=generator).split(_BATCH):
            chosen = batch.numpy()
            questions = model(torch.tensor(asked.encoded[chosen]), _Bags([asked.words[n] for n in chosen]))
            cosines = _hiding(questions @ model(texts, bags).T, meant.hidden[chosen])
            scores = _by_target(cosines, owners) * model.sharpness.exp()
            losses = cross_entropy(scores, torch.tensor(meant.target[chosen]), reduction="none")
            weights = torch.tensor(meant.weight[chosen])
            loss = (losses * weights).sum() / weights.sum() + model.penalty()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    seen = frozenset(term for texts in (known.words, asked.words) for words in texts for term in terms(words))
    return _frozen(model, seen, encoder)


def _hiding(cosines: torch.Tensor, hidden: NDArray[np.int64]) -> torch.Tensor:
    mask = torch.zeros_like(cosines, dtype=torch.bool)
    rows = np.flatnonzero(hidden >= 0)
    mask[rows, hidden[rows]] = True
    return cosines.masked_fill(mask, _FORBIDDEN)


def _by_target(cosines: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
    """The nearest text of each target."""
    empty = torch.full((len(cosines), int(owners.max()) + 1), _FORBIDDEN)
    return empty.scatter_reduce(1, owners.expand(len(cosines), -1), cosines, "amax", include_self=True)


def _frozen(model: _Model, seen: frozenset[int], encoder: str) -> Projection:
    """The weights, the table in steps of a 127th of each row's largest."""
    mean, matrix, table = (part.detach().numpy() for part in (model.mean, model.matrix, model.table))
    scale = np.maximum(np.abs(table).max(axis=1), 1e-8) / 127
    steps = np.round(table / scale[:, None]).astype(np.int8)
    return Projection(mean, matrix, steps, scale.astype(np.float32), seen, encoder)
