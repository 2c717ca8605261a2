# ruff: noqa: F811 - fixtures are imported by name
"""Days are counted in the background, all that there are, and again when their log has changed."""

from __future__ import annotations

import asyncio

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from api.counting import Counting
from store.engine import write
from store.tables import questions
from tests.feed.log_support import NOW, some_entries, write_log
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401


async def test_everything_is_counted_once_and_again_when_it_changes(engine: AsyncEngine) -> None:
    entries = some_entries(2, 60)
    await write_log(engine, entries)
    background = Counting(engine, lambda: NOW)
    assert await background.run_once() >= 10
    assert await background.run_once() == 0
    oldest = min(entries, key=lambda entry: entry.at)
    async with write(engine) as connection:
        await connection.execute(delete(questions).where(questions.c.id == oldest.id))
    assert await background.run_once() == 1


async def test_it_ends_when_it_is_told_to(engine: AsyncEngine) -> None:
    async def wait(event: asyncio.Event, _seconds: float) -> None:
        background.stop()
        await event.wait()

    background = Counting(engine, lambda: NOW, wait=wait)
    await asyncio.wait_for(background.run(), 30)
