# ruff: noqa: F811 - fixtures are imported by name
"""Messages at the same time: copies, replicas and order within a chat; each guard shown to be needed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.pipeline import Pipeline
from bot.types import Message, Outcome
from store import inbox
from store.clock import wait_for
from store.engine import read
from store.tables import outbox as outbox_table
from store.tables import questions as questions_table
from tests.api.pipeline_support import FakeAssistant, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def pipeline(engine: AsyncEngine, assistant: FakeAssistant) -> Pipeline:
    return Pipeline(engine, assistant, FakeClock())


async def test_many_copies_at_once_are_answered_once(pipeline: Pipeline, engine: AsyncEngine) -> None:
    answers = await asyncio.gather(*(pipeline.ask(incoming("khai sinh", channel="api")) for _ in range(8)))
    assert {answer.turn.reply.text for answer in answers} == {"1. khai sinh"}
    assert len(await rows(engine, questions_table, "id")) == 1
    assert len(await rows(engine, outbox_table, "id")) == 1


async def test_older_messages_of_the_chat_come_first(pipeline: Pipeline, engine: AsyncEngine) -> None:
    receipts = [await pipeline.receive(incoming(f"câu {number}", number)) for number in range(4)]
    last = await pipeline.handle(receipts[-1].inbox_id)
    assert last.turn.reply.text == "4. câu 3"
    texts = [payload["blocks"][0]["text"] for (payload,) in await rows(engine, outbox_table, "payload")]
    assert texts == ["1. câu 0", "2. câu 1", "3. câu 2", "4. câu 3"]


async def test_two_replicas_never_lose_a_turn_of_a_conversation(
    engine: AsyncEngine,
    database_url: str,
) -> None:
    replicas = [Pipeline(engine, FakeAssistant(), FakeClock()) for _ in range(3)]
    asked = [
        replicas[number % 3].ask(incoming(f"câu {number}", number, channel="web")) for number in range(12)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(int(answer.turn.reply.text.split(".")[0]) for answer in answers) == list(range(1, 13))


async def test_without_the_check_two_workers_would_write_the_same_turn(
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def unguarded(_self: Pipeline, _connection: object, _work: object) -> bool:
        return True

    pipeline = Pipeline(engine, FakeAssistant(), FakeClock())
    receipts = [await pipeline.receive(incoming("câu", number)) for number in range(2)]
    both = asyncio.Barrier(2)
    original = Pipeline._respond

    async def together(self: Pipeline, work: Any) -> Any:
        timed = await original(self, work)
        await both.wait()
        return timed

    monkeypatch.setattr(Pipeline, "_still_next", unguarded)
    monkeypatch.setattr(Pipeline, "_respond", together)
    results = await asyncio.gather(
        *(pipeline.handle(receipts[0].inbox_id) for _ in range(2)), return_exceptions=True
    )
    failed = [result for result in results if isinstance(result, Exception)]
    assert failed, "with the guard off, both write the same turn and only the constraint stops the second"


async def test_several_workers_share_the_work(engine: AsyncEngine) -> None:
    feeder = Pipeline(engine, FakeAssistant(), FakeClock())
    for number in range(24):
        await feeder.receive(incoming(f"câu {number}", number, chat=f"c{number % 8}"))
    replicas = [FakeAssistant() for _ in range(3)]
    pipelines = [Pipeline(engine, assistant, FakeClock()) for assistant in replicas]
    while sum(await asyncio.gather(*(pipeline.work_once() for pipeline in pipelines))):
        pass
    async with read(engine) as connection:
        counts = await inbox.counts(connection)
        logged = (await connection.execute(select(func.count()).select_from(questions_table))).scalar_one()
    assert counts == {"done": 24}
    assert logged == 24
    for chat in range(8):
        told = [
            payload["blocks"][0]["text"]
            for (payload, conversation) in await rows(engine, outbox_table, "payload", "conversation_id")
            if conversation == chat + 1
        ]
        assert [line.split(".")[0] for line in told] == ["1", "2", "3"]


async def test_the_event_loop_stays_free_while_the_engine_thinks(
    engine: AsyncEngine,
    assistant: FakeAssistant,
) -> None:
    loop, seen = asyncio.get_running_loop(), asyncio.Event()

    def needs_the_loop(_message: Message) -> None:
        asyncio.run_coroutine_threadsafe(wait_for(seen, 5), loop).result(10)

    assistant.before = needs_the_loop
    loop.call_soon(seen.set)
    answered = await Pipeline(engine, assistant).ask(incoming("câu", channel="web"))
    assert answered.turn.outcome is Outcome.ANSWER
