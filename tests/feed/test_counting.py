"""Counts are what the log holds: counted anew, kept, and kept while the log changes under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import counting
from feed.counting import Dimension, Tally
from store.engine import read, write
from tests.feed.log_support import DAYS, NOW, TODAY, Entry, disturb, naive, some_entries, value_of, write_log

SPAN = TODAY - timedelta(days=DAYS + 2), TODAY


async def check(engine: AsyncEngine, entries: list[Entry]) -> None:
    """Everything that can be asked is what plain Python counts."""
    theirs = [entry for entry in entries if entry.commune == "xa_vinh_thuy"]
    async with read(engine) as connection:
        for mine, commune in ((entries, None), (theirs, "xa_vinh_thuy")):
            found = await counting.counts(connection, SPAN, commune)
            for dimension in Dimension:
                assert found[dimension] == counted(mine, dimension), dimension
        one = await counting.by_value(connection, Dimension.TOPIC, SPAN)
        assert one == counted(entries, Dimension.TOPIC)


def counted(entries: list[Entry], dimension: Dimension) -> dict[str, Tally]:
    """By plain Python; only topics have askers."""
    found = naive(entries, value_of(dimension))
    if dimension is Dimension.TOPIC:
        return found
    return {value: replace(tally, askers=0) for value, tally in found.items()}


async def keep_all(engine: AsyncEngine) -> int:
    """Counts every day that is over; how many."""
    total = 0
    while True:
        async with write(engine) as connection:
            done = await counting.keep(connection, NOW)
        total += done
        if not done:
            return total


@pytest.mark.parametrize("seed", [1, 2])
async def test_counts_are_what_the_log_holds(engine: AsyncEngine, seed: int) -> None:
    entries = some_entries(seed)
    await write_log(engine, entries)
    await check(engine, entries)
    assert await keep_all(engine) > 5
    await check(engine, entries)
    changed = await disturb(engine, entries, seed)
    await check(engine, changed)
    assert await keep_all(engine) > 0
    assert await keep_all(engine) == 0
    await check(engine, changed)


async def test_what_is_kept_is_read(engine: AsyncEngine) -> None:
    """Else the test above would not see a table that is never used."""
    await write_log(engine, some_entries(3))
    await keep_all(engine)
    async with write(engine) as connection:
        await connection.execute(text("UPDATE question_counts SET asked = asked + 1000"))
        found = await counting.by_value(connection, Dimension.OUTCOME, SPAN)
    assert sum(tally.asked for tally in found.values()) > 1000


async def test_without_triggers_the_counts_would_be_wrong(engine: AsyncEngine) -> None:
    entries = some_entries(4)
    await write_log(engine, entries)
    await keep_all(engine)
    async with write(engine) as connection:
        if connection.dialect.name == "sqlite":
            for event in ("insert", "update", "delete"):
                await connection.execute(text(f"DROP TRIGGER questions_stale_{event}"))
        else:
            await connection.execute(text("DROP TRIGGER questions_stale ON questions"))
        await connection.execute(text("DELETE FROM questions WHERE asked_at < '2026-11-20'"))
    left = [entry for entry in entries if entry.at.date() >= date(2026, 11, 20)]
    with pytest.raises(AssertionError):
        await check(engine, left)
    async with write(engine) as connection:
        await counting.forget(connection)
    await check(engine, left)


async def test_today_is_never_kept(engine: AsyncEngine) -> None:
    await write_log(engine, some_entries(5))
    await keep_all(engine)
    async with read(engine) as connection:
        days = (await connection.execute(text("SELECT max(day) FROM counted_days"))).scalar_one()
    assert str(days) == str(TODAY - timedelta(days=1))
