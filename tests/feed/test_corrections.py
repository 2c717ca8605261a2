"""Corrected labels: beside the machine's, never over them, with who and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feed import questions
from feed.corrections import Correction, correct, corrected_messages, of_question
from feed.labels.effective import CORRECTED, FLAGS, KIND, SENTIMENT, corrected
from feed.labels.types import Flag, Kind, Sentiment
from feed.questions import Question
from store import accounts, conversations, inbox
from store.engine import read, write
from store.tables import audit
from store.tables import questions as table

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DENIED = Correction(Kind.COMPLAINT, Sentiment.NEGATIVE, frozenset())


@pytest.fixture
async def author(engine: AsyncEngine) -> int:
    async with write(engine) as connection:
        made = await accounts.add(connection, NOW, name="lan", full_name="Lan", role="reviewer")
    assert made is not None
    return made


@pytest.fixture
async def asked(engine: AsyncEngine) -> list[int]:
    """Three questions: labelled, labelled with a flag, tapped."""
    made = []
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "telegram", "c1", NOW)
        for number, (choice, flags) in enumerate([(None, ()), (None, ("danger",)), ("proc:1", None)]):
            arrival = inbox.Arrival("telegram", f"m{number}", chat.id, "hỏi", choice, NOW)
            inbox_id, _ = await inbox.add(connection, arrival, None)
            entry = Question(
                inbox_id=inbox_id, conversation_id=chat.id, channel="telegram", text=f"câu {number}", choice=choice,
                asked_at=NOW, outcome="answer", knowledge_version="v1", latency_ms=1.0,
                kind=None if choice else "question", kind_confidence=None if choice else 0.7,
                sentiment=None if choice else "neutral", flags=flags,
            )  # fmt: skip
            made.append(await questions.log(connection, entry))
    return made


async def _effective(connection: AsyncConnection, question_id: int) -> tuple[object, ...]:
    statement = select(KIND, SENTIMENT, FLAGS, CORRECTED).select_from(corrected()).where(table.c.id == question_id)
    return tuple((await connection.execute(statement)).one())


async def test_a_correction_counts_and_the_machine_s_label_stays(
    engine: AsyncEngine, author: int, asked: list[int]
) -> None:
    async with write(engine) as connection:
        assert await correct(connection, asked[1], DENIED, author, NOW)
    async with read(engine) as connection:
        assert await _effective(connection, asked[1]) == ("complaint", "negative", [], True)
        assert await _effective(connection, asked[0]) == ("question", "neutral", [], False)
        assert await _effective(connection, asked[2]) == (None, None, None, False)
        stored = (await connection.execute(select(table.c.kind, table.c.flags).where(table.c.id == asked[1]))).one()
        assert tuple(stored) == ("question", ["danger"])
        assert await of_question(connection, asked[1]) == DENIED
        assert await of_question(connection, asked[0]) == Correction()


async def test_what_is_not_said_stays_as_the_machine_has_it(engine: AsyncEngine, author: int, asked: list[int]) -> None:
    async with write(engine) as connection:
        await correct(connection, asked[1], Correction(sentiment=Sentiment.NEGATIVE), author, NOW)
    async with read(engine) as connection:
        assert await _effective(connection, asked[1]) == ("question", "negative", ["danger"], True)


async def test_a_later_correction_replaces_and_an_empty_one_takes_back(
    engine: AsyncEngine, author: int, asked: list[int]
) -> None:
    async with write(engine) as connection:
        await correct(connection, asked[0], DENIED, author, NOW)
        await correct(connection, asked[0], Correction(flags=frozenset([Flag.DANGER])), author, NOW)
        assert await _effective(connection, asked[0]) == ("question", "neutral", ["danger"], True)
        await correct(connection, asked[0], Correction(), author, NOW)
        assert await _effective(connection, asked[0]) == ("question", "neutral", [], False)


async def test_who_corrected_what_stands_in_the_audit_log(engine: AsyncEngine, author: int, asked: list[int]) -> None:
    async with write(engine) as connection:
        await correct(connection, asked[0], DENIED, author, NOW)
        assert not await correct(connection, 999, DENIED, author, NOW)
    async with read(engine) as connection:
        entries = (await connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject))).all()
    assert [tuple(entry) for entry in entries] == [(f"account:{author}", "labels_corrected", f"question:{asked[0]}")]


async def test_corrected_messages_are_for_the_next_training(
    engine: AsyncEngine, author: int, asked: list[int]
) -> None:
    async with write(engine) as connection:
        for question_id in asked:
            await correct(connection, question_id, Correction(kind=Kind.PRAISE), author, NOW)
    async with read(engine) as connection:
        found = [message async for message in corrected_messages(connection)]
    assert [(message.text, message.kind, message.sentiment, message.flags) for message in found] == [
        ("câu 0", "praise", "neutral", ()),
        ("câu 1", "praise", "neutral", ("danger",)),
    ]
