"""A sentence-transformers model behind the same interface gives the same vectors as the bundled one."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.embed import Embedder, EmbedderUnavailable, open_embedder
from index.embed.onnx_embedder import OnnxEmbedder
from index.embed.sentence_folder import write_sentence_folder
from index.embed.weights import Weights

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("sentence_transformers") is None,
        reason="needs the extra banhoi[transformers] (sentence-transformers with torch)",
    ),
    # Deprecations inside torch and transformers are not ours to mend.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def folder(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sentence-transformers") / "e5"
    write_sentence_folder(weights, target)
    return target


@pytest.fixture(scope="module")
def other(folder: Path) -> Embedder:
    opened = open_embedder(str(folder), folder)
    assert opened is not None
    return opened


def test_questions_have_the_same_vectors(
    other: Embedder, embedder: OnnxEmbedder, sentences: list[str]
) -> None:
    for sentence in sentences:
        assert other.embed_query(sentence) @ embedder.embed_query(sentence) >= 0.999


def test_passages_have_the_same_vectors(
    other: Embedder, embedder: OnnxEmbedder, sentences: list[str]
) -> None:
    texts = [*sentences, " ".join(sentences * 10), ""]
    seen: list[tuple[int, int]] = []
    theirs = other.embed_passages(texts, lambda done, total: seen.append((done, total)))
    assert (theirs * embedder.embed_passages(texts)).sum(axis=1).min() >= 0.999
    assert np.allclose(np.linalg.norm(theirs, axis=1), 1, atol=1e-5)
    assert seen[-1] == (len(texts), len(texts))


def test_it_names_its_folder_and_dimensions(other: Embedder, folder: Path) -> None:
    assert str(folder) in other.name
    assert other.dimensions == 384


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="cannot load"):
        open_embedder(str(tmp_path / "nothing" / "deep" / "down"), tmp_path)
