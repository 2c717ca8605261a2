"""A log with cases for the pages of figures: weeks of questions, one topic that rises, answers in time and late."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import write
from store.feed_tables import cases, clusters
from tests.feed.log_support import NOW, Entry, some_entries, write_log

HOSTILE = '<script>alert("x")</script> {{ 7*7 }} <img src=x onerror=alert(1)>'
"""What a citizen might write to trouble the page of an official."""


def entries(number: int = 400) -> list[Entry]:
    """Weeks of questions; the last of them about one procedure more often than before."""
    dice = random.Random(9)
    found = []
    for entry in some_entries(8, number):
        back = timedelta(days=dice.randrange(36))
        at = NOW - back - timedelta(minutes=dice.randrange(300))
        busy = back.days < 7 and dice.random() < 0.6
        found.append(replace(entry, at=at, procedure="1.004194" if busy else entry.procedure))
    return found


async def fill(engine: AsyncEngine, number: int = 400) -> list[Entry]:
    """Writes the log, forty cases, and a group whose typical question is hostile."""
    log = entries(number)
    await write_log(engine, log)
    dice = random.Random(4)
    async with write(engine) as connection:
        for group in (3, 17):
            await connection.execute(clusters.insert().values(
                id=group, typical_question_id=group, size=2, centre=b"", embedder="none", first_at=NOW, last_at=NOW,
            ))  # fmt: skip
        await connection.execute(text("UPDATE questions SET text = :words WHERE id = 3"), {"words": HOSTILE})
        for row_id in range(1, 41):
            opened = NOW - timedelta(hours=dice.randrange(600))
            done = opened + timedelta(hours=dice.randrange(5, 150))
            answered = done if done < NOW and dice.random() < 0.8 else None
            await connection.execute(cases.insert().values(
                id=row_id, code=f"H-{row_id}", origin="question", status="answered" if answered else "new", flags=[],
                urgent=row_id % 9 == 0, channel="web", opened_at=opened, last_asked_at=opened,
                due_at=opened + timedelta(hours=96), answered_at=answered,
                commune_id=dice.choice([None, "phuong_dong_hoi"]),
            ))  # fmt: skip
    return log
