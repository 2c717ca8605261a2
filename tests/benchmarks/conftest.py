"""A small build with vectors, opened, and a question set about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.opening import Opened
from index.artefact import current_build, open_library
from index.build import build
from tests.index.support import HASHING_PROJECTION, HashingEmbedder, copy_content

BIRTH, MARRIAGE, DEATH = "1.001193", "1.000894", "1.000656"


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A build of a handful of cards."""
    data_dir = tmp_path_factory.mktemp("small")
    embedder = HashingEmbedder()
    build(data_dir, embedder, content_dir=copy_content(tmp_path_factory.mktemp("content")))
    folder = current_build(data_dir)
    return Opened(folder, open_library(folder, embedder, HASHING_PROJECTION), embedder, 0.0, 0.0)


@pytest.fixture(scope="session")
def question_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three questions that stand alone, one of them none of ours, and a conversation of two."""
    rows = [
        _row("a", "đăng ký khai sinh cho con mới đẻ cần giấy tờ gì", BIRTH),
        _row("b", "dang ky ket hon o dau", MARRIAGE),
        _row("c", "giá vàng hôm nay thế nào", behaviour="out_of_scope"),
        _row("d", "đăng ký khai tử cho ông", DEATH, judged=False),
        _row("d", "lệ phí bao nhiêu", DEATH, turn=2),
    ]
    path = tmp_path_factory.mktemp("sets") / "small.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def _row(case: str, question: str, *codes: str, behaviour: str = "answer", **others: object) -> dict[str, object]:
    return {"case": case, "question": question, "expect_codes": codes, "behaviour": behaviour, **others}
