"""An embedder that remembers the questions it embedded: training asks the same ones again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.artefact import NamedEmbedder

Vector = NDArray[np.float32]


class RememberingEmbedder:
    """Wraps an embedder; what it knows is kept in a file between runs."""

    def __init__(self, embedder: NamedEmbedder, known: dict[str, Vector]) -> None:
        self._embedder = embedder
        self.known = known

    @property
    def name(self) -> str:
        """The wrapped embedder's name."""
        return self._embedder.name

    def embed_query(self, text: str) -> Vector:
        """The vector of a question."""
        if text not in self.known:
            self.known[text] = self._embedder.embed_query(text)
        return self.known[text]


@contextmanager
def remembering(embedder: NamedEmbedder | None, cache_dir: Path) -> Iterator[RememberingEmbedder]:
    """The embedder with what former runs embedded; the file is written at the end."""
    if embedder is None:
        raise SystemExit("the bundled embedder cannot be had here: nothing trained")
    path = cache_dir / "questions.npz"
    own = RememberingEmbedder(embedder, _read(path, embedder.name))
    yield own
    texts = list(own.known)
    vectors = np.stack([own.known[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)
    np.savez(path, name=np.array(embedder.name), texts=np.array(texts), vectors=vectors)


def _read(path: Path, name: str) -> dict[str, Vector]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as data:
        if str(data["name"]) != name:
            return {}
        return dict(zip(data["texts"].tolist(), data["vectors"], strict=True))
