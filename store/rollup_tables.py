"""Daily counts of the question log, so that figures of a year need not read a million rows.

They are a cache: `counted_days` says which days are counted, and triggers mark a day as stale when anything changes in
its log. Who reads counts every other day from the log itself (`feed.counting`), so that figures are always exact.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, false

from store.tables import metadata

counted_days = Table(
    "counted_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("stale", Boolean, nullable=False, server_default=false()),
)
"""Days of Vietnam that `question_counts` holds. The triggers set `stale`; a transaction that does keeps the row until
it commits, so that nobody counts the day meanwhile."""

question_counts = Table(
    "question_counts",
    metadata,
    Column("dimension", String(8), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", String(210), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("askers", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("negative", Integer, nullable=False),
    Column("neutral", Integer, nullable=False),
    Column("positive", Integer, nullable=False),
    Index(None, "day"),
)
"""What `feed.counting` counts of a day, once for each value of each dimension."""
