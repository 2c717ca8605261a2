"""All tables together, for migrations and for whoever compares the two."""

from __future__ import annotations

from store import booking_tables, export_tables, feed_tables, report_tables, rollup_tables, staff_tables
from store.tables import metadata

__all__ = [
    "booking_tables",
    "export_tables",
    "feed_tables",
    "metadata",
    "report_tables",
    "rollup_tables",
    "staff_tables",
]
