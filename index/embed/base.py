"""What every embedder offers: unit vectors for questions and passages, and a name to cache them under."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

Progress = Callable[[int, int], None]
"""Called with (passages done, passages in all)."""

Report = Callable[[str], None]
"""Called with one English line for the operator at each step of a preparation."""


class EmbedderUnavailable(RuntimeError):
    """No embedder can be had here; the message tells the operator why. Search goes on without vectors."""


class Embedder(Protocol):
    """Turns text into L2-normalised vectors; the prefixes a model wants are its own business."""

    @property
    def name(self) -> str:
        """Model and version: vectors of equal names may be compared and cached together."""

    @property
    def dimensions(self) -> int:
        """Length of every vector."""

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimensions,)."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of texts to be found, shape (len(texts), dimensions), in the order given."""


def clean_text(text: str) -> str:
    """The text without lone surrogates (broken emoji from a channel), which no tokenizer accepts."""
    return text.encode("utf-8", "replace").decode("utf-8")
