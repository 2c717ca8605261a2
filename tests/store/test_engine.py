"""Transactions: the lock is taken first, a failure leaves nothing, and its cause is said plainly."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from store import conversations, inbox
from store import engine as engine_module
from store.engine import open_engine, read, write, write_repeatable
from store.errors import Cause, StoreUnavailable, UnsupportedDatabase, cause_of
from store.tables import conversations as conversations_table

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def _pragma(engine: AsyncEngine, name: str) -> object:
    async with read(engine) as connection:
        return (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_sqlite_is_set_up(engine: AsyncEngine) -> None:
    assert await _pragma(engine, "journal_mode") == "wal"
    assert await _pragma(engine, "foreign_keys") == 1
    assert await _pragma(engine, "busy_timeout") == engine_module.BUSY_TIMEOUT_MS


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_write_is_durable_and_write_repeatable_is_not(engine: AsyncEngine) -> None:
    for transaction, level in ((write, 2), (write_repeatable, 1), (write, 2)):
        async with transaction(engine) as connection:
            assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one() == level


async def test_an_error_rolls_everything_back(engine: AsyncEngine) -> None:
    async def break_off() -> None:
        async with write(engine) as connection:
            await conversations.open_locked(connection, "web", "c1", NOW)
            raise KeyError("something else went wrong")

    with pytest.raises(KeyError):
        await break_off()
    async with read(engine) as connection:
        assert (await connection.execute(conversations_table.select())).all() == []


async def _increment(engine: AsyncEngine, *, guarded: bool) -> None:
    """Reads, lets others run, writes: loses updates unless the lock is taken before the reading."""
    transaction = write if guarded else read
    async with transaction(engine) as connection:
        row = (await connection.execute(text("SELECT version FROM conversations"))).scalar_one()
        await asyncio.sleep(0)
        await connection.execute(text("UPDATE conversations SET version = :next"), {"next": row + 1})


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_writers_on_sqlite_take_the_lock_first(engine: AsyncEngine) -> None:
    async with write(engine) as connection:
        await conversations.open_locked(connection, "web", "c1", NOW)

    outcomes = await asyncio.gather(
        *(_increment(engine, guarded=False) for _ in range(8)), return_exceptions=True
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, StoreUnavailable)]
    assert failed, "without BEGIN IMMEDIATE a read-then-write must fail, or this test proves nothing"

    async with write(engine) as connection:
        await connection.execute(text("UPDATE conversations SET version = 0"))
    await asyncio.gather(*(_increment(engine, guarded=True) for _ in range(8)))
    async with read(engine) as connection:
        assert (await connection.execute(text("SELECT version FROM conversations"))).scalar_one() == 8


async def test_times_come_back_in_utc_and_naive_ones_are_refused(engine: AsyncEngine) -> None:
    local = datetime(2026, 11, 22, 16, 0, tzinfo=timezone(timedelta(hours=7)))
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "web", "c1", NOW)
        arrival = inbox.Arrival("web", "m1", chat.id, "xin chào", None, local)
        inbox_id, _ = await inbox.add(connection, arrival, None)
    async with read(engine) as connection:
        message = await inbox.load(connection, inbox_id)
    assert message is not None
    assert message.received_at == local
    assert message.received_at.tzinfo == UTC
    with pytest.raises(StatementError, match="time zone"):
        async with write(engine) as connection:
            await conversations.open_locked(connection, "web", "c2", datetime(2026, 11, 22))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_full_disk_is_said_and_leaves_nothing_half_written(engine: AsyncEngine) -> None:
    async with read(engine) as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()

    async def fill() -> None:
        async with write(engine) as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
            chat = await conversations.open_locked(connection, "web", "c1", NOW)
            for number in range(50):
                arrival = inbox.Arrival("web", f"m{number}", chat.id, "chữ " * 1000, None, NOW)
                await inbox.add(connection, arrival, None)

    with pytest.raises(StoreUnavailable) as caught:
        await fill()
    assert caught.value.cause is Cause.FULL
    assert "đầy" in str(caught.value)
    async with write(engine) as connection:
        assert (await connection.execute(conversations_table.select())).all() == []
        await connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        await conversations.open_locked(connection, "web", "c1", NOW)


def test_unwritable_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(StoreUnavailable) as caught:
        open_engine(f"sqlite+aiosqlite:///{tmp_path}/file/banhoi.db")
    assert caught.value.cause is Cause.UNWRITABLE


def test_database_file_that_is_a_directory(tmp_path: Path) -> None:
    (tmp_path / "banhoi.db").mkdir()
    with pytest.raises(StoreUnavailable) as caught:
        open_engine(f"sqlite+aiosqlite:///{tmp_path}/banhoi.db")
    assert caught.value.cause is Cause.UNWRITABLE


async def test_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "banhoi.db").write_bytes(b"rubbish " * 1000)
    await _fails(f"sqlite+aiosqlite:///{tmp_path}/banhoi.db", Cause.CORRUPT)


async def test_no_server() -> None:
    await _fails("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", Cause.UNREACHABLE)
    await _fails("postgresql+asyncpg://nobody@/nothing?host=/nowhere", Cause.UNREACHABLE)


async def _fails(url: str, cause: Cause) -> None:
    engine = open_engine(url)
    with pytest.raises(StoreUnavailable) as caught:
        async with write(engine):
            pytest.fail("there is nothing to write to")
    await engine.dispose()
    assert caught.value.cause is cause


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_lock_held_by_somebody_else(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_PRAGMAS", ("PRAGMA busy_timeout = 1",))
    other = sqlite3.connect(tmp_path / "banhoi.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as caught:
        async with write(engine):
            pytest.fail("the lock is taken")
    other.rollback()
    other.close()
    assert caught.value.cause is Cause.LOCKED


@pytest.mark.parametrize("url", ["mysql+aiomysql://x/y", "sqlite+aiosqlite:///:memory:", "sqlite:///x.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UnsupportedDatabase):
        open_engine(url)


@pytest.mark.parametrize(
    ("state", "cause"),
    [("53100", Cause.FULL), ("55P03", Cause.LOCKED), ("57P01", Cause.UNREACHABLE), ("23505", None)],
)
def test_causes_of_postgres_errors(state: str, cause: Cause | None) -> None:
    error = Exception()
    error.sqlstate = state  # type: ignore[attr-defined]
    assert cause_of(error) is cause
