"""kill -9 while messages arrive: each is logged exactly once and answered at least once (acceptance 6)."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crash import Plan, run
from tests.store.databases import (  # noqa: F401
    backend,
    database_url,
    postgres,
    sqlite_template,
)


@pytest.mark.slow
async def test_nothing_is_lost_and_nothing_is_logged_twice(
    database_url: str, backend: str, tmp_path: Path
) -> None:
    replicas, kills = (1, 4) if backend == "sqlite" else (2, 2)
    figures = await run(Plan(database_url, tmp_path / "sent.txt", kills=kills, replicas=replicas, seed=7))
    assert figures.sound, figures


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_experiment_sees_a_pipeline_that_loses_questions(
    database_url: str, backend: str, tmp_path: Path
) -> None:
    plan = Plan(database_url, tmp_path / "sent.txt", messages=40, kills=4, seed=7, unsafe=True)
    figures = await run(plan)
    assert not figures.sound
    assert figures.questions < figures.messages
