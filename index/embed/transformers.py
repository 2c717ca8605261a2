"""Any sentence-transformers model, a folder or a hub name, as an embedder (extra `banhoi[transformers]`)."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.embed.base import EmbedderUnavailable, Progress, Vectors, clean_text
from index.embed.layout import PASSAGE_PREFIX, QUERY_PREFIX

BATCH = 16
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])")
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class Prefixes(NamedTuple):
    """What a model wants before a question and before a passage."""

    query: str
    passage: str


def prefixes_for(model: str, prompts: Mapping[str, str]) -> Prefixes:
    """The prompts that the model itself names; failing that, those of E5 for an E5 model, else nothing."""
    passage = next((prompts[key] for key in _PASSAGE_PROMPTS if prompts.get(key)), "")
    own = Prefixes(prompts.get("query", ""), passage)
    if any(own):
        return own
    is_e5 = _E5.search(Path(model).name.lower()) is not None
    return Prefixes(QUERY_PREFIX, PASSAGE_PREFIX) if is_e5 else Prefixes("", "")


class SentenceTransformersEmbedder:
    """Embeds with a sentence-transformers model on the processor."""

    def __init__(self, model: str) -> None:
        self._model = _load(model)
        self._prefixes = prefixes_for(model, self._model.prompts or {})
        self._name = f"sentence-transformers/{model}"
        self._dimensions = int(self._model.encode("").shape[-1])

    @property
    def name(self) -> str:
        """The setting that named the model: a folder whose content changes must get another name."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self._dimensions

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question."""
        vector: Vectors = self._encode([self._prefixes.query + text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of passages in their order; texts of like length are run together."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = self._encode([self._prefixes.passage + texts[place] for place in places])
            if progress is not None:
                progress(start + len(places), len(texts))
        return vectors

    def _encode(self, texts: Sequence[str]) -> Vectors:
        # The prefix stands in the text already: without an empty prompt a default one would come on top.
        vectors: Vectors = self._model.encode(
            [clean_text(text) for text in texts],
            prompt="",
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False)


def _load(model: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderUnavailable(
            f"the embedder {model!r} needs the extra: pip install 'banhoi[transformers]' ({error})"
        ) from error
    try:
        return SentenceTransformer(model, device="cpu")
    except (OSError, ValueError) as error:
        raise EmbedderUnavailable(f"sentence-transformers cannot load {model!r}: {error}") from error
