"""Brings a database to the newest schema. Safe to call from several replicas at once.

The whole upgrade is one transaction: it happens entirely or not at all, on both databases.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import is_sqlite, open_engine, write

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x62616E686F69  # "banhoi": one upgrade at a time among replicas on PostgreSQL


def upgrade(url: str) -> None:
    """Upgrades the database behind `url`. Not for use inside a running event loop: see `upgrade_engine`."""

    async def run() -> None:
        engine = open_engine(url)
        try:
            await upgrade_engine(engine)
        finally:
            await engine.dispose()

    asyncio.run(run())


async def upgrade_engine(engine: AsyncEngine) -> None:
    """Upgrades the database of an open engine."""
    async with write(engine) as connection:
        if not is_sqlite(connection):
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_run)


def newest() -> str:
    """Id of the newest revision that this version of the code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("no migrations are packaged")
    return head


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
