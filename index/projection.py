"""What a text is about, as a vector of length 1: the encoder's vector and the text's own words, both projected.

The encoder knows language; it does not know our field, and little of Vietnamese without diacritics. A table of word
vectors, trained with a projection of the encoder's on questions and the procedures that they mean, knows what
words tell procedures apart. Either works without the other: a question may be held against all texts by its words
before the encoder is asked.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS_FILE = Path(__file__).parent / "data" / "projection.npz"
"""Written by `python -m index.training.train`."""
TABLE_BITS = 15
_BUNDLED_MODEL = "multilingual-e5-small"

Vectors = NDArray[np.float32]


def terms(words: Sequence[str]) -> list[int]:
    """The folded words of a text and their pairs, as CRC-32 checksums."""
    return [zlib.crc32(term.encode()) for term in (*words, *(f"{left} {right}" for left, right in pairwise(words)))]


def row_of(term: int) -> int:
    """The row of the table that stands for a term; some share one. Row 0 stands for a text without words."""
    return term % ((1 << TABLE_BITS) - 1) + 1


@dataclass(frozen=True, slots=True)
class Projection:
    """Both parts of the model. `matrix` has the shape (encoder's size, size), `table` (2^TABLE_BITS, size)."""

    mean: Vectors
    """What all vectors of the encoder have in common: taken off."""
    matrix: Vectors
    table: NDArray[np.int8]
    scale: Vectors
    """What one step in a row of the table means."""
    known: frozenset[int]
    """The terms it was trained on. Others would be read as those that share their row: they say nothing."""
    encoder: str
    """Name of the embedder whose vectors the matrix was trained for."""

    def fits(self, embedder: str) -> bool:
        """Whether it was trained for the vectors of this embedder, or for another edition of the same model."""
        return embedder == self.encoder or (_BUNDLED_MODEL in embedder and _BUNDLED_MODEL in self.encoder)

    def of(self, words: Sequence[str], encoded: Vectors | None) -> Vectors:
        """The vector of one text, by its folded words and, where it is known, the encoder's vector."""
        vector: Vectors = self.of_all([words], None if encoded is None else encoded.reshape(1, -1))[0]
        return vector

    def of_all(self, texts: Sequence[Sequence[str]], encoded: Vectors | None) -> Vectors:
        """The vectors (n, size) of texts; all zeros where nothing is known of one."""
        sums = np.stack([self._by_words(words) for words in texts])
        if encoded is not None:
            sums += (encoded - self.mean) @ self.matrix
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.maximum(lengths, 1e-6), dtype=np.float32)

    def _by_words(self, words: Sequence[str]) -> Vectors:
        rows = [row_of(term) for term in terms(words) if term in self.known]
        if not rows:
            return np.zeros(self.table.shape[1], dtype=np.float32)
        total = self.scale[rows] @ self.table[rows].astype(np.float32)
        return np.asarray(total / np.sqrt(len(rows)), dtype=np.float32)


def save_projection(projection: Projection, path: Path = WEIGHTS_FILE) -> None:
    """Write the weights."""
    np.savez_compressed(
        path,
        mean=projection.mean.astype(np.float16),
        matrix=projection.matrix.astype(np.float16),
        table=projection.table,
        scale=projection.scale.astype(np.float16),
        known=np.array(sorted(projection.known), dtype=np.uint32),
        encoder=np.array(projection.encoder),
    )


@cache
def load_projection(path: Path = WEIGHTS_FILE) -> Projection:
    """The trained weights."""
    with np.load(path, allow_pickle=False) as data:
        mean, matrix, scale = (data[name].astype(np.float32) for name in ("mean", "matrix", "scale"))
        known = frozenset(data["known"].tolist())
        return Projection(mean, matrix, data["table"], scale, known, str(data["encoder"]))
