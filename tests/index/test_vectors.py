"""A text is embedded once: what was computed is kept, also when the computing was killed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.vectors import CacheDamaged, embed_cached
from tests.index.support import DIMENSIONS, HashingEmbedder

TEXTS = ["đăng ký khai sinh", "đăng ký kết hôn", "căn cước"]


class Killed(BaseException):
    """What a signal does to a computation."""


def test_vectors_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    vectors = embed_cached(embedder, TEXTS, tmp_path)
    assert np.array_equal(vectors, np.stack([embedder.embed_query(text) for text in TEXTS]))


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder(), TEXTS, tmp_path)
    again = HashingEmbedder()
    vectors = embed_cached(again, ["hộ chiếu", *reversed(TEXTS)], tmp_path)
    assert again.embedded == ["hộ chiếu"]
    assert np.array_equal(vectors[1:], np.stack([again.embed_query(text) for text in reversed(TEXTS)]))


def test_a_text_that_stands_twice_is_embedded_once(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    vectors = embed_cached(embedder, ["một", "hai", "một"], tmp_path)
    assert sorted(embedder.embedded) == ["hai", "một"]
    assert np.array_equal(vectors[0], vectors[2])


@given(st.lists(st.text("abcđê ", max_size=4), max_size=30))
def test_the_cache_changes_no_vector(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    embedder = HashingEmbedder()
    vectors = embed_cached(embedder, texts, tmp_path_factory.getbasetemp() / "vectors-property")
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert all(np.array_equal(row, embedder.embed_query(text)) for row, text in zip(vectors, texts, strict=True))


def test_batches_that_were_finished_before_a_kill_are_kept(tmp_path: Path) -> None:
    texts = [f"câu số {number:03}" for number in range(200)]

    def kill_in_the_third(batches_done: int) -> None:
        if batches_done == 2:
            raise Killed

    killed = HashingEmbedder(before=kill_in_the_third)
    with pytest.raises(Killed):
        embed_cached(killed, texts, tmp_path)
    assert len(killed.batches) == 2

    second = HashingEmbedder()
    vectors = embed_cached(second, texts, tmp_path)
    assert sorted(killed.embedded + second.embedded) == texts
    assert len(vectors) == 200


def test_another_embedder_has_a_cache_of_its_own(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder("một/bản 1"), TEXTS, tmp_path)
    other = HashingEmbedder("một/bản 2")
    embed_cached(other, TEXTS, tmp_path)
    assert sorted(other.embedded) == sorted(TEXTS)
    assert len(list(tmp_path.glob("vectors-*.db"))) == 2


def test_no_name_leads_out_of_the_cache(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder("../../etc/model"), TEXTS, tmp_path / "cache")
    assert [path.parent for path in tmp_path.rglob("*.db")] == [tmp_path / "cache"]


def test_progress_goes_up_to_all(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder(), TEXTS[:1], tmp_path)
    seen: list[tuple[int, int]] = []
    embed_cached(HashingEmbedder(), TEXTS, tmp_path, lambda done, total: seen.append((done, total)))
    assert seen[0] == (1, 3)
    assert seen[-1] == (3, 3)
    assert seen == sorted(seen)


def test_no_texts_no_vectors(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    assert embed_cached(embedder, [], tmp_path).shape == (0, DIMENSIONS)
    assert embedder.batches == []


def test_a_damaged_cache_is_named(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder(), TEXTS, tmp_path)
    (file,) = tmp_path.glob("*.db")
    file.write_bytes(b"not a database, but long enough to look at" * 200)
    with pytest.raises(CacheDamaged, match=file.name):
        embed_cached(HashingEmbedder(), TEXTS, tmp_path)


def test_a_cache_that_another_process_writes_to_is_not_damaged(tmp_path: Path) -> None:
    embed_cached(HashingEmbedder(), TEXTS, tmp_path)
    (file,) = tmp_path.glob("*.db")
    reader = sqlite3.connect(file)
    reader.execute("begin")
    reader.execute("select count(*) from vectors").fetchone()
    assert len(embed_cached(HashingEmbedder(), TEXTS, tmp_path)) == 3
    reader.close()
