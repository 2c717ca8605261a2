"""Search by vectors: exact, aligned with its units, empty when there is nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, read_vectors, write_vectors


def unit_vectors(count: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def vectors() -> np.ndarray:
    return unit_vectors(50)


@pytest.fixture
def index(vectors: np.ndarray, tmp_path: Path) -> DenseIndex:
    write_vectors(tmp_path / "units.faiss", vectors)
    return DenseIndex.of(read_vectors(tmp_path / "units.faiss", 50))


def test_every_row_has_its_cosine(index: DenseIndex, vectors: np.ndarray) -> None:
    cosines = index.cosines(vectors[7])
    assert cosines == pytest.approx(vectors @ vectors[7], abs=1e-6)
    assert (len(index), int(cosines.argmax())) == (50, 7)


def test_an_index_in_memory_is_like_one_read(index: DenseIndex, vectors: np.ndarray) -> None:
    assert DenseIndex.of(vectors).cosines(vectors[3]).tolist() == index.cosines(vectors[3]).tolist()


def test_the_vectors_outlive_their_file(vectors: np.ndarray, tmp_path: Path) -> None:
    write_vectors(tmp_path / "units.faiss", vectors)
    read = read_vectors(tmp_path / "units.faiss", 50)
    (tmp_path / "units.faiss").unlink()
    assert (read == vectors).all()
    assert read.flags.owndata, "a view of the index's memory would outlive it"


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_vectors(tmp_path / "empty.faiss", np.zeros((0, 8), dtype=np.float32))
    index = DenseIndex.of(read_vectors(tmp_path / "empty.faiss", 0))
    assert (len(index), index.cosines(unit_vectors(1)[0]).tolist()) == (0, [])


def test_vectors_that_do_not_belong_to_the_units_are_refused(vectors: np.ndarray, tmp_path: Path) -> None:
    write_vectors(tmp_path / "units.faiss", vectors)
    with pytest.raises(ValueError, match="50 vectors for 49 units"):
        read_vectors(tmp_path / "units.faiss", 49)


def test_a_folder_that_cannot_be_written_says_so(vectors: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_vectors(tmp_path / "missing" / "units.faiss", vectors)
