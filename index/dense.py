"""Dense search: exact inner products of unit vectors in FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.lexical import Hit

Vectors = NDArray[np.float32]


class DenseIndex:
    """Exact search over the vectors of units; row i belongs to the i-th of `unit_ids`."""

    def __init__(self, index: faiss.Index, unit_ids: Sequence[int]) -> None:
        if index.ntotal != len(unit_ids):
            raise ValueError(f"{index.ntotal} vectors for {len(unit_ids)} units")
        self._index = index
        self._unit_ids = np.asarray(unit_ids, dtype=np.int64)
        self._rows = {unit: row for row, unit in enumerate(unit_ids)}
        self._vectors: Vectors = index.reconstruct_n(0, index.ntotal)
        faiss.omp_set_num_threads(1)

    def search(self, vector: Vectors, limit: int) -> list[Hit]:
        """The nearest units by cosine (all vectors have length 1)."""
        if not self._index.ntotal:
            return []
        scores, rows = self._index.search(vector.reshape(1, -1), min(limit, self._index.ntotal))
        return [
            Hit(int(self._unit_ids[row]), float(score))
            for score, row in zip(scores[0], rows[0], strict=True)
            if row >= 0
        ]

    def scores(self, vector: Vectors, units: Sequence[int]) -> dict[int, float]:
        """Cosine of the given units, of those that have a vector."""
        known = [unit for unit in units if unit in self._rows]
        if not known:
            return {}
        values = self._vectors[[self._rows[unit] for unit in known]] @ vector
        return dict(zip(known, values.tolist(), strict=True))


def write_vectors(path: Path, vectors: Vectors) -> None:
    """Write a FAISS index of unit vectors."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    path.write_bytes(faiss.serialize_index(index).tobytes())


def read_vectors(path: Path, unit_ids: Sequence[int]) -> DenseIndex:
    """Open what `write_vectors` wrote."""
    return DenseIndex(faiss.read_index(str(path)), unit_ids)
