"""Votes: one for each answer, changed by a later one, only by the chat that got the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import votes
from feed.questions import Question, log
from store import conversations, inbox
from store.engine import read, write
from store.tables import votes as votes_table

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def ask(engine: AsyncEngine, chat: str, number: int, outcome: str = "answer") -> tuple[int, int]:
    """Logs a message; returns its inbox id and its conversation."""
    async with write(engine) as connection:
        conversation = await conversations.open_locked(connection, "web", chat, NOW)
        arrival = inbox.Arrival("web", f"{chat}{number}", conversation.id, "hỏi", None, NOW)
        inbox_id, _ = await inbox.add(connection, arrival, None)
        entry = Question(
            inbox_id=inbox_id, conversation_id=conversation.id, channel="web", text="hỏi", asked_at=NOW,
            outcome=outcome, knowledge_version="v1", latency_ms=1.0,
        )  # fmt: skip
        await log(connection, entry)
    return inbox_id, conversation.id


async def vote(engine: AsyncEngine, inbox_id: int, conversation: int, useful: bool, minutes: int = 0) -> bool:
    async with write(engine) as connection:
        at = NOW + timedelta(minutes=minutes)
        return await votes.cast(connection, inbox_id, conversation, useful=useful, at=at)


async def found(engine: AsyncEngine, *inbox_ids: int) -> dict[int, bool]:
    async with read(engine) as connection:
        return await votes.of_messages(connection, inbox_ids)


async def test_a_vote_may_be_changed_and_stays_one(engine: AsyncEngine) -> None:
    first, conversation = await ask(engine, "a", 1)
    second, _ = await ask(engine, "a", 2)
    assert await vote(engine, first, conversation, True)
    assert await vote(engine, first, conversation, False, minutes=3)
    assert await vote(engine, second, conversation, True)
    assert await found(engine, first, second) == {first: False, second: True}
    async with read(engine) as connection:
        assert (await connection.execute(select(func.count()).select_from(votes_table))).scalar_one() == 2
        moments = (await connection.execute(select(votes_table.c.voted_at))).scalars().all()
    assert max(moments) == NOW + timedelta(minutes=3)


async def test_nobody_votes_on_what_another_chat_was_told(engine: AsyncEngine) -> None:
    answered, conversation = await ask(engine, "a", 1)
    _, other = await ask(engine, "b", 1)
    assert not await vote(engine, answered, other, False)
    assert not await vote(engine, 999, conversation, False)
    assert await found(engine, answered) == {}


@pytest.mark.parametrize("outcome", ["ask_back", "out_of_scope", "vote", "blocked"])
async def test_only_answers_are_voted_on(engine: AsyncEngine, outcome: str) -> None:
    inbox_id, conversation = await ask(engine, "a", 1, outcome)
    assert not await vote(engine, inbox_id, conversation, True)


async def test_a_deleted_conversation_takes_its_votes_along(engine: AsyncEngine) -> None:
    answered, conversation = await ask(engine, "a", 1)
    assert await vote(engine, answered, conversation, True)
    async with write(engine) as connection:
        await conversations.delete_conversation(connection, conversation, NOW)
    async with read(engine) as connection:
        assert (await connection.execute(select(votes_table))).all() == []


async def test_the_database_itself_refuses_a_second_row(engine: AsyncEngine) -> None:
    answered, conversation = await ask(engine, "a", 1)
    assert await vote(engine, answered, conversation, True)

    async def again() -> None:
        async with write(engine) as connection:
            question = (await connection.execute(select(votes_table.c.question_id))).scalar_one()
            await connection.execute(votes_table.insert().values(question_id=question, useful=True, voted_at=NOW))

    with pytest.raises(IntegrityError):
        await again()
