"""Written conversations about reports end in the right state: real database, shipped content, a clock that stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from index.library import Library
from tests.api.report_talk_support import load_talks, play
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    empty_url,
    engine,
    postgres,
    sqlite_template,
)

TALKS = load_talks()
ON_BOTH = {"step-by-step", "all-at-once"}
"""Those that are played on PostgreSQL, too."""


def test_there_are_enough_of_them() -> None:
    assert len({talk["id"] for talk in TALKS}) == len(TALKS)
    assert {talk["id"] for talk in TALKS} >= ON_BOTH


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("talk", TALKS, ids=[talk["id"] for talk in TALKS])
async def test_a_conversation_ends_as_it_should(
    talk: dict[str, Any], engine: AsyncEngine, library: Library  # noqa: F811
) -> None:
    await play(engine, library, talk)


@pytest.mark.parametrize("backend", ["postgres"])
@pytest.mark.parametrize("talk", [t for t in TALKS if t["id"] in ON_BOTH], ids=lambda talk: talk["id"])
async def test_the_same_on_postgres(talk: dict[str, Any], engine: AsyncEngine, library: Library) -> None:  # noqa: F811
    await play(engine, library, talk)
