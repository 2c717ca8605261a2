"""Fixtures of the booking pages: every HTTP test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.catalogue import Catalogue
from tests.api.appointments.support import FEW, BookingSite, open_booking_site
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    postgres,
    sqlite_template,
)


@pytest.fixture
async def booking(tmp_path: Path, database_url: str, catalogue: Catalogue) -> AsyncIterator[BookingSite]:  # noqa: F811
    """A site on each database, on Monday, 30 November 2026, at eight."""
    async with open_booking_site(tmp_path, catalogue, database_url=database_url) as opened:
        yield opened


@pytest.fixture
async def strict(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[BookingSite]:
    """A site that allows an address little."""
    limit = f"{FEW}/minute"
    async with open_booking_site(tmp_path, catalogue, rate_limit_booking=limit, rate_limit_codes=limit) as opened:
        yield opened


@pytest.fixture
async def pages(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[BookingSite]:
    """A site for tests of what pages say, whatever the database."""
    async with open_booking_site(tmp_path, catalogue) as opened:
        yield opened
