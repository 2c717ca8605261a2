"""Stand-ins and small helpers of the index tests."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.projection import TABLE_BITS, Projection
from index.query import Query, analyse
from index.restore import Restorer
from index.text import fold_all, tokens
from knowledge.content import CONTENT_DIR

Vectors = NDArray[np.float32]
DIMENSIONS = 32
CARDS = (
    "ho-tich/1.001193",
    "ho-tich/1.000894",
    "ho-tich/1.000656",
    "can-cuoc/1.014061",
    "can-cuoc/1.014062",
    "can-cuoc/1.014064",
)
"""Birth, marriage, death; the identity card first, for children, lost."""

SENTENCES = [
    "làm giấy khai sinh cho con",
    "làm giấy khai sinh",
    "đăng ký kết hôn",
    "lệ phí làm căn cước",
    "cấp đổi giấy phép lái xe",
    "thì phải làm sao",
    "kỳ thi năm nay",
]
SMALL_RESTORER = Restorer.train(sentence.split() for sentence in SENTENCES * 2)
any_message = st.one_of(
    st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=40).map(" ".join),
    st.text(st.characters(exclude_categories=()), max_size=60),
)
"""Words that it knows, or any code points at all, lone surrogates too."""


HASHING_PROJECTION = Projection(
    mean=np.zeros(DIMENSIONS, np.float32),
    matrix=np.eye(DIMENSIONS, dtype=np.float32),
    table=np.zeros((1 << TABLE_BITS, DIMENSIONS), np.int8),
    scale=np.zeros(1 << TABLE_BITS, np.float32),
    known=frozenset(),
    encoder="hashing",
)
"""Leaves the vectors of `HashingEmbedder` as they are; words add nothing."""


class HashingEmbedder:
    """Adds up one fixed direction per folded word: texts that share words are near each other. Keeps a record."""

    dimensions = DIMENSIONS

    def __init__(self, name: str = "hashing", before: Callable[[int], None] = lambda _batch: None) -> None:
        self.name = name
        self.batches: list[list[str]] = []
        self._before = before

    @property
    def embedded(self) -> list[str]:
        """Every text asked for, in order."""
        return [text for batch in self.batches for text in batch]

    def embed_query(self, text: str) -> Vectors:
        return _vector(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self._before(len(self.batches))
        self.batches.append(list(texts))
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Vectors:
    total = np.full(DIMENSIONS, 1e-3, dtype=np.float32)
    for word in fold_all(tokens(text)):
        total += _direction(word)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


@lru_cache(maxsize=20_000)
def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)


def copy_content(folder: Path, cards: Sequence[str] = CARDS) -> Path:
    """A content folder with a handful of the shipped files."""
    names = [
        *(f"procedures/{card}.yaml" for card in cards),
        "groups/can-cuoc.yaml",
        "plans/kh-vinh-thuy-2026.yaml",
        "elsewhere/ho-tich.yaml",
    ]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CONTENT_DIR / name, folder / name)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in the file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def query(text: str, restorer: Restorer = SMALL_RESTORER) -> Query:
    """A message made ready for search."""
    return analyse(text, restorer)
