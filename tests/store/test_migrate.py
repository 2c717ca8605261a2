"""The migrations make exactly the tables that the code knows, once, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from store import audit
from store.engine import open_engine, read, write
from store.migrate import newest, upgrade, upgrade_engine
from store.schema import metadata

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_upgrade_from_nothing_and_again(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert asyncio.run(_version(empty_url)) == newest()


async def _version(url: str) -> str:
    engine = open_engine(url)
    try:
        async with read(engine) as connection:
            return str(
                (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
            )
    finally:
        await engine.dispose()


async def test_metadata_and_migrations_agree(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with read(engine) as connection:
        assert await connection.run_sync(differences) == []


async def test_two_replicas_may_upgrade_at_once(empty_url: str) -> None:
    engines = [open_engine(empty_url) for _ in range(3)]
    await asyncio.gather(*(upgrade_engine(engine) for engine in engines))
    async with read(engines[0]) as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(metadata.tables) <= set(names)
    for engine in engines:
        await engine.dispose()


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
async def test_audit_log_is_append_only(engine: AsyncEngine, change: str) -> None:
    async with write(engine) as connection:
        await audit.record(connection, NOW, "system", "reply_dead", "outbox:1", kind="blocked")
    with pytest.raises(DBAPIError, match="append-only"):
        async with write(engine) as connection:
            await connection.execute(text(change))
    async with read(engine) as connection:
        rows = (await connection.execute(text("SELECT actor, action FROM audit"))).all()
    assert [tuple(row) for row in rows] == [("system", "reply_dead")]
