"""The units of a build in one SQLite table, open to Datasette: what leads to which target, and in which words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from index.aspects import matter
from index.query import analyse
from index.readonly import open_readonly
from index.restore import Restorer
from index.text import tokens
from index.units import Unit, UnitKind

_TABLE = "units"


@dataclass(frozen=True, slots=True)
class WordedUnit:
    """A unit with the words it is found by: of an example those that name its matter, else all of its text."""

    unit: Unit
    words: tuple[str, ...]


def worded_units(units: Sequence[Unit], restorer: Restorer) -> list[WordedUnit]:
    """The units with their words; examples are read as messages are: diacritics restored, filler taken off."""
    return [WordedUnit(unit, _words(unit, restorer)) for unit in units]


def _words(unit: Unit, restorer: Restorer) -> tuple[str, ...]:
    if unit.kind is UnitKind.EXAMPLE:
        return matter(analyse(unit.text, restorer)).content
    return tuple(tokens(unit.text))


def write_units(path: Path, worded: Sequence[WordedUnit]) -> None:
    """Write the units into a new SQLite file; a unit's id is its position. A body's text stands in the knowledge."""
    database = sqlite_utils.Database(path)
    database.execute("pragma synchronous = off")  # the build syncs the finished file
    try:
        table = database.table(_TABLE)
        table.create({"id": int, "target": str, "kind": str, "text": str, "words": str}, pk="id")
        table.insert_all(
            {
                "id": number,
                "target": item.unit.target,
                "kind": item.unit.kind.value,
                "text": "" if item.unit.kind is UnitKind.BODY else item.unit.text,
                "words": " ".join(item.words),
            }
            for number, item in enumerate(worded)
        )
        database.vacuum()
    finally:
        database.close()


def read_units(path: Path) -> list[WordedUnit]:
    """All units in the order of their ids."""
    with closing(open_readonly(path)) as connection:
        rows = connection.execute(f"select target, kind, text, words from {_TABLE} order by id")  # noqa: S608
        return [
            WordedUnit(Unit(target, UnitKind(kind), text), tuple(map(sys.intern, words.split())))
            for target, kind, text, words in rows
        ]
