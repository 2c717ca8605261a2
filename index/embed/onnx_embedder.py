"""The bundled embedder: runs a prepared model with ONNX Runtime and tokenizers, nothing else."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, RuntimeException
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as KernelMissing
from tokenizers import Tokenizer

from index.embed.base import EmbedderUnavailable, Progress, Vectors, clean_text
from index.embed.layout import (
    ATTENTION_MASK,
    EMBEDDING,
    INPUT_IDS,
    MODEL,
    PASSAGE_PREFIX,
    QUERY_PREFIX,
    TOKENIZER,
)
from index.embed.prepare import read_meta

BATCH = 8
"""Longer batches were no faster."""

MAX_CHARACTERS = 8_192
"""Far more than the 256 tokens that count; keeps the tokenizer from reading a whole book."""

_WARNINGS_OFF = 3


class OnnxEmbedder:
    """Embeds with a prepared directory (see prepare.py); may be shared by threads."""

    def __init__(self, cache_dir: Path, threads: int = 2) -> None:
        meta = read_meta(cache_dir)
        if meta is None:
            raise EmbedderUnavailable(f"{cache_dir} holds no intact prepared embedder of this version")
        self._meta = meta
        self._tokenizer = Tokenizer.from_file(str(cache_dir / TOKENIZER))
        self._session = _open_session(cache_dir / MODEL, threads)

    @property
    def name(self) -> str:
        """Model, version of its source, vocabulary and format."""
        return self._meta.name

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self._meta.dimensions

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; also an empty text has one."""
        vector: Vectors = self._run([QUERY_PREFIX + text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of passages in their order; texts of like length are run together."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = self._run([PASSAGE_PREFIX + texts[place] for place in places])
            if progress is not None:
                progress(start + len(places), len(texts))
        return vectors

    def _run(self, texts: Sequence[str]) -> Vectors:
        cut = [clean_text(text[:MAX_CHARACTERS]) for text in texts]
        encodings = self._tokenizer.encode_batch(cut)
        inputs = {
            INPUT_IDS: np.array([encoding.ids for encoding in encodings], np.int64),
            ATTENTION_MASK: np.array([encoding.attention_mask for encoding in encodings], np.int64),
        }
        (vectors,) = self._session.run([EMBEDDING], inputs)
        result: Vectors = vectors
        return result


def _open_session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _WARNINGS_OFF
    # Waiting threads that spin cost seconds a question when the machine is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, KernelMissing, RuntimeException) as error:
        raise EmbedderUnavailable(f"onnxruntime cannot run the bundled embedder here: {error}") from error
