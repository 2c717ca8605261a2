"""Open data from the log: only weeks that are over, no words of citizens, trials and votes left out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from feed import open_data
from feed.counting import FAILED, UNCOUNTED_OUTCOMES
from feed.trails import TRIALS
from store.engine import read
from tests.feed.log_support import NOW, some_entries, write_log


async def test_fewer_than_ten_people_leave_no_count(engine: AsyncEngine) -> None:
    entries = some_entries(7, 400)
    await write_log(engine, entries)
    async with read(engine) as connection:
        found = await open_data.weekly_counts(connection, NOW + timedelta(days=1))
    assert found == [], "eight people are fewer than ten"


async def test_what_is_counted_is_what_plain_python_counts(engine: AsyncEngine) -> None:
    entries = some_entries(7, 400)
    await write_log(engine, entries)
    week = (NOW - timedelta(days=NOW.weekday())).date() - timedelta(days=7)
    async with read(engine) as connection:
        messages = await open_data._messages(connection, week)
    counted = [
        entry
        for entry in entries
        if week <= entry.day < week + timedelta(days=7)
        and entry.channel != TRIALS
        and entry.outcome not in UNCOUNTED_OUTCOMES
    ]
    assert len(messages) == len(counted) > 50
    place = open_data.DIMENSIONS.index("outcome")
    outcomes = Counter(FAILED if entry.failed else entry.outcome for entry in counted)
    assert Counter(message.values[place] for message in messages) == outcomes
    place = open_data.DIMENSIONS.index("kind")
    kinds = Counter((entry.corrected and entry.corrected[0]) or entry.kind or open_data.NONE for entry in counted)
    assert Counter(message.values[place] for message in messages) == kinds
