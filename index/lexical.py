"""Lexical search: BM25 of SQLite's FTS5 over syllables and syllable pairs, with and without diacritics."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

import sqlite_utils

from index.readonly import open_readonly
from index.text import bigrams, fold_all, tokens
from index.units import Unit, UnitKind

_MAX_TERMS = 14
"""A search goes by so many of the rarest terms; the long posting lists of common ones cost most and tell least."""
_COMMON_SHARE = 0.12
"""A term in more of the texts than this is left out while rarer ones remain."""
_READERS = 4
"""Searches that may run at the same time."""
_TOKENIZER = "unicode61 remove_diacritics 0 tokenchars '_'"
_TABLE = "units"
_BODY_TABLE = "bodies"
_SEARCHED = ((_TABLE, "words"), (_TABLE, "folded"), (_BODY_TABLE, "words"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit that a search found; the higher the score the better."""

    unit: int
    score: float


def write_units(path: Path, units: Sequence[Unit]) -> None:
    """Write the units with their search tables into a new SQLite file; a unit's id is its position in `units`."""
    database = sqlite_utils.Database(path)
    database.execute("pragma synchronous = off")  # the build syncs the finished file
    try:
        _insert(database, _TABLE, ((n, u) for n, u in enumerate(units) if u.kind is not UnitKind.BODY))
        _insert(database, _BODY_TABLE, ((n, u) for n, u in enumerate(units) if u.kind is UnitKind.BODY))
        for table in (_TABLE, _BODY_TABLE):
            database.table(table).enable_fts(["words", "folded"], tokenize=_TOKENIZER)
        database.vacuum()
    finally:
        database.close()


def _insert(database: sqlite_utils.Database, table: str, rows: Iterable[tuple[int, Unit]]) -> None:
    database.table(table).create(
        {"id": int, "target": str, "kind": str, "text": str, "words": str, "folded": str}, pk="id"
    )
    database.table(table).insert_all(
        {
            "id": number,
            "target": unit.target,
            "kind": unit.kind.value,
            **(_body_columns(unit) if unit.kind is UnitKind.BODY else _columns(unit)),
        }
        for number, unit in rows
    )


def _columns(unit: Unit) -> dict[str, str]:
    words = tokens(unit.text)
    return {"text": unit.text, "words": _terms(words), "folded": _terms(fold_all(words))}


def _body_columns(unit: Unit) -> dict[str, str]:
    """Bodies are searched by single accented words only; their text stands in the knowledge already."""
    return {"text": "", "words": " ".join(tokens(unit.text)), "folded": ""}


def _terms(words: Sequence[str]) -> str:
    return " ".join([*words, *bigrams(words)])


def read_units(path: Path) -> list[Unit]:
    """All units in the order of their ids."""
    with closing(open_readonly(path)) as connection:
        rows = connection.execute(
            f"select id, target, kind, text from {_TABLE} union all "  # noqa: S608
            f"select id, target, kind, text from {_BODY_TABLE} order by id"
        ).fetchall()
    return [Unit(target, UnitKind(kind), text) for _, target, kind, text in rows]


class LexicalIndex:
    """Searches the units of one artefact; threads may share it.

    Each search borrows one of a few connections, all opened at the start: so a search goes on after a later build
    has removed the file, and no connection is ever used by two threads at once.
    """

    def __init__(self, path: Path) -> None:
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        for _ in range(_READERS):
            self._idle.put(_reader(path))
        with self._borrowed() as connection:
            self._frequencies = {
                (table, column): _count_terms(connection, table, column) for table, column in _SEARCHED
            }
            self._sizes = {table: _count_rows(connection, table) for table in (_TABLE, _BODY_TABLE)}

    def close(self) -> None:
        """Release the file; no search may be running."""
        try:
            while True:
                self._idle.get_nowait().close()
        except Empty:
            return

    def search(self, words: Sequence[str], limit: int) -> list[Hit]:
        """Units by BM25 over the words as given, diacritics counting."""
        return self._run(_TABLE, "words", words, limit)

    def search_folded(self, folded: Sequence[str], limit: int) -> list[Hit]:
        """Units by BM25 over words without diacritics."""
        return self._run(_TABLE, "folded", folded, limit)

    def search_bodies(self, words: Sequence[str], limit: int) -> list[Hit]:
        """Bodies of procedures (field, result, papers, cases) by BM25 over the words as given."""
        return self._run(_BODY_TABLE, "words", words, limit)

    def _run(self, table: str, column: str, words: Sequence[str], limit: int) -> list[Hit]:
        terms = self._telling(table, column, dict.fromkeys([*words, *bigrams(words)]))
        if not terms:
            return []
        quoted = " OR ".join(f'"{term}"' for term in terms)
        match = f"{column} : ({quoted})"
        with self._borrowed() as connection:
            rows = connection.execute(
                f"select rowid, -rank from {table}_fts where {table}_fts match ? order by rank limit ?",  # noqa: S608
                (match, limit),
            ).fetchall()
        return [Hit(unit, score) for unit, score in rows]

    def _telling(self, table: str, column: str, terms: Iterable[str]) -> list[str]:
        """The rarest of the terms that occur at all."""
        counts = self._frequencies[table, column]
        known = sorted((counts[term], term) for term in terms if term in counts)
        limit = self._sizes[table] * _COMMON_SHARE
        rare = [term for count, term in known if count <= limit]
        return (rare or [term for _, term in known])[:_MAX_TERMS]

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        connection = self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put(connection)


def _reader(path: Path) -> sqlite3.Connection:
    connection = open_readonly(path)
    connection.execute("pragma cache_size = -16000")
    return connection


def _count_terms(connection: sqlite3.Connection, table: str, column: str) -> dict[str, int]:
    """In how many texts each term stands."""
    connection.execute(
        f"create virtual table if not exists temp.{table}_terms using fts5vocab(main, {table}_fts, col)"
    )
    rows = connection.execute(f"select term, doc from temp.{table}_terms where col = ?", (column,))  # noqa: S608
    return dict(rows.fetchall())


def _count_rows(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608
