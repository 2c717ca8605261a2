"""Writing several files as one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from knowledge.atomic_files import write_files
from knowledge.import_errors import WriteFailedError


def test_writes_into_new_folders(tmp_path: Path) -> None:
    write_files({tmp_path / "a" / "one": "1", tmp_path / "b" / "two": "đủ"})
    assert (tmp_path / "a" / "one").read_text(encoding="utf-8") == "1"
    assert (tmp_path / "b" / "two").read_text(encoding="utf-8") == "đủ"


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_files({first: "old", second: "old"})
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailedError, match=r"Không ghi được vào .*second: No space left"):
        write_files({first: "new", second: "new"})
    assert (first.read_text(), second.read_text()) == ("old", "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteFailedError, match="Không ghi được"):
        write_files({tmp_path / "file" / "inside": "y"})
