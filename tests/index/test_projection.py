"""Texts become vectors of length 1 by their words, by the encoder's vector, or by both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.projection import TABLE_BITS, Projection, load_projection, row_of, save_projection, terms

SIZE, ENCODED = 4, 6
KNOWN = ["khai", "sinh", "ket", "hon", "a", "b"]
words = st.lists(st.text(max_size=8), max_size=12)


def made(encoder: str = "hashing") -> Projection:
    chance = np.random.default_rng(3)
    return Projection(
        chance.standard_normal(ENCODED).astype(np.float32),
        chance.standard_normal((ENCODED, SIZE)).astype(np.float32),
        chance.integers(-127, 128, (1 << TABLE_BITS, SIZE)).astype(np.int8),
        np.full(1 << TABLE_BITS, 0.01, np.float32),
        frozenset(terms(KNOWN)),
        encoder,
    )


@pytest.fixture(scope="module")
def projection() -> Projection:
    return made()


@given(words)
def test_every_word_and_pair_has_a_row_of_the_table(text: list[str]) -> None:
    assert len(terms(text)) == max(2 * len(text) - 1, 0)
    assert all(0 < row_of(term) < 1 << TABLE_BITS for term in terms(text))


def test_the_order_of_words_tells() -> None:
    assert sorted(terms(["cap", "lai"])) != sorted(terms(["lai", "cap"]))


def test_a_word_that_was_never_trained_on_says_nothing(projection: Projection) -> None:
    assert projection.of(["zzzz"], None).tolist() == [0.0] * SIZE
    assert projection.of(["khai", "zzzz"], None).tolist() == projection.of(["khai"], None).tolist()
    encoded = np.ones(ENCODED, np.float32)
    assert np.linalg.norm(projection.of(["zzzz"], encoded)) == pytest.approx(1.0, abs=1e-4)


@given(st.lists(st.sampled_from(KNOWN), min_size=1), st.booleans())
def test_every_vector_has_length_one(text: list[str], asked: bool) -> None:
    encoded = np.ones(ENCODED, np.float32) if asked else None
    assert np.linalg.norm(made().of(text, encoded)) == pytest.approx(1.0, abs=1e-4)


def test_one_by_one_is_as_all_at_once(projection: Projection) -> None:
    texts = [["khai", "sinh"], [], ["ket", "hon"]]
    encoded = np.random.default_rng(1).standard_normal((3, ENCODED)).astype(np.float32)
    for vectors in (None, encoded):
        together = projection.of_all(texts, vectors)
        alone = [projection.of(text, None if vectors is None else vectors[n]) for n, text in enumerate(texts)]
        assert together == pytest.approx(np.stack(alone), abs=1e-6)


def test_the_encoder_adds_to_the_words(projection: Projection) -> None:
    encoded = np.ones(ENCODED, np.float32)
    assert projection.of(["a"], encoded).tolist() != projection.of(["a"], None).tolist()
    assert projection.of(["a"], encoded).tolist() != projection.of(["b"], encoded).tolist()


def test_weights_survive_their_file(projection: Projection, tmp_path: Path) -> None:
    save_projection(projection, tmp_path / "p.npz")
    again = load_projection(tmp_path / "p.npz")
    assert again.encoder == "hashing"
    assert (again.table == projection.table).all()
    assert again.of(["a", "b"], None) == pytest.approx(projection.of(["a", "b"], None), abs=1e-3)


@pytest.mark.parametrize(
    ("trained", "embedder", "fits"),
    [
        ("hashing", "hashing", True),
        ("hashing", "other", False),
        ("multilingual-e5-small-q4-1", "sentence-transformers/intfloat/multilingual-e5-small", True),
        ("multilingual-e5-small-q4-1", "sentence-transformers/intfloat/multilingual-e5-base", False),
    ],
)
def test_only_vectors_of_its_own_model_fit(trained: str, embedder: str, fits: bool) -> None:
    assert made(trained).fits(embedder) is fits


def test_the_shipped_weights_know_the_field() -> None:
    """Any good weights: words without diacritics and their everyday synonyms lie nearer than strangers."""
    shipped = load_projection()
    texts = [["mat", "can", "cuoc"], ["cap", "lai", "the"], ["dang", "ky", "ket", "hon"]]
    lost, renew, wedding = shipped.of_all(texts, None)
    assert lost @ renew > lost @ wedding
