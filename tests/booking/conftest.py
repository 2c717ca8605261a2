"""Fixtures of booking's tests: both databases, a clock that stands still, a service on it."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.booking.support import Desk, StandingClock
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    empty_url,
    engine,
    postgres,
    sqlite_template,
)


@pytest.fixture
def clock() -> StandingClock:
    """Monday, 30 November 2026, eight in the morning at the office."""
    return StandingClock()


@pytest.fixture
def desk(engine: AsyncEngine, clock: StandingClock) -> Desk:  # noqa: F811
    """The service with short ways to do the usual things."""
    return Desk(engine, clock)
