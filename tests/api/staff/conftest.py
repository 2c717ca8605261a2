"""Fixtures of the officers' side: every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.staff.support import KEY, StaffSite, open_staff_site
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    postgres,
    sqlite_template,
)


@pytest.fixture
async def staff(tmp_path: Path, database_url: str) -> AsyncIterator[StaffSite]:  # noqa: F811 - a fixture
    """A site with pages for officers."""
    async with open_staff_site(tmp_path, database_url=database_url, staff_key=KEY) as opened:
        yield opened
