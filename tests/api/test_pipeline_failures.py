# ruff: noqa: F811 - fixtures are imported by name
"""What breaks on a message's way, and that nothing is lost or half-written by it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.intake import Incoming, MalformedUpdate
from api.pipeline import APOLOGY, MOST_ATTEMPTS, MessageGone, Pace, Pipeline
from bot.types import Outcome
from store import conversations, inbox
from store import engine as engine_module
from store.engine import write
from store.errors import StoreUnavailable
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.tables import questions as questions_table
from tests.api.pipeline_support import START, FakeAssistant, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def pipeline(engine: AsyncEngine, assistant: FakeAssistant) -> Pipeline:
    return Pipeline(engine, assistant, FakeClock())


async def test_a_broken_engine_apologises_and_the_question_is_kept(
    pipeline: Pipeline,
    engine: AsyncEngine,
) -> None:
    await pipeline.ask(incoming("một", 1, channel="web"))
    answered = await pipeline.ask(incoming("hỏng", 2, channel="web"))
    after = await pipeline.ask(incoming("hai", 3, channel="web"))
    assert answered.turn.reply == APOLOGY
    assert answered.turn.outcome is Outcome.OUT_OF_SCOPE
    assert after.turn.reply.text == "2. hai", "the state of before the failure is kept"
    assert (await rows(engine, inbox_table, "status", "error"))[1] == ("failed", "RuntimeError")
    assert await rows(engine, questions_table, "text", "failed") == [
        ("một", False), ("hỏng", True), ("hai", False)
    ]  # fmt: skip


async def test_a_message_that_kills_its_process_is_given_up(
    engine: AsyncEngine,
    assistant: FakeAssistant,
) -> None:
    clock = FakeClock()
    pipeline = Pipeline(engine, assistant, clock)
    await pipeline.receive(incoming("chết"))
    for _ in range(MOST_ATTEMPTS):
        async with write(engine) as connection:
            now = clock()
            assert len(await inbox.claim(connection, now, now + Pace().lease, 1)) == 1
        clock.advance(60)
    assert await pipeline.work_once() == 1
    assert assistant.calls == []
    assert await rows(engine, inbox_table, "status", "error") == [("failed", "given_up")]


async def test_a_crash_before_the_commit_leaves_the_message_new(
    pipeline: Pipeline,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receipt = await pipeline.receive(incoming("câu"))

    async def crash(*_arguments: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr("api.ledger.inbox.close", crash)
        with pytest.raises(asyncio.CancelledError):
            await pipeline.handle(receipt.inbox_id)
    assert await rows(engine, inbox_table, "status") == [("new",)]
    assert await rows(engine, questions_table, "id") == []
    assert await rows(engine, outbox_table, "id") == []
    assert (await pipeline.handle(receipt.inbox_id)).turn.reply.text == "1. câu"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_full_disk_is_said_and_loses_nothing_that_was_acknowledged(
    pipeline: Pipeline, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = await pipeline.receive(incoming("chữ " * 900))
    await engine.dispose()
    with monkeypatch.context() as full:
        full.setattr(engine_module, "_PRAGMAS", (*engine_module._PRAGMAS, "PRAGMA max_page_count = 1"))
        with pytest.raises(StoreUnavailable, match="đầy"):
            await pipeline.handle(receipt.inbox_id)
        with pytest.raises(StoreUnavailable, match="đầy"):
            await pipeline.receive(incoming("chữ " * 900, 2))
        assert await rows(engine, inbox_table, "external_id", "status") == [("m1", "new")]
        assert await rows(engine, questions_table, "id") == []
        assert await rows(engine, outbox_table, "id") == []
        await engine.dispose()
    assert (await pipeline.handle(receipt.inbox_id)).turn.reply.text.startswith("1. chữ")


async def test_junk_and_novels_are_stored_short_and_clean(
    pipeline: Pipeline,
    engine: AsyncEngine,
) -> None:
    await pipeline.ask(incoming("\x00\ud800" + "a" * 100_000, 1, channel="web"))
    ((stored,),) = await rows(engine, inbox_table, "text")
    assert len(stored) == 4000
    assert stored.endswith("[đã cắt bớt]")


@pytest.mark.parametrize(
    "wrong", [{"channel": "Tele gram"}, {"external_id": ""}, {"chat_id": "x" * 201}, {"chat_id": "a\x00"}]
)
def test_malformed_updates_are_refused(wrong: dict[str, str]) -> None:
    fields = {"channel": "telegram", "external_id": "m1", "chat_id": "c1"} | wrong
    with pytest.raises(MalformedUpdate):
        Incoming(received_at=START, **fields)
    with pytest.raises(MalformedUpdate):
        Incoming("telegram", "m1", "c1", START.replace(tzinfo=None))


async def test_a_deleted_conversation_is_gone_and_a_late_copy_changes_nothing(
    pipeline: Pipeline,
    engine: AsyncEngine,
) -> None:
    receipt = await pipeline.receive(incoming("câu"))
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "telegram", "c1", START)
        await conversations.delete_conversation(connection, chat.id, START)
    with pytest.raises(MessageGone):
        await pipeline.handle(receipt.inbox_id)
    assert (await pipeline.receive(incoming("câu"))).duplicate
    assert await pipeline.work_once() == 0


async def test_a_state_from_an_older_version_starts_afresh(pipeline: Pipeline, engine: AsyncEngine) -> None:
    await pipeline.ask(incoming("một", 1, channel="web"))
    async with write(engine) as connection:
        await connection.execute(text("""UPDATE conversations SET state = '{"old": 1}'"""))
    assert (await pipeline.ask(incoming("hai", 2, channel="web"))).turn.reply.text == "1. hai"
