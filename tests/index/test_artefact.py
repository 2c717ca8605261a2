"""A build is opened only when whole, and swapped under whoever is asking."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.artefact import ArtefactUnusable, LibraryHolder, current_build, file_hash, open_library, read_manifest
from index.build import build
from tests.index.support import HASHING_PROJECTION, HashingEmbedder, edit

FILES = ["knowledge.db", "search.db", "restorer.npz", "units.faiss"]
QUESTION = "xin cấp lại thẻ căn cước bị mất"


def answer(holder: LibraryHolder) -> str:
    library = holder()
    best = library.rank(library.analyse(QUESTION)).best
    assert best is not None
    return f"{library.version} {best.target}"


def flip(path: Path, place: int) -> None:
    """Turn one bit round."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def rewrite(folder: Path, **changes: Any) -> None:
    """Change keys of the manifest; None takes one away."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in manifest.items() if value is not None}))


def test_before_the_first_build_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtefactUnusable, match=r"Chưa có dữ liệu.*banhoi build"):
        current_build(tmp_path)


def test_a_whole_build_opens(data_dir: Path) -> None:
    folder = current_build(data_dir)
    library = open_library(folder, HashingEmbedder(), HASHING_PROJECTION)
    assert library.version == folder.name == read_manifest(folder).version
    assert library.embedder is not None
    assert library.knowledge.procedure("1.001193") is not None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_single_flipped_bit_is_noticed_in_every_file(data_dir: Path, name: str, share: float) -> None:
    path = current_build(data_dir) / name
    flip(path, int(share * (path.stat().st_size - 1)))
    with pytest.raises(ArtefactUnusable, match=f"bị hỏng \\({name}\\).*banhoi build --force"):
        open_library(path.parent)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_or_empty_file_is_noticed(data_dir: Path, name: str) -> None:
    path = current_build(data_dir) / name
    path.write_bytes(b"")
    with pytest.raises(ArtefactUnusable, match="hỏng"):
        open_library(path.parent)
    path.unlink()
    with pytest.raises(ArtefactUnusable, match="thiếu hoặc hỏng"):
        open_library(path.parent)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"manifest"', "\x00\x01", "{}", '{"format": 1}'])
def test_a_broken_manifest_is_noticed(data_dir: Path, text: str) -> None:
    folder = current_build(data_dir)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ArtefactUnusable, match="banhoi build"):
        open_library(folder)


@pytest.mark.parametrize(
    "changes", [{"files": []}, {"files": None}, {"files": {}}, {"counts": None}, {"version": None}]
)
def test_a_manifest_that_does_not_say_everything_is_noticed(data_dir: Path, changes: dict[str, Any]) -> None:
    folder = current_build(data_dir)
    rewrite(folder, **changes)
    with pytest.raises(ArtefactUnusable, match="hỏng"):
        open_library(folder)


def test_another_format_is_named_as_such(data_dir: Path) -> None:
    folder = current_build(data_dir)
    rewrite(folder, format=999)
    with pytest.raises(ArtefactUnusable, match=r"phiên bản khác.*banhoi build"):
        open_library(folder)


def test_files_that_carry_their_checksums_but_hold_nonsense_do_not_open(data_dir: Path) -> None:
    folder = current_build(data_dir)
    for name in FILES:
        good, manifest = (folder / name).read_bytes(), (folder / "manifest.json").read_bytes()
        (folder / name).write_bytes(b"nonsense" * 1000)
        files = json.loads(manifest)["files"] | {name: file_hash(folder / name)}
        rewrite(folder, files=files)
        with pytest.raises(ArtefactUnusable, match="Không mở được"):
            open_library(folder, HashingEmbedder(), HASHING_PROJECTION)
        (folder / name).write_bytes(good)
        (folder / "manifest.json").write_bytes(manifest)
    open_library(folder, HashingEmbedder(), HASHING_PROJECTION)


@pytest.mark.parametrize("pointer", [b"", b"\n", b"..", b"../../etc", b"\xff\xfe", b"000000000000"])
def test_a_pointer_to_nowhere_is_noticed(data_dir: Path, pointer: bytes) -> None:
    (data_dir / "current").write_bytes(pointer)
    with pytest.raises(ArtefactUnusable, match="banhoi build"):
        open_library(current_build(data_dir))


def test_a_data_directory_that_is_none_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtefactUnusable):
        current_build(tmp_path / "file")


def test_an_embedder_that_nothing_was_trained_for_searches_by_words(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert open_library(current_build(data_dir), HashingEmbedder()).embedder is None
    assert "nothing was trained for the vectors of hashing" in caplog.text


def test_another_embedder_searches_by_words(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = open_library(current_build(data_dir), HashingEmbedder("another"))
    assert library.embedder is None
    assert "another" in caplog.text
    best = library.rank(library.analyse(QUESTION)).best
    assert best is not None
    assert best.target == "1.014064"


class TestHotSwap:
    """A running service and the builds that are made under it."""

    @pytest.fixture
    def holder(self, data_dir: Path) -> LibraryHolder:
        return LibraryHolder(data_dir, HashingEmbedder())

    @pytest.fixture
    def rebuild(self, data_dir: Path, content: Path) -> Any:
        """Changes the content and builds it; gives the new version."""

        def run(force: bool = False) -> str:
            if not force:
                edit(content / "procedures/can-cuoc/1.014064.yaml", "popularity: ", "warnings: [Đã sửa.]\npopularity: ")
            return build(data_dir, HashingEmbedder(), content_dir=content, force=force).version

        return run

    def test_nothing_new_nothing_swapped(self, holder: LibraryHolder) -> None:
        before = holder()
        assert holder.refresh() is False
        assert holder() is before

    def test_a_new_build_is_swapped_in_once(self, holder: LibraryHolder, rebuild: Any) -> None:
        before = holder().version
        version = rebuild()
        assert holder().version == before != version
        assert holder.refresh() is True
        assert holder().version == version
        assert holder.refresh() is False

    def test_a_damaged_build_is_refused_and_complained_of_once(
        self, holder: LibraryHolder, rebuild: Any, data_dir: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        before = answer(holder)
        rebuild()
        flip(current_build(data_dir) / "search.db", 5000)
        for _ in range(3):
            assert holder.refresh() is False
            assert answer(holder) == before
        errors = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert len(errors) == 1
        assert "search.db" in errors[0].getMessage()

    def test_the_damaged_build_made_again_in_its_place_is_swapped_in(
        self, holder: LibraryHolder, rebuild: Any, data_dir: Path
    ) -> None:
        rebuild()
        flip(current_build(data_dir) / "search.db", 5000)
        assert holder.refresh() is False
        version = rebuild(force=True)
        assert holder.refresh() is True
        assert answer(holder) == f"{version} 1.014064"

    def test_a_damaged_pointer_keeps_the_old_build_serving(
        self, holder: LibraryHolder, data_dir: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        before = answer(holder)
        (data_dir / "current").write_bytes(b"\xff\x00")
        assert [holder.refresh() for _ in range(3)] == [False] * 3
        assert answer(holder) == before
        assert len(caplog.records) == 1

    def test_the_old_build_serves_when_its_files_are_gone(self, holder: LibraryHolder, data_dir: Path) -> None:
        before = answer(holder)
        shutil.rmtree(data_dir / "builds")
        assert holder.refresh() is False
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: answer(holder), range(24))) == {before}

    def test_four_threads_ask_while_builds_come_and_go(
        self, holder: LibraryHolder, rebuild: Any, data_dir: Path
    ) -> None:
        old, stop = holder().version, threading.Event()

        def ask() -> list[str]:
            heard = [answer(holder)]
            while not stop.is_set():
                heard.append(answer(holder))
            return [*heard, answer(holder)]

        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask) for _ in range(4)]
            try:
                new = rebuild()
                flip(current_build(data_dir) / "knowledge.db", 0)
                assert holder.refresh() is False
                assert rebuild(force=True) == new
                assert holder.refresh() is True
            finally:
                stop.set()
            heard = [future.result() for future in asking]
        for answers in heard:
            assert set(answers) <= {f"{old} 1.014064", f"{new} 1.014064"}
            assert answers == sorted(answers, key=lambda text: text.startswith(new))
            assert answers[-1].startswith(new)


def test_a_changed_card_is_another_version(data_dir: Path, content: Path) -> None:
    before = current_build(data_dir).name
    edit(content / "procedures/ho-tich/1.001193.yaml", "popularity: 5", "popularity: 4")
    assert build(data_dir, HashingEmbedder(), content_dir=content).version != before
