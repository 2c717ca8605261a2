"""Dense search: exact inner products of unit vectors in FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class DenseIndex:
    """Exact search over vectors of length 1; what they belong to is told by their row."""

    def __init__(self, index: Any) -> None:
        self._index = index
        flat = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
        self._vectors: Vectors = flat.reshape(index.ntotal, index.d)
        faiss.omp_set_num_threads(1)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, limit: int) -> NDArray[np.int64]:
        """Rows of the nearest vectors by cosine, best first."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        _, rows = self._index.search(vector.reshape(1, -1), min(limit, len(self)))
        return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)

    def scores(self, vector: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosine of the given rows."""
        return np.asarray(self._vectors[rows] @ vector, dtype=np.float32)


def write_vectors(path: Path, vectors: Vectors) -> None:
    """Write a FAISS index of unit vectors."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    path.write_bytes(faiss.serialize_index(index).tobytes())


def read_vectors(path: Path, count: int) -> DenseIndex:
    """Open what `write_vectors` wrote.

    Raises `ValueError` when it does not hold `count` vectors.
    """
    index = faiss.read_index(str(path))
    if index.ntotal != count:
        raise ValueError(f"{index.ntotal} vectors for {count} units")
    return DenseIndex(index)
