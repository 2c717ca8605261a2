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
    return read_vectors(tmp_path / "units.faiss", 50)


def test_the_nearest_come_first_by_cosine(index: DenseIndex, vectors: np.ndarray) -> None:
    order = np.argsort(-(vectors @ vectors[7]))[:5]
    assert index.search(vectors[7], 5).tolist() == order.tolist()
    assert order[0] == 7


def test_no_more_than_there_are(index: DenseIndex, vectors: np.ndarray) -> None:
    assert sorted(index.search(vectors[0], 1000).tolist()) == list(range(50)) == list(range(len(index)))


def test_cosines_of_chosen_rows_in_their_order(index: DenseIndex, vectors: np.ndarray) -> None:
    rows = np.array([30, 2, 3])
    assert index.scores(vectors[3], rows) == pytest.approx(vectors[rows] @ vectors[3], abs=1e-6)
    assert index.scores(vectors[3], rows)[2] == pytest.approx(1.0, abs=1e-6)
    assert index.scores(vectors[3], np.zeros(0, dtype=np.int64)).tolist() == []


def test_the_vectors_outlive_their_file(vectors: np.ndarray, tmp_path: Path) -> None:
    write_vectors(tmp_path / "units.faiss", vectors)
    index = read_vectors(tmp_path / "units.faiss", 50)
    (tmp_path / "units.faiss").unlink()
    assert index.scores(vectors[0], np.array([0]))[0] == pytest.approx(1.0, abs=1e-6)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_vectors(tmp_path / "empty.faiss", np.zeros((0, 8), dtype=np.float32))
    index = read_vectors(tmp_path / "empty.faiss", 0)
    assert (len(index), index.search(unit_vectors(1)[0], 5).tolist()) == (0, [])


def test_vectors_that_do_not_belong_to_the_units_are_refused(vectors: np.ndarray, tmp_path: Path) -> None:
    write_vectors(tmp_path / "units.faiss", vectors)
    with pytest.raises(ValueError, match="50 vectors for 49 units"):
        read_vectors(tmp_path / "units.faiss", 49)


def test_a_folder_that_cannot_be_written_says_so(vectors: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_vectors(tmp_path / "missing" / "units.faiss", vectors)
