"""Writes `knowledge.db` (SQLite, openable in Datasette) and opens it again, read-only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote

import sqlite_utils
from pydantic import ValidationError

from knowledge.assemble import Knowledge
from knowledge.import_errors import WriteFailedError
from knowledge.models import Elsewhere, Faq, Group, Office, Plan, Procedure, Record
from knowledge.tables import COLUMNS, FOREIGN_KEYS, rows

SCHEMA_VERSION = "1"
TOKENIZER = "unicode61 remove_diacritics 2"
_BODIES_IN_MEMORY = 1024
R = TypeVar("R", bound=Record)


class KnowledgeUnavailable(Exception):
    """There is no usable `knowledge.db`; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a knowledge database says of itself."""

    version: str
    """The content hash of the knowledge."""
    built_at: datetime
    counts: Mapping[str, int]
    """Number of rows by table."""


def write_database(path: Path, knowledge: Knowledge, *, built_at: datetime | None = None) -> Meta:
    """Write the knowledge to `path`; a former file is replaced only when the new one is complete.

    Raises `WriteFailedError` when the disk is full or the folder cannot be written.
    """
    meta = Meta(knowledge.content_hash, built_at or datetime.now(UTC), MappingProxyType({}))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        meta = _write(temporary, knowledge, meta)
        temporary.replace(path)
    except (OSError, sqlite3.OperationalError) as error:
        raise WriteFailedError(
            f"Không ghi được {path}: {getattr(error, 'strerror', None) or error}."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return meta


def _write(path: Path, knowledge: Knowledge, meta: Meta) -> Meta:
    with closing(sqlite3.connect(path)) as connection:
        db = sqlite_utils.Database(connection)
        for table, columns in COLUMNS.items():
            keys = FOREIGN_KEYS.get(table, ())
            db.table(table).create(columns, pk=next(iter(columns)), foreign_keys=keys)
        counts = {}
        for table, table_rows in rows(knowledge).items():
            db.table(table).insert_all(table_rows, batch_size=500)
            counts[table] = db.table(table).count
        db.table("procedures").enable_fts(["name", "title"], tokenize=TOKENIZER)
        for table in FOREIGN_KEYS:
            for column, _, _ in FOREIGN_KEYS[table]:
                db.table(table).create_index([column])
        db.table("meta").insert_all(
            [
                {"key": "schema", "value": SCHEMA_VERSION},
                {"key": "version", "value": meta.version},
                {"key": "built_at", "value": meta.built_at.isoformat()},
                *({"key": f"count_{table}", "value": str(count)} for table, count in counts.items()),
            ]
        )
        connection.commit()
        connection.execute("VACUUM")
    return Meta(meta.version, meta.built_at, MappingProxyType(counts))


class KnowledgeBase:
    """The knowledge of one build, held in memory; safe to share between threads, never changes."""

    def __init__(
        self,
        *,
        meta: Meta,
        bodies: Mapping[str, str],
        titles: Mapping[str, str],
        withdrawn: Mapping[str, str],
        groups: Mapping[str, Group],
        plans: Mapping[str, Plan],
        offices: Mapping[str, Office],
        faqs: Mapping[str, Faq],
        elsewhere: Mapping[str, Elsewhere],
    ) -> None:
        self.meta = meta
        self.groups = MappingProxyType(dict(groups))
        self.plans = MappingProxyType(dict(plans))
        self.offices = MappingProxyType(dict(offices))
        self.faqs = MappingProxyType(dict(faqs))
        self.elsewhere = MappingProxyType(dict(elsewhere))
        self._bodies = bodies
        self._titles = MappingProxyType(dict(titles))
        self._withdrawn = withdrawn
        self._parse = lru_cache(maxsize=_BODIES_IN_MEMORY)(self._parsed)

    def procedure(self, code: str) -> Procedure | None:
        """The procedure of this code; None where it is unknown or withdrawn."""
        return self._parse(code) if code in self._bodies else None

    def _parsed(self, code: str) -> Procedure:
        return Procedure.model_validate_json(self._bodies[code])

    def codes(self) -> tuple[str, ...]:
        """The codes of all procedures, in order."""
        return tuple(self._bodies)

    def titles(self) -> Mapping[str, str]:
        """What each procedure is called, by code: our short title, or the official one."""
        return self._titles

    def procedures(self) -> Iterator[Procedure]:
        """Every procedure once, without keeping them: for building an index."""
        for code in self._bodies:
            yield self._parsed(code)

    def is_withdrawn(self, code: str) -> bool:
        """Whether the procedure existed and must not be served any more."""
        return code in self._withdrawn


def open_database(path: Path) -> KnowledgeBase:
    """Load a knowledge database; the file is not written to and not kept open.

    Raises `KnowledgeUnavailable` when it is missing, damaged, or of another schema.
    """
    if not path.is_file():
        raise KnowledgeUnavailable(f"Không có tệp {path}; hãy chạy “banhoi build” trước.")
    try:
        with _connection(path) as connection:
            return _load(connection, path)
    except (sqlite3.Error, ValidationError, KeyError, ValueError) as error:
        raise KnowledgeUnavailable(
            f"Tệp {path} bị hỏng hoặc không phải dữ liệu của banhoi; hãy chạy lại “banhoi build”."
        ) from error


@contextmanager
def _connection(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def _load(connection: sqlite3.Connection, path: Path) -> KnowledgeBase:
    values = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    if values["schema"] != SCHEMA_VERSION:
        raise KnowledgeUnavailable(
            f"Tệp {path} là bản {values['schema']}, cần bản {SCHEMA_VERSION}; hãy chạy lại “banhoi build”."
        )
    procedures = connection.execute("SELECT code, title, body FROM procedures ORDER BY code").fetchall()
    counts = {key[6:]: int(value) for key, value in values.items() if key.startswith("count_")}
    if len(procedures) != counts["procedures"]:
        raise KnowledgeUnavailable(f"Tệp {path} thiếu dữ liệu; hãy chạy lại “banhoi build”.")
    return KnowledgeBase(
        meta=Meta(values["version"], datetime.fromisoformat(values["built_at"]), MappingProxyType(counts)),
        bodies={code: body for code, _, body in procedures},
        titles={code: title for code, title, _ in procedures},
        withdrawn=dict(connection.execute("SELECT code, name FROM withdrawn").fetchall()),
        groups=_records(connection, "groups", Group),
        plans=_records(connection, "plans", Plan),
        offices=_records(connection, "offices", Office),
        faqs=_records(connection, "faqs", Faq),
        elsewhere=_records(connection, "elsewhere", Elsewhere),
    )


def _records(connection: sqlite3.Connection, table: str, model: type[R]) -> dict[str, R]:
    query = f"SELECT id, body FROM {table} ORDER BY id"  # noqa: S608 - the table names are ours
    return {ident: model.model_validate_json(body) for ident, body in connection.execute(query)}
