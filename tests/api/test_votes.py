# ruff: noqa: F811 - fixtures are imported by name
"""A vote's way through the pipeline: stored with its answer, logged, thanked, never twice, never for others."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.intake import Incoming
from api.pipeline import Pipeline
from bot.engine import Engine
from bot.types import Outcome
from index.library import Library
from store.tables import conversations as conversations_table
from store.tables import outbox as outbox_table
from store.tables import questions as questions_table
from store.tables import votes as votes_table
from tests.api.pipeline_support import START, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

MARRIAGE = "đăng ký kết hôn cần giấy tờ gì"


@pytest.fixture
def pipeline(engine: AsyncEngine, library: Library) -> Pipeline:
    return Pipeline(engine, Engine(lambda: library), FakeClock())


def tapped(choice: str, number: int, *, channel: str = "web", chat: str = "c1") -> Incoming:
    return Incoming(channel, f"t{number}", chat, START, choice=choice)


async def stored(engine: AsyncEngine) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(votes_table.select().with_only_columns(
            votes_table.c.question_id, votes_table.c.useful))]  # fmt: skip


async def test_a_vote_is_kept_with_its_answer_and_may_be_changed(pipeline: Pipeline, engine: AsyncEngine) -> None:
    answered = await pipeline.ask(incoming(MARRIAGE, channel="web"))
    up, down = (choice.id for choice in answered.turn.reply.choices[-2:])
    assert (up, down) == (f"v:up:{answered.inbox_id}", f"v:down:{answered.inbox_id}")
    (before,) = await rows(engine, conversations_table, "state")
    for number, choice in enumerate((up, down, down)):
        assert (await pipeline.ask(tapped(choice, number))).turn.outcome is Outcome.VOTE
    ((question_id,), *_) = await rows(engine, questions_table, "id")
    assert await stored(engine) == [(question_id, False)]
    assert await rows(engine, conversations_table, "state") == [before]
    assert await rows(engine, questions_table, "outcome", "text", "procedure_code") == [
        ("answer", MARRIAGE, "1.000894"),
        ("vote", "👍 Đúng ý", None),
        ("vote", "👎 Chưa đúng", None),
        ("vote", "👎 Chưa đúng", None),
    ]


async def test_the_same_vote_sent_twice_is_one_message(pipeline: Pipeline) -> None:
    answered = await pipeline.ask(incoming(MARRIAGE, channel="api"))
    vote = tapped(f"v:up:{answered.inbox_id}", 1, channel="api")
    first, again = await pipeline.ask(vote), await pipeline.ask(vote)
    assert again.duplicate
    assert again.turn.reply == first.turn.reply
    assert again.turn.outcome is Outcome.VOTE


async def test_an_old_button_still_votes_on_its_own_answer(pipeline: Pipeline, engine: AsyncEngine) -> None:
    old = await pipeline.ask(incoming(MARRIAGE, 1, channel="web"))
    await pipeline.ask(incoming("đăng ký tạm trú cần gì", 2, channel="web"))
    await pipeline.ask(tapped(f"v:down:{old.inbox_id}", 3))
    ((question_id,), *_) = await rows(engine, questions_table, "id")
    assert await stored(engine) == [(question_id, False)]


async def test_somebody_elses_answer_cannot_be_voted_on(pipeline: Pipeline, engine: AsyncEngine) -> None:
    answered = await pipeline.ask(incoming(MARRIAGE, channel="web"))
    await pipeline.ask(tapped(f"v:down:{answered.inbox_id}", 1, chat="c2"))
    assert await stored(engine) == []


async def test_telegram_sends_nothing_for_a_tap_but_answers_a_typed_number(
    pipeline: Pipeline, engine: AsyncEngine
) -> None:
    receipt = await pipeline.receive(incoming(MARRIAGE))
    answered = await pipeline.handle(receipt.inbox_id)
    await pipeline.receive(tapped(f"v:up:{answered.inbox_id}", 1, channel="telegram"))
    await pipeline.receive(incoming(str(len(answered.turn.reply.choices)), 2))
    while await pipeline.work_once():
        pass
    assert await rows(engine, outbox_table, "status") == [("pending",), ("sent",), ("pending",)]
    assert [useful for _, useful in await stored(engine)] == [False]
