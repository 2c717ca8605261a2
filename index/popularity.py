"""How often each procedure is asked for, 0 to 5, as its card says: beside the search texts of a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import sqlite_utils

from index.readonly import open_readonly
from knowledge.models import Procedure


def popularity_of(procedures: Iterable[Procedure]) -> dict[str, int]:
    """By code."""
    return {procedure.code: procedure.popularity for procedure in procedures}


def write_popularity(path: Path, popularity: Mapping[str, int]) -> None:
    """Add it to the search database."""
    database = sqlite_utils.Database(path)
    database.execute("pragma synchronous = off")  # the build syncs the finished file
    try:
        database.table("targets").create({"target": str, "popularity": int}, pk="target")
        database.table("targets").insert_all({"target": code, "popularity": n} for code, n in popularity.items())
    finally:
        database.close()


def read_popularity(path: Path) -> dict[str, int]:
    """What `write_popularity` wrote."""
    with closing(open_readonly(path)) as connection:
        return dict(connection.execute("select target, popularity from targets"))
