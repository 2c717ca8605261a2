"""Opens the SQLite files of an artefact: they never change, so no lock is taken and nothing is written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote


def open_readonly(path: Path) -> sqlite3.Connection:
    """A read-only connection. Threads may take turns with it but must not use it at the same time."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)
