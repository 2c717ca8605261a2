"""Questions are embedded once, also over several runs of the training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.training.remembered import RememberingEmbedder, remembering
from tests.index.support import HashingEmbedder


class Counting(HashingEmbedder):
    """Counts what it is asked."""

    def __init__(self, name: str = "hashing") -> None:
        super().__init__(name)
        self.asked: list[str] = []

    def embed_query(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return super().embed_query(text)


TEXTS = ["làm giấy khai sinh", "", "lam giay", "🙂 “trích dẫn”", "dòng\nmới"]


def test_it_is_the_embedder_that_it_wraps() -> None:
    assert RememberingEmbedder(Counting("mô hình"), {}).name == "mô hình"


def test_a_question_is_embedded_once() -> None:
    inner = Counting()
    outer = RememberingEmbedder(inner, {})
    first, second = outer.embed_query("giấy"), outer.embed_query("giấy")
    assert np.array_equal(first, second)
    assert np.array_equal(first, HashingEmbedder().embed_query("giấy"))
    assert inner.asked == ["giấy"]


def test_the_next_run_knows_what_the_last_one_asked(tmp_path: Path) -> None:
    with remembering(Counting(), tmp_path) as first:
        vectors = [first.embed_query(text) for text in TEXTS]
    inner = Counting()
    with remembering(inner, tmp_path) as second:
        assert all(np.array_equal(second.embed_query(text), v) for text, v in zip(TEXTS, vectors, strict=True))
        assert inner.asked == []
        second.embed_query("mới")
    assert inner.asked == ["mới"]
    with remembering(Counting(), tmp_path) as third:
        assert set(third.known) == {*TEXTS, "mới"}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=6))
def test_any_texts_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("remembered")
    with remembering(Counting(), folder) as first:
        for text in texts:
            first.embed_query(text)
    inner = Counting()
    with remembering(inner, folder) as second:
        for text in texts:
            second.embed_query(text)
    assert inner.asked == []


def test_another_model_starts_anew(tmp_path: Path) -> None:
    with remembering(Counting(), tmp_path) as first:
        first.embed_query("giấy")
    inner = Counting("another")
    with remembering(inner, tmp_path) as second:
        assert second.known == {}
        second.embed_query("giấy")
    assert inner.asked == ["giấy"]


def test_a_run_that_asked_nothing_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    with remembering(Counting(), tmp_path):
        pass
    with remembering(Counting(), tmp_path) as second:
        assert second.known == {}


def test_without_an_embedder_nothing_is_trained(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nothing trained"), remembering(None, tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
