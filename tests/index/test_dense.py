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
    """Row i belongs to unit 10 i."""
    write_vectors(tmp_path / "units.faiss", vectors)
    return read_vectors(tmp_path / "units.faiss", range(0, 500, 10))


def test_the_nearest_come_first_by_cosine(index: DenseIndex, vectors: np.ndarray) -> None:
    hits = index.search(vectors[7], 5)
    order = np.argsort(-(vectors @ vectors[7]))[:5]
    assert [hit.unit for hit in hits] == [10 * int(row) for row in order]
    assert hits[0].unit == 70
    assert hits[0].score == pytest.approx(1.0, abs=1e-6)


def test_no_more_than_there_are(index: DenseIndex, vectors: np.ndarray) -> None:
    assert len(index.search(vectors[0], 1000)) == 50


def test_scores_of_chosen_units(index: DenseIndex, vectors: np.ndarray) -> None:
    scores = index.scores(vectors[3], [20, 30, 31, 9999])
    assert scores.keys() == {20, 30}
    assert scores[30] == pytest.approx(1.0, abs=1e-6)
    assert scores[20] == pytest.approx(float(vectors[2] @ vectors[3]), abs=1e-6)
    assert index.scores(vectors[3], [1, 2]) == {}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_vectors(tmp_path / "empty.faiss", np.zeros((0, 8), dtype=np.float32))
    index = read_vectors(tmp_path / "empty.faiss", [])
    assert index.search(unit_vectors(1)[0], 5) == []
    assert index.scores(unit_vectors(1)[0], [0]) == {}


def test_vectors_that_do_not_belong_to_the_units_are_refused(vectors: np.ndarray, tmp_path: Path) -> None:
    write_vectors(tmp_path / "units.faiss", vectors)
    with pytest.raises(ValueError, match="50 vectors for 49 units"):
        read_vectors(tmp_path / "units.faiss", range(49))


def test_a_folder_that_cannot_be_written_says_so(vectors: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_vectors(tmp_path / "missing" / "units.faiss", vectors)
