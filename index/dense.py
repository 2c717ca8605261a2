"""Vectors of texts in FAISS: exact inner products, written to a file and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class DenseIndex:
    """Vectors of length 1 in an exact index; what they belong to is told by their row."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._vectors = _rows(index)

    @classmethod
    def of(cls, vectors: Vectors) -> DenseIndex:
        """An index of vectors of length 1, shape (n, size)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def cosines(self, vector: Vectors) -> Vectors:
        """Cosine of every row with a vector of length 1: the features weigh all of them, not only the nearest."""
        return np.asarray(self._vectors @ vector, dtype=np.float32)

    def serialized(self) -> bytes:
        """What FAISS reads back."""
        return bytes(faiss.serialize_index(self._index).tobytes())


def write_vectors(path: Path, vectors: Vectors) -> None:
    """Write a FAISS index of unit vectors."""
    path.write_bytes(DenseIndex.of(vectors).serialized())


def read_vectors(path: Path, count: int) -> Vectors:
    """What `write_vectors` wrote.

    Raises `ValueError` when it does not hold `count` vectors.
    """
    index = faiss.read_index(str(path))
    if index.ntotal != count:
        raise ValueError(f"{index.ntotal} vectors for {count} units")
    return _rows(index).copy()


def _rows(index: Any) -> Vectors:
    """The vectors in the index's own memory: theirs for as long as the index lives, and no longer."""
    flat: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    return flat.reshape(index.ntotal, index.d)
