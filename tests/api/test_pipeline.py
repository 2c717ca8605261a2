# ruff: noqa: F811 - fixtures are imported by name
"""One message's way: redacted, stored once, answered once, everything in one transaction."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.intake import Incoming
from api.pipeline import Pace, Pipeline
from feed import questions
from store.engine import read
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.tables import questions as questions_table
from tests.api.pipeline_support import BUTTON, START, FakeAssistant, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def pipeline(engine: AsyncEngine, assistant: FakeAssistant) -> Pipeline:
    return Pipeline(engine, assistant, FakeClock())


async def test_ask_answers_and_writes_everything(pipeline: Pipeline, engine: AsyncEngine) -> None:
    answered = await pipeline.ask(incoming("khai sinh cần gì", channel="web"))
    assert answered.turn.reply.text == "1. khai sinh cần gì"
    assert not answered.duplicate
    assert await rows(engine, inbox_table, "status", "error") == [("done", None)]
    assert await rows(engine, outbox_table, "status", "seq") == [("sent", 0)]
    async with read(engine) as connection:
        (logged,) = await questions.latest(connection, 10)
    question = logged.question
    assert question.text == "khai sinh cần gì"
    assert (question.outcome, question.procedure_code, question.score) == ("answer", "1.001193", 0.9)
    assert (question.aspects, question.knowledge_version) == (("documents",), "v1")
    assert question.asked_at == START
    assert question.latency_ms >= 0


async def test_personal_data_reach_neither_database_nor_engine(
    pipeline: Pipeline,
    assistant: FakeAssistant,
    engine: AsyncEngine,
) -> None:
    await pipeline.ask(incoming("tôi là Lê Thị Hoa, sđt 0912345678", channel="web"))
    assert assistant.calls == ["tôi là [họ tên], sđt [số điện thoại]"]
    for table in (inbox_table, questions_table):
        assert await rows(engine, table, "text") == [(assistant.calls[0],)]
    assert "0912345678" not in str(await rows(engine, outbox_table, "payload"))


async def test_asynchronous_channels_get_a_pending_reply(pipeline: Pipeline, engine: AsyncEngine) -> None:
    receipt = await pipeline.receive(incoming("xin chào"))
    assert await rows(engine, outbox_table, "status") == []
    assert pipeline.arrived.is_set()
    assert await pipeline.work_once() == 1
    assert await rows(engine, outbox_table, "inbox_id", "status") == [(receipt.inbox_id, "pending")]
    assert pipeline.outgoing.is_set()


async def test_the_conversation_is_remembered(pipeline: Pipeline) -> None:
    await pipeline.ask(incoming("một", 1, channel="web"))
    second = await pipeline.ask(incoming("hai", 2, channel="web"))
    other = await pipeline.ask(incoming("ba", 3, channel="web", chat="c2"))
    assert second.turn.reply.text == "2. hai"
    assert other.turn.reply.text == "1. ba"
    assert await pipeline.chat_of("web", second.conversation_id) == "c1"
    assert await pipeline.chat_of("api", second.conversation_id) is None
    assert await pipeline.chat_of("web", "guessed") is None


async def test_the_same_message_again_gets_the_stored_reply(
    pipeline: Pipeline,
    assistant: FakeAssistant,
    engine: AsyncEngine,
) -> None:
    first = await pipeline.ask(incoming("khai sinh", channel="api"))
    second = await pipeline.ask(incoming("khai sinh", channel="api"))
    assert second.duplicate
    assert second.turn == first.turn
    assert second.conversation_id == first.conversation_id
    assert assistant.calls == ["khai sinh"]
    assert len(await rows(engine, questions_table, "id")) == 1


async def test_a_guessed_id_shows_nobody_elses_answer(pipeline: Pipeline) -> None:
    await pipeline.ask(incoming("chuyện riêng", 7, channel="api", chat="c1"))
    other = await pipeline.ask(incoming("câu khác", 7, channel="api", chat="c2"))
    assert not other.duplicate
    assert other.turn.reply.text == "1. câu khác"


async def test_taps_are_logged_by_what_the_button_said(pipeline: Pipeline, engine: AsyncEngine) -> None:
    await pipeline.ask(incoming("một", 1, channel="web"))
    tap = Incoming("web", "m2", "c1", START, choice=BUTTON.id)
    await pipeline.ask(tap)
    assert (await rows(engine, questions_table, "text", "choice"))[1] == (BUTTON.label, BUTTON.id)


async def test_a_choice_that_no_button_has_is_taken_as_text(
    pipeline: Pipeline, assistant: FakeAssistant
) -> None:
    await pipeline.ask(Incoming("web", "m1", "c1", START, choice="gọi 0912345678 nhé"))
    assert assistant.calls == ["gọi [số điện thoại] nhé"]


async def test_the_worker_wakes_for_new_messages_and_stops(
    engine: AsyncEngine,
    assistant: FakeAssistant,
) -> None:
    pipeline = Pipeline(engine, assistant, pace=Pace(poll_seconds=3600))
    worker = asyncio.create_task(pipeline.run_worker())
    for number in range(5):
        await pipeline.receive(incoming(f"câu {number}", number))
        await asyncio.wait_for(pipeline.outgoing.wait(), 10)
        pipeline.outgoing.clear()
    pipeline.stop()
    await asyncio.wait_for(worker, 10)
    assert sorted(await rows(engine, inbox_table, "status")) == [("done",)] * 5


async def test_the_worker_finds_what_a_crash_left(engine: AsyncEngine, assistant: FakeAssistant) -> None:
    await Pipeline(engine, FakeAssistant()).receive(incoming("để lại"))
    pipeline = Pipeline(engine, assistant, pace=Pace(poll_seconds=3600))
    worker = asyncio.create_task(pipeline.run_worker())
    await asyncio.wait_for(pipeline.outgoing.wait(), 10)
    pipeline.stop()
    await worker
    assert assistant.calls == ["để lại"]
