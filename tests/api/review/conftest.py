"""Fixtures of the review's screens: every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.review.support import ReviewSite, open_review_site
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    postgres,
    sqlite_template,
)


@pytest.fixture
async def review(tmp_path: Path, database_url: str) -> AsyncIterator[ReviewSite]:  # noqa: F811 - a fixture
    """A site without cases and without knowledge: the review does not need it."""
    async with open_review_site(tmp_path, database_url=database_url) as opened:
        yield opened
