# ruff: noqa: F811 - fixtures are imported by name
"""What is older than its time goes, and nothing else: messages, addresses, the question log; on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.retention import Retention
from api.settings import SettingsError, load_settings
from bot.rights.requests import RetentionRules
from store import conversations, inbox, outbox, retention
from store.booking_tables import appointments
from store.engine import read, write
from store.tables import audit, metadata, questions, votes
from store.tables import conversations as conversations_table
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = RetentionRules(90, 730)


async def said(
    engine: AsyncEngine,
    days_ago: float,
    text: str = "hỏi",
    *,
    chat: str = "c1",
    outcome: str = "answer",
    done: bool = True,
) -> int:
    """A message of so many days ago with its reply, its entry in the log and a vote; returns the message's id."""
    at = NOW - timedelta(days=days_ago)
    async with write(engine) as connection:
        opened = await conversations.open_locked(connection, "telegram", chat, at)
        arrival = inbox.Arrival("telegram", f"{chat}-{days_ago}-{text}", opened.id, text, None, at)
        message, _ = await inbox.add(connection, arrival, None)
        await conversations.save_state(connection, opened, {"said": text}, at)
        if not done:
            return message
        await inbox.close(connection, message, at, None)
        draft = outbox.Draft(opened.id, "telegram", {"text": text}, message)
        await outbox.add(connection, draft, at, delivered=True)
        values = {
            "inbox_id": message, "conversation_id": opened.id, "channel": "telegram", "text": text, "asked_at": at,
            "outcome": outcome, "candidates": [], "aspects": [], "latency_ms": 1.0, "knowledge_version": "v",
        }  # fmt: skip
        logged = await connection.execute(questions.insert().values(**values).returning(questions.c.id))
        vote = {"question_id": logged.scalar_one(), "useful": True, "voted_at": at}
        await connection.execute(votes.insert().values(**vote))
    return message


async def column(engine: AsyncEngine, table: Table, name: str) -> list[Any]:
    async with read(engine) as connection:
        statement = select(table.c[name]).order_by(*table.primary_key.columns)
        return list((await connection.execute(statement)).scalars())


async def sweep(engine: AsyncEngine, batch: int = 200) -> dict[str, int]:
    return await Retention(engine, RULES, lambda: NOW, batch=batch).run_once()


async def test_a_young_conversation_is_left_alone(engine: AsyncEngine) -> None:
    await said(engine, 89)
    assert not any((await sweep(engine)).values())
    assert await column(engine, inbox_table, "text") == ["hỏi"]
    assert await column(engine, audit, "id") == []


async def test_an_idle_conversation_loses_its_address_and_keeps_its_questions(engine: AsyncEngine) -> None:
    await said(engine, 91, "cũ")
    await said(engine, 1, "mới", chat="c2")
    (public_id, _) = await column(engine, conversations_table, "public_id")
    done = await sweep(engine)
    assert (done["conversations"], done["questions"]) == (1, 0)
    gone, other = await column(engine, conversations_table, "chat_id")
    assert "c1" not in gone
    assert other == "c2"
    assert public_id not in await column(engine, conversations_table, "public_id")
    assert await column(engine, conversations_table, "state") == [{}, {"said": "mới"}]
    assert await column(engine, inbox_table, "text") == ["", "mới"]
    assert await column(engine, outbox_table, "payload") == [{"text": "mới"}]
    assert await column(engine, questions, "text") == ["cũ", "mới"]
    assert not any((await sweep(engine)).values())


async def test_old_messages_of_a_conversation_that_goes_on_are_emptied(engine: AsyncEngine) -> None:
    await said(engine, 100, "cũ")
    await said(engine, 2, "mới")
    await sweep(engine)
    assert await column(engine, conversations_table, "chat_id") == ["c1"]
    assert await column(engine, inbox_table, "text") == ["", "mới"]
    assert await column(engine, outbox_table, "payload") == [{"text": "mới"}]


async def test_old_questions_go_with_their_votes_and_what_belonged_to_them(engine: AsyncEngine) -> None:
    await said(engine, 731, "rất cũ")
    await said(engine, 100, "cũ", chat="c2")
    await sweep(engine)
    assert await column(engine, questions, "text") == ["cũ"]
    assert len(await column(engine, votes, "question_id")) == 1
    assert len(await column(engine, conversations_table, "id")) == 1
    assert len(await column(engine, inbox_table, "id")) == 1


