"""Figures of cases against plain Python, on both databases."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from feed.figures_cases import case_figures
from feed.overview import overview
from store.engine import read, write
from store.feed_tables import cases
from tests.feed.log_support import DAYS, TODAY, naive, some_entries, write_log

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BEGIN, END = NOW - timedelta(days=7), NOW


@pytest.mark.parametrize("number", [0, 7, 40])
async def test_figures_are_those_of_the_rows(engine: AsyncEngine, number: int) -> None:
    dice, rows = random.Random(number), []
    for row_id in range(number):
        opened = NOW - timedelta(minutes=dice.randrange(20_000))
        answered = opened + timedelta(minutes=dice.randrange(9_000))
        done = answered < NOW
        rows.append({
            "code": f"H-{row_id}", "origin": "question",
            "status": "answered" if done else dice.choice(["new", "assigned"]),
            "flags": [], "urgent": dice.random() < 0.3, "channel": "web", "opened_at": opened, "last_asked_at": opened,
            "due_at": opened + timedelta(days=4), "answered_at": answered if done else None,
            "commune_id": dice.choice([None, "xa_vinh_thuy"]),
        })  # fmt: skip
    async with write(engine) as connection:
        if rows:
            await connection.execute(cases.insert(), rows)
    for commune in (None, "xa_vinh_thuy"):
        async with read(engine) as connection:
            found = await case_figures(connection, BEGIN, END, NOW, commune)
        mine = [row for row in rows if commune in (None, row["commune_id"])]
        done = [row for row in mine if row["answered_at"] and BEGIN <= row["answered_at"] < END]
        took = [(row["answered_at"] - row["opened_at"]) / timedelta(hours=1) for row in done]
        due = [row for row in mine if BEGIN <= row["due_at"] < END]
        waiting = [row for row in mine if not row["answered_at"]]
        assert found.opened == sum(BEGIN <= row["opened_at"] < END for row in mine)
        assert found.answered == len(done)
        assert found.median_hours == (pytest.approx(median(took), abs=1e-3) if took else None)
        assert found.in_time.whole == len(due)
        assert found.in_time.part == sum(bool(r["answered_at"] and r["answered_at"] <= r["due_at"]) for r in due)
        assert (found.waiting, found.overdue) == (len(waiting), sum(row["due_at"] < NOW for row in waiting))
        assert found.urgent == sum(row["urgent"] for row in waiting)


async def test_an_overview_adds_up(engine: AsyncEngine) -> None:
    entries = some_entries(6)
    await write_log(engine, entries)
    span = TODAY - timedelta(days=DAYS + 2), TODAY
    found = await overview(engine, span, NOW)
    theirs = await overview(engine, span, NOW, "xa_vinh_thuy")
    everything = naive(entries, lambda entry: entry.commune)
    assert found.asked == sum(tally.asked for tally in everything.values())
    assert theirs.asked == everything["xa_vinh_thuy"].asked
    for counted in (found.outcomes, found.channels, found.kinds):
        assert sum(counted.values()) == found.asked
    assert sum(map(sum, found.hours)) == found.asked
    assert found.communes["xa_vinh_thuy"].asked == theirs.asked
    assert theirs.communes == {}
