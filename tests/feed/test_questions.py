"""The question log: complete entries, each message once, newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import questions
from feed.questions import Question
from store import conversations, inbox
from store.engine import read, write

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def logged(engine: AsyncEngine) -> list[Question]:
    """Four questions, one a minute: answered, out of scope, small talk, failed."""
    entries = []
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "telegram", "c1", NOW)
        for number, outcome in enumerate(["answer", "out_of_scope", "small_talk", "out_of_scope"]):
            at = NOW + timedelta(minutes=number)
            arrival = inbox.Arrival("telegram", f"m{number}", chat.id, "hỏi", None, at)
            inbox_id, _ = await inbox.add(connection, arrival, None)
            entry = Question(
                inbox_id=inbox_id, conversation_id=chat.id, channel="telegram", text=f"câu hỏi {number}",
                asked_at=at, outcome=outcome, knowledge_version="v1", latency_ms=12.5,
                procedure_code="1.001193" if outcome == "answer" else None,
                candidates=({"code": "1.001193", "name": "Khai sinh", "probability": 0.9},),
                aspects=("documents", "fee"), score=0.9, failed=number == 3,
            )  # fmt: skip
            await questions.log(connection, entry)
            entries.append(entry)
    return entries


async def test_an_entry_comes_back_as_it_was(engine: AsyncEngine, logged: list[Question]) -> None:
    async with read(engine) as connection:
        found = await questions.of_message(connection, logged[0].inbox_id)
        missing = await questions.of_message(connection, 999)
    assert found is not None
    assert found.question == logged[0]
    assert missing is None


async def test_latest_page_by_page(engine: AsyncEngine, logged: list[Question]) -> None:
    async with read(engine) as connection:
        first = await questions.latest(connection, 3)
        second = await questions.latest(connection, 3, before=first[-1].id)
    assert [entry.question.text for entry in first + second] == [
        "câu hỏi 3", "câu hỏi 2", "câu hỏi 1", "câu hỏi 0"
    ]  # fmt: skip


async def test_unanswered(engine: AsyncEngine, logged: list[Question]) -> None:
    async with read(engine) as connection:
        entries = await questions.unanswered(connection, 10)
    assert [entry.question for entry in entries] == [logged[3], logged[1]]


async def test_count(engine: AsyncEngine, logged: list[Question]) -> None:
    async with read(engine) as connection:
        assert await questions.count(connection) == 4
        assert await questions.count(connection, since=NOW + timedelta(minutes=2)) == 2
        assert await questions.count(connection, outcome="answer") == 1
        assert await questions.count(connection, outcome="booking") == 0


async def test_a_message_is_logged_once(engine: AsyncEngine, logged: list[Question]) -> None:
    async def again() -> None:
        async with write(engine) as connection:
            await questions.log(connection, replace(logged[0], text="lần nữa"))

    with pytest.raises(IntegrityError):
        await again()
