"""Vectors of texts, computed once: a cache keyed by the embedder and the text's hash."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_BATCH = 64

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]


class PassageEmbedder(Protocol):
    """The part of an embedder that a build needs."""

    @property
    def name(self) -> str:
        """Names the model and its version: part of the cache key."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text."""
        ...


class CacheDamaged(Exception):
    """The cache is no database any more; the message names the file, in Vietnamese."""


def embed_cached(
    embedder: PassageEmbedder, texts: Sequence[str], cache_dir: Path, progress: Progress | None = None
) -> Vectors:
    """Vectors of `texts` in their order; only texts not seen before are computed, in batches that are kept at once.

    Raises `CacheDamaged`, and `sqlite3.OperationalError` where the cache cannot be written.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    file = cache_dir / f"vectors-{re.sub(r'[^A-Za-z0-9._-]+', '-', embedder.name)}.db"
    with closing(sqlite3.connect(file)) as cache:
        _prepare(cache, file)
        keys = [_key(text) for text in texts]
        known = _read(cache, keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        _report(progress, len(texts) - len(missing), len(texts))
        for batch in _batches(sorted(missing.items(), key=lambda item: len(item[1]))):
            vectors = embedder.embed_passages([text for _, text in batch])
            rows = [(key, row.astype("<f4").tobytes()) for (key, _), row in zip(batch, vectors, strict=True)]
            with cache:
                cache.executemany("insert or replace into vectors values (?, ?)", rows)
            known |= dict(rows)
            _report(progress, len(known), len(texts))
    _report(progress, len(texts), len(texts))
    if not texts:
        return np.zeros((0, embedder.dimensions), dtype=np.float32)
    return np.stack([np.frombuffer(known[key], dtype="<f4") for key in keys])


def _prepare(cache: sqlite3.Connection, file: Path) -> None:
    try:
        cache.execute("create table if not exists vectors (key blob primary key, vector blob not null) without rowid")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise CacheDamaged(f"Bộ nhớ đệm {file} bị hỏng; hãy xóa tệp này rồi dựng lại.") from error


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()


def _read(cache: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    known: dict[bytes, bytes] = {}
    unique = list(dict.fromkeys(keys))
    for start in range(0, len(unique), 500):
        part = unique[start : start + 500]
        marks = ",".join("?" * len(part))
        known |= dict(cache.execute(f"select key, vector from vectors where key in ({marks})", part))  # noqa: S608
    return known


def _batches(items: Sequence[tuple[bytes, str]]) -> list[Sequence[tuple[bytes, str]]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(min(done, total), total)
