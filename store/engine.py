"""Opens the operational database and gives out its transactions: `write`, `write_repeatable`, `read`.

SQLite: the write lock is taken first (`BEGIN IMMEDIATE`), because a transaction that reads and then writes
under WAL fails at once when another writer came between, whatever `busy_timeout` says. `write` syncs the log
to the disk at commit, so that an acknowledged message survives a power cut (docs/adr/0002).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.errors import Cause, StoreUnavailable, UnsupportedDatabase, cause_of

BUSY_TIMEOUT_MS = 10_000
_queues: WeakKeyDictionary[Pool, asyncio.Semaphore] = WeakKeyDictionary()
_BEGIN = "banhoi_begin"
_DURABLE = ("FULL", "BEGIN IMMEDIATE")
_REPEATABLE = ("NORMAL", "BEGIN IMMEDIATE")
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",  # before anything that may meet a lock
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
)


def open_engine(url: str, *, pool_size: int = 8) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`; it connects on first use.

    Creates the directory of a SQLite file. Raises `StoreUnavailable` where that is impossible and
    `UnsupportedDatabase` for any other driver. Close it with `await engine.dispose()`.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql+asyncpg":
        return create_async_engine(parsed, pool_size=pool_size, pool_pre_ping=True)
    if parsed.drivername != "sqlite+aiosqlite":
        raise UnsupportedDatabase(parsed.drivername)
    _make_directory(parsed)
    engine = create_async_engine(parsed, pool_size=pool_size, max_overflow=pool_size)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


@asynccontextmanager
async def write(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that may write; committed at the end of the block, rolled back on any error.

    Once the block is over, what it wrote survives a crash of the process and a power cut.
    """
    durable = engine.execution_options(**{_BEGIN: _DURABLE})
    async with _translated(), _turn(engine), durable.begin() as connection:
        yield connection


@asynccontextmanager
async def write_repeatable(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Like `write`, for work that is found and done again after a power cut; costs half as much on SQLite.

    It survives a crash of the process. Nothing may be acknowledged to anybody on the strength of it.
    """
    repeatable = engine.execution_options(**{_BEGIN: _REPEATABLE})
    async with _translated(), _turn(engine), repeatable.begin() as connection:
        yield connection


@asynccontextmanager
async def read(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that only reads: one consistent view, never waiting for a writer on SQLite."""
    async with _translated(), engine.begin() as connection:
        yield connection


def is_sqlite(connection: AsyncConnection) -> bool:
    """Whether this connection speaks to SQLite, which has no row locks."""
    return connection.dialect.name == "sqlite"


def _turn(engine: AsyncEngine) -> AbstractAsyncContextManager[object]:
    """Lets the writers of this process queue up, on SQLite.

    Its own waiting is unfair: with 16 writers one was locked out for ten seconds. Two at a time, so that the next
    one stands ready when the lock is freed.
    """
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return _queues.setdefault(engine.sync_engine.pool, asyncio.Semaphore(2))


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except DBAPIError as error:
        cause = cause_of(error.orig) if error.orig is not None else None
        cause = cause or (Cause.UNREACHABLE if error.connection_invalidated else None)
        if cause is None:
            raise
        raise StoreUnavailable(cause) from error
    except sqlite3.Error as error:  # raised by the pragmas, outside SQLAlchemy's own wrapping
        cause = cause_of(error)
        if cause is None:
            raise
        raise StoreUnavailable(cause) from error
    except PoolTimeoutError as error:
        raise StoreUnavailable(Cause.LOCKED) from error
    except (ConnectionError, FileNotFoundError) as error:
        raise StoreUnavailable(Cause.UNREACHABLE) from error


def _make_directory(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise UnsupportedDatabase("sqlite trong bộ nhớ")
    file = Path(url.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(Cause.UNWRITABLE) from error
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise StoreUnavailable(Cause.UNWRITABLE)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    except sqlite3.Error:
        connection.close()  # nobody else will, and its thread would outlive the event loop
        raise
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    level, begin = connection.get_execution_options().get(_BEGIN, (None, "BEGIN"))
    if level is not None and connection.info.get("synchronous") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")  # not allowed inside the transaction
        connection.info["synchronous"] = level
    connection.exec_driver_sql(begin)