async def test_what_waits_for_an_answer_or_for_delivery_stays(engine: AsyncEngine) -> None:
    await said(engine, 95, "chưa trả lời", done=False)
    unsent = await said(engine, 95, "chưa gửi", chat="c2")
    async with write(engine) as connection:
        mine = update(outbox_table).where(outbox_table.c.inbox_id == unsent)
        await connection.execute(mine.values(status="failed"))
    await sweep(engine)
    assert await column(engine, conversations_table, "chat_id") == ["c1", "c2"]
    assert (await column(engine, inbox_table, "text"))[0] == "chưa trả lời"
    assert len(await column(engine, outbox_table, "id")) == 1


@pytest.mark.parametrize(("days", "left"), [(5, 1), (-1, 0)])
async def test_who_has_an_appointment_to_come_can_still_be_reminded(engine: AsyncEngine, days: int, left: int) -> None:
    await said(engine, 95)
    (conversation,) = await column(engine, conversations_table, "id")
    at = NOW + timedelta(days=days)
    values = {
        "reference": "K7-3MHP",
        "nonce": "n",
        "secret_hash": "h",
        "office_id": "o",
        "group_id": "g",
        "state": "confirmed",
        "share": "online",
        "day": at.date(),
        "starts_at": at,
        "ends_at": at,
        "channel": "telegram",
        "created_at": NOW,
        "changed_at": NOW,
        "conversation_id": conversation,
    }
    async with write(engine) as connection:
        await connection.execute(appointments.insert().values(**values))
    await sweep(engine)
    assert (await column(engine, conversations_table, "chat_id")).count("c1") == left
    assert await column(engine, appointments, "conversation_id") == [conversation if left else None]


async def test_an_erased_conversation_goes_a_day_later_unless_more_was_said(engine: AsyncEngine) -> None:
    await said(engine, 1.1, "Xóa hết", outcome="erased")
    await said(engine, 0.5, "Xóa hết", chat="c2", outcome="erased")
    await said(engine, 1.1, "Xóa hết", chat="c3", outcome="erased")
    await said(engine, 1.05, "hỏi tiếp", chat="c3")
    assert (await sweep(engine))["erased"] == 1
    assert await column(engine, conversations_table, "chat_id") == ["c2", "c3"]
    assert len(await column(engine, questions, "id")) == 3


async def test_small_steps_do_all_and_are_noted_once_without_names(engine: AsyncEngine) -> None:
    for number in range(7):
        await said(engine, 800, chat=f"c{number}")
    await sweep(engine, batch=2)
    for table in (conversations_table, inbox_table, outbox_table, questions):
        assert await column(engine, table, "id") == []
    (detail,) = await column(engine, audit, "detail")
    assert (detail["conversations"], detail["questions"]) == (7, 7)
    assert set(map(type, detail.values())) == {int}


async def test_a_step_that_breaks_leaves_what_was_done_before(engine: AsyncEngine) -> None:
    for number in range(3):
        await said(engine, 800, chat=f"c{number}")
    async with write(engine) as connection:
        assert await retention.delete_questions(connection, NOW - timedelta(days=730), 2) == 2

    async def killed() -> None:
        async with write(engine) as connection:
            await retention.delete_questions(connection, NOW - timedelta(days=730), 2)
            raise RuntimeError("killed here")

    with pytest.raises(RuntimeError):
        await killed()
    assert len(await column(engine, questions, "id")) == 1
    await sweep(engine)
    assert await column(engine, questions, "id") == []


async def test_it_sweeps_every_hour_until_it_is_stopped(engine: AsyncEngine) -> None:
    await said(engine, 100)
    waited: list[float] = []

    async def wait(_event: asyncio.Event, seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            sweeper.stop()

    sweeper = Retention(engine, RULES, lambda: NOW, wait=wait)
    await sweeper.run()
    assert waited == [3600.0, 3600.0]
    assert await column(engine, inbox_table, "text") == [""]


def test_the_log_is_not_kept_for_less_time_than_the_messages() -> None:
    environ = {"BANHOI_KEEP_MESSAGES_DAYS": "100", "BANHOI_KEEP_QUESTIONS_DAYS": "90"}
    with pytest.raises(SettingsError, match="BANHOI_KEEP_QUESTIONS_DAYS"):
        load_settings(environ)


def test_whatever_refers_to_a_conversation_or_a_question_goes_with_it_or_lets_go() -> None:
    """A table that did neither would keep a citizen's data from being deleted."""
    stuck = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("conversations", "questions") and key.ondelete not in ("CASCADE", "SET NULL")
    ]
    assert stuck == []
