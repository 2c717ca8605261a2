"""Writes several files as one: all of them are complete on disk before the first takes its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from knowledge.import_errors import WriteFailedError


def write_files(texts: Mapping[Path, str]) -> None:
    """Write each text to its path, in the order given, replacing what is there.

    Raises `WriteFailedError` when the disk is full or a folder cannot be written; the former files are then
    intact.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.append((_temporary(path, text), path))
        for temporary, path in waiting:
            temporary.replace(path)
    except OSError as error:
        where = error.filename or "thư mục dữ liệu"
        raise WriteFailedError(f"Không ghi được vào {where}: {error.strerror}.") from error
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path, text: str) -> Path:
    """The text in a file of its own beside `path`, flushed to disk."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
    return temporary
