"""A build is made as a whole, once for the same knowledge, one at a time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import index.build
from index.artefact import FORMAT, current_build, file_hash, open_library, read_manifest
from index.build import KEPT_BUILDS, BuildFailed, Built, build
from knowledge.assemble import assemble
from knowledge.content import ContentError, load_content
from tests.index.support import CARDS, HashingEmbedder, copy_content, edit

STAGES = ["Đọc nội dung", "Học cách thêm dấu", "Ghi dữ liệu", "Tính vectơ"]


def made(data_dir: Path, content: Path, **options: bool) -> Built:
    return build(data_dir, HashingEmbedder(), content_dir=content, **options)


def changed(content: Path, popularity: int) -> Path:
    """The content with another popularity on a card."""
    card = content / "procedures/ho-tich/1.001193.yaml"
    lines = [line for line in card.read_text(encoding="utf-8").splitlines() if not line.startswith("popularity")]
    card.write_text("\n".join([*lines, f"popularity: {popularity}", ""]), encoding="utf-8")
    return content


def folders(data_dir: Path) -> set[str]:
    return {path.name for path in (data_dir / "builds").iterdir() if path.is_dir()}


def test_the_manifest_says_what_was_built(fresh_dir: Path, content: Path) -> None:
    built = made(fresh_dir, content)
    assert (built.fresh, built.folder, built.remarks) == (True, current_build(fresh_dir), ())
    manifest = read_manifest(built.folder)
    assert (manifest.version, manifest.embedder) == (built.version, "hashing")
    assert manifest.files.keys() == {path.name for path in built.folder.iterdir()} - {"manifest.json"}
    assert all(file_hash(built.folder / name) == digest for name, digest in manifest.files.items())
    assert (manifest.counts["procedures"], manifest.counts["cards"], manifest.counts["plans"]) == (6, 6, 1)
    assert json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))["format"] == FORMAT


def test_without_embedder_there_are_no_vectors(fresh_dir: Path, content: Path) -> None:
    built = build(fresh_dir, None, content_dir=content)
    assert read_manifest(built.folder).embedder is None
    assert {path.name for path in built.folder.iterdir()} == {
        "manifest.json", "knowledge.db", "search.db", "restorer.npz",
    }  # fmt: skip


def test_a_second_build_without_changes_does_nothing(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, content)
    stamp = (first.folder / "manifest.json").stat()
    second = made(fresh_dir, content)
    assert (second.fresh, second.version) == (False, first.version)
    after = (first.folder / "manifest.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)


def test_by_force_it_is_built_again_from_the_caches(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, content)
    inode = (first.folder / "manifest.json").stat().st_ino
    embedder = HashingEmbedder()
    second = build(fresh_dir, embedder, content_dir=content, force=True)
    assert (second.fresh, second.version, embedder.batches) == (True, first.version, [])
    assert (first.folder / "manifest.json").stat().st_ino != inode
    open_library(second.folder, embedder)


def test_only_new_texts_are_embedded_for_a_changed_card(fresh_dir: Path, content: Path) -> None:
    made(fresh_dir, content)
    card = content / "procedures/ho-tich/1.001193.yaml"
    edit(card, "\naliases:\n", "\naliases:\n  - làm giấy chứng nhận có con mới\n")
    embedder = HashingEmbedder()
    build(fresh_dir, embedder, content_dir=content)
    assert embedder.embedded == ["làm giấy chứng nhận có con mới"]


def test_the_version_follows_content_and_embedder(fresh_dir: Path, content: Path) -> None:
    versions = [
        made(fresh_dir, content).version,
        build(fresh_dir, None, content_dir=content).version,
        build(fresh_dir, HashingEmbedder("another"), content_dir=content).version,
        made(fresh_dir, changed(content, 1)).version,
    ]
    assert len(set(versions)) == 4


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("outside.txt", True),
        ("filler.txt", True),
        ("aspects.yaml", True),
        ("abbreviations.yaml", True),
        ("ranker.json", False),
    ],
)
def test_the_version_follows_how_texts_are_read_but_not_the_weights(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: bool
) -> None:
    """A later release may read the same content otherwise: then it is to be built anew."""
    knowledge = assemble(load_content(content), None)
    before = index.build._version(knowledge, None)
    monkeypatch.setattr(index.build, "READINGS", shutil.copytree(index.build.READINGS, tmp_path / "readings"))
    assert index.build._version(knowledge, None) == before
    with (tmp_path / "readings" / name).open("a", encoding="utf-8") as file:
        file.write("\n# khác\n")
    assert (index.build._version(knowledge, None) != before) == other


def test_going_back_makes_the_former_build_current_again(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, changed(content, 1))
    made(fresh_dir, changed(content, 2))
    back = made(fresh_dir, changed(content, 1))
    assert (back.version, back.fresh) == (first.version, False)
    assert current_build(fresh_dir) == first.folder


def test_a_damaged_build_is_made_anew(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, content)
    (first.folder / "search.db").write_bytes(b"")
    again = made(fresh_dir, content)
    assert (again.version, again.fresh) == (first.version, True)
    open_library(again.folder)


def test_a_damaged_pointer_is_mended(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, content)
    (fresh_dir / "current").write_bytes(b"\xff\xfe\x00")
    assert made(fresh_dir, content).fresh is False
    assert current_build(fresh_dir) == first.folder


def test_a_damaged_restorer_in_the_cache_is_learnt_anew(fresh_dir: Path, content: Path) -> None:
    made(fresh_dir, content)
    (cached,) = (fresh_dir / "cache").glob("restorer-*.npz")
    cached.write_bytes(cached.read_bytes()[:1000])
    built = made(fresh_dir, content, force=True)
    assert open_library(built.folder).restorer.restore(["giay", "khai", "sinh"]) == ["giấy", "khai", "sinh"]


def test_outdated_restorers_do_not_pile_up(fresh_dir: Path, content: Path) -> None:
    for name in ("một", "hai", "ba"):
        edit(content / "procedures/ho-tich/1.001193.yaml", "\naliases:\n", f"\naliases:\n  - giấy thử {name}\n")
        build(fresh_dir, None, content_dir=content)
    assert len(list((fresh_dir / "cache").glob("restorer-*"))) == 1


def test_the_newest_builds_are_kept(fresh_dir: Path, content: Path) -> None:
    versions = []
    for popularity in range(4):
        built = made(fresh_dir, changed(content, popularity))
        os.utime(built.folder, (popularity, popularity))
        versions.append(built.version)
    assert folders(fresh_dir) == set(versions[-KEPT_BUILDS:])
    assert current_build(fresh_dir).name == versions[-1]


def test_the_build_in_force_is_kept_however_old(fresh_dir: Path, content: Path) -> None:
    first = made(fresh_dir, changed(content, 1))
    second = made(fresh_dir, changed(content, 2))
    os.utime(first.folder, (1, 1))
    made(fresh_dir, changed(content, 1))
    assert folders(fresh_dir) == {first.version, second.version}


def test_what_a_killed_build_left_behind_is_removed(fresh_dir: Path, content: Path) -> None:
    made(fresh_dir, content)
    left = fresh_dir / "builds" / ".new-killed"
    left.mkdir()
    (left / "knowledge.db").write_bytes(b"half")
    made(fresh_dir, content)
    assert not left.exists()


def test_stages_are_reported_in_order_and_to_their_end(fresh_dir: Path, content: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    build(
        fresh_dir,
        HashingEmbedder(),
        content_dir=content,
        report=lambda stage, done, total: seen.append((stage, done, total)),
    )
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == STAGES
    last = {stage: (done, total) for stage, done, total in seen}
    assert all(done == total for done, total in last.values())


def test_knowledge_without_a_procedure_is_not_served(data_dir: Path, tmp_path: Path) -> None:
    before = current_build(data_dir)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BuildFailed, match="Không có thủ tục nào"):
        made(data_dir, tmp_path / "empty")
    assert current_build(data_dir) == before


def test_a_content_folder_that_does_not_exist_is_no_empty_one(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="typo: không có thư mục này"):
        made(data_dir, tmp_path / "typo")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("popularity: 5", "popularity: 9", r"1\.001193\.yaml:\d+: popularity: "),
        ("popularity: 5", "popularty: 5", r"1\.001193\.yaml:\d+: popularty: "),
        ("popularity: 5", "popularity: [5", r"1\.001193\.yaml:\d+: không phải YAML hợp lệ"),
        ("\naliases:\n", "\naliases: x\nfoo:\n", r"1\.001193\.yaml:\d+: aliases: "),
    ],
)
def test_broken_content_names_file_line_and_field(
    data_dir: Path, content: Path, old: str, new: str, named: str
) -> None:
    before = current_build(data_dir)
    edit(content / "procedures/ho-tich/1.001193.yaml", old, new)
    with pytest.raises(ContentError, match=named):
        made(data_dir, content)
    assert current_build(data_dir) == before


def test_the_line_named_is_the_line_at_fault(data_dir: Path, content: Path) -> None:
    card = content / "procedures/ho-tich/1.001193.yaml"
    edit(card, "popularity: 5", "popularity: 9")
    line = card.read_text(encoding="utf-8").splitlines().index("popularity: 9") + 1
    with pytest.raises(ContentError, match=f"1.001193.yaml:{line}: popularity"):
        made(data_dir, content)


def test_two_threads_building_the_same_build_once(fresh_dir: Path, content: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(lambda _: made(fresh_dir, content), range(2)))
    assert sorted(one.fresh for one in built) == [False, True]
    open_library(current_build(fresh_dir), HashingEmbedder())


def test_two_builds_of_different_content_take_turns(fresh_dir: Path, content: Path, tmp_path: Path) -> None:
    other = copy_content(tmp_path / "other", CARDS[:3])
    with ThreadPoolExecutor(2) as pool:
        versions = [built.version for built in pool.map(lambda folder: made(fresh_dir, folder), [content, other])]
    assert folders(fresh_dir) == set(versions)
    assert current_build(fresh_dir).name in versions
    for version in versions:
        assert open_library(fresh_dir / "builds" / version, HashingEmbedder()).version == version


def test_a_build_that_waited_reads_what_changed_meanwhile(fresh_dir: Path, content: Path) -> None:
    (fresh_dir / "builds").mkdir()
    with (fresh_dir / "builds" / ".lock").open("w") as lock, ThreadPoolExecutor(1) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = pool.submit(made, fresh_dir, content)
        changed(content, 1)
        fcntl.flock(lock, fcntl.LOCK_UN)
    assert made(fresh_dir, content).version == waiting.result().version
