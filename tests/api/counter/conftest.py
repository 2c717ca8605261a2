"""Fixtures of the counter's screens: every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.counter.support import CounterSite, open_counter_site
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    postgres,
    sqlite_template,
)


@pytest.fixture
async def centre(tmp_path: Path, database_url: str) -> AsyncIterator[CounterSite]:  # noqa: F811 - a fixture
    """A site with a centre that nobody has booked yet. Without knowledge: the counter does not need it."""
    async with open_counter_site(tmp_path, database_url=database_url) as opened:
        yield opened
