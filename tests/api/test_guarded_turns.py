# ruff: noqa: F811 - fixtures are imported by name
"""A turn that the guard withheld: kept for officials, counted, logged by its records and kinds, never by its words."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from api.metrics import Metrics
from api.pipeline import Pipeline
from bot.engine import Engine
from bot.replies import blocked
from bot.types import Outcome
from feed import questions
from index.library import Library
from store.engine import read
from tests.api.pipeline_support import FakeClock, incoming
from tests.bot.guard.support import Liar
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

QUESTION = "đăng ký khai sinh cho con"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def pipeline(engine: AsyncEngine, library: Library, metrics: Metrics) -> Pipeline:
    return Pipeline(engine, Engine(lambda: library, composer=Liar()), FakeClock(), metrics=metrics)


async def test_the_citizen_is_told_and_officials_find_the_question(pipeline: Pipeline, engine: AsyncEngine) -> None:
    answered = await pipeline.ask(incoming(QUESTION, channel="web"))
    assert answered.turn.outcome is Outcome.BLOCKED
    assert answered.turn.reply == blocked(None)
    again = await pipeline.ask(incoming(QUESTION, channel="web"))
    assert (again.duplicate, again.turn.reply) == (True, blocked(None))
    async with read(engine) as connection:
        (logged,) = await questions.unanswered(connection, 10)
    question = logged.question
    assert (question.text, question.outcome, question.failed) == (QUESTION, "blocked", False)
    assert question.candidates[0]["code"] == "1.001193"


async def test_it_is_counted_by_kind(pipeline: Pipeline, metrics: Metrics) -> None:
    await pipeline.ask(incoming(QUESTION, channel="web"))
    shown = metrics.render().decode()
    assert 'banhoi_turns_total{channel="web",outcome="blocked"} 1.0' in shown
    assert 'banhoi_unsupported_claims_total{kind="time"} 1.0' in shown


async def test_the_log_names_records_and_kinds_but_no_words(pipeline: Pipeline) -> None:
    with capture_logs() as lines:
        await pipeline.ask(incoming(QUESTION, channel="web"))
    (line,) = [line for line in lines if line["event"] == "turn_blocked"]
    assert (line["records"], line["kinds"], line["log_level"]) == (["procedure:1.001193"], ["time"], "error")
    assert "99" not in str(line)
    assert "khai sinh" not in str(line)
