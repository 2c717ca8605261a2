"""Whatever stops a build, the former one stays in force and nothing half-made stays behind."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import index.build as module
from index.artefact import current_build, open_library
from index.build import BuildFailed, build
from tests.index.support import HashingEmbedder, edit

STEPS = [
    "assemble",
    "write_database",
    "write_units",
    "write_popularity",
    "corpus_hash",
    "embed_cached",
    "write_vectors",
    "file_hash",
    "_sync",
    "_replace",
    "_make_current",
]
root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")


class Broken(Exception):
    """What goes wrong."""


@pytest.fixture
def rebuild(data_dir: Path, content: Path) -> Callable[[], Path]:
    """Builds changed content over the build in `data_dir`; gives the folder."""
    edit(content / "procedures/ho-tich/1.001193.yaml", "\naliases:\n", "\naliases:\n  - giấy mới cho bé\n")

    def run() -> Path:
        return build(data_dir, HashingEmbedder(), content_dir=content).folder

    return run


def leftovers(data_dir: Path) -> list[str]:
    """Names of all that is neither build, cache nor pointer."""
    names = [path.name for path in (*data_dir.iterdir(), *(data_dir / "builds").iterdir())]
    return [name for name in names if name.startswith(".") and name != ".lock"]


@pytest.mark.parametrize("step", STEPS)
def test_an_exception_in_any_step_changes_nothing(
    step: str, rebuild: Callable[[], Path], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_build(data_dir)

    def break_down(*_args: object, **_options: object) -> None:
        raise Broken(step)

    with monkeypatch.context() as patch:
        patch.setattr(module, step, break_down)
        with pytest.raises(Broken, match=step):
            rebuild()
        assert current_build(data_dir) == before
        open_library(before, HashingEmbedder())

    assert rebuild() == current_build(data_dir) != before
    assert leftovers(data_dir) == []


@pytest.mark.parametrize("step", STEPS)
def test_an_error_of_the_system_is_told_to_the_operator(
    step: str, rebuild: Callable[[], Path], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, step, break_down)
    with pytest.raises(BuildFailed, match=r"No space left on device.*Bản đang dùng không thay đổi"):
        rebuild()
    open_library(current_build(data_dir), HashingEmbedder())


def test_a_build_stopped_by_the_operator_leaves_nothing(
    data_dir: Path, content: Path, rebuild: Callable[[], Path]
) -> None:
    before = current_build(data_dir)

    def interrupt(_batches: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(data_dir, HashingEmbedder(before=interrupt), content_dir=content)
    assert current_build(data_dir) == before
    assert leftovers(data_dir) == []
    rebuild()


def test_a_data_directory_that_is_a_file(content: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildFailed, match="file"):
        build(tmp_path / "file", None, content_dir=content)


def test_a_damaged_vector_cache_is_named(data_dir: Path, rebuild: Callable[[], Path]) -> None:
    (cache,) = (data_dir / "cache").glob("vectors-*.db")
    cache.write_bytes(b"no database" * 1000)
    with pytest.raises(BuildFailed, match=cache.name):
        rebuild()
    cache.unlink()
    rebuild()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a file system in memory with the given options; gives its folder."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"no tmpfs may be mounted here: {done.stderr.decode().strip()}")
        return folder

    yield mount
    subprocess.run(["umount", "-l", folder], capture_output=True, check=False)


def test_a_data_directory_that_may_not_be_written(
    data_dir: Path, rebuild: Callable[[], Path], request: pytest.FixtureRequest, content: Path
) -> None:
    if os.geteuid() == 0:  # root may write anywhere but on a read-only disk
        disk = request.getfixturevalue("small_disk")("ro,size=1m")
        with pytest.raises(BuildFailed, match="Read-only file system"):
            build(disk / "data", None, content_dir=content)
        return
    (data_dir / "builds").chmod(0o500)
    try:
        with pytest.raises(BuildFailed, match="Permission denied"):
            rebuild()
    finally:
        (data_dir / "builds").chmod(0o700)
    open_library(current_build(data_dir), HashingEmbedder())


@pytest.mark.parametrize("kilobytes", [0, 20, 100])
def test_a_quota_that_is_used_up_changes_nothing(
    rebuild: Callable[[], Path], data_dir: Path, kilobytes: int
) -> None:
    before = current_build(data_dir)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, hard))
    try:
        with pytest.raises(BuildFailed, match="Bản đang dùng không thay đổi"):
            rebuild()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert current_build(data_dir) == before
    assert leftovers(data_dir) == []
    assert rebuild() != before


@root
@pytest.mark.parametrize("kilobytes", [16, 200, 400, 550])
def test_a_full_disk_changes_nothing(
    small_disk: Callable[[str], Path], content: Path, rebuild: Callable[[], Path], data_dir: Path, kilobytes: int
) -> None:
    disk = small_disk("size=16m")
    subprocess.run(["cp", "-a", data_dir, disk / "data"], check=True)
    before = current_build(disk / "data")
    filler = disk / "filler"
    free = os.statvfs(disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_frsize - kilobytes * 1024))

    with pytest.raises(BuildFailed, match="Bản đang dùng không thay đổi"):
        build(disk / "data", HashingEmbedder(), content_dir=content)
    assert current_build(disk / "data") == before
    open_library(before, HashingEmbedder())
    assert leftovers(disk / "data") == []

    filler.unlink()
    assert build(disk / "data", HashingEmbedder(), content_dir=content).folder != before
    assert not list((disk / "data").rglob("*new*"))


@root
def test_vectors_computed_before_the_disk_was_full_are_kept(
    small_disk: Callable[[str], Path], content: Path, data_dir: Path
) -> None:
    disk = small_disk("size=16m")
    (disk / "data").mkdir()
    filler = disk / "filler"

    def fill(batches: int) -> None:
        if batches == 2:
            free = os.statvfs(disk)
            filler.write_bytes(b"x" * (free.f_bavail * free.f_frsize))

    first = HashingEmbedder(before=fill)
    with pytest.raises(BuildFailed, match="full"):
        build(disk / "data", first, content_dir=content)
    filler.unlink()
    second = HashingEmbedder()
    build(disk / "data", second, content_dir=content)
    assert not {text for batch in first.batches[:2] for text in batch} & set(second.embedded)
