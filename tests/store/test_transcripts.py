"""Transcripts: whole, in order, only of the chat that was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from store import conversations, inbox, outbox, transcripts
from store.engine import read, write

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def say(engine: AsyncEngine, chat_id: str, text: str, *replies: str, choice: str | None = None) -> int:
    """Puts a message into the inbox, with its replies in the outbox."""
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "web", chat_id, START)
        arrival = inbox.Arrival("web", f"{chat_id}:{text}", chat.id, text, choice, START)
        inbox_id, _ = await inbox.add(connection, arrival, None)
        for seq, reply in enumerate(replies):
            draft = outbox.Draft(chat.id, "web", {"text": reply}, inbox_id, seq)
            await outbox.add(connection, draft, START + timedelta(seconds=seq))
    return inbox_id


async def test_exchanges_come_oldest_first_with_their_replies_in_order(engine: AsyncEngine) -> None:
    await say(engine, "a", "một", "1a", "1b")
    await say(engine, "b", "của người khác", "x")
    await say(engine, "a", "hai")
    async with read(engine) as connection:
        found = await transcripts.latest(connection, "web", "a", 10)
    assert [(e.text, [p["text"] for p in e.payloads]) for e in found] == [("một", ["1a", "1b"]), ("hai", [])]
    assert found[0].received_at == START


async def test_only_the_newest_are_given(engine: AsyncEngine) -> None:
    for number in range(5):
        await say(engine, "a", str(number))
    async with read(engine) as connection:
        found = await transcripts.latest(connection, "web", "a", 2)
    assert [exchange.text for exchange in found] == ["3", "4"]


async def test_some_taps_are_left_out(engine: AsyncEngine) -> None:
    await say(engine, "a", "một")
    await say(engine, "a", "v:up:1", choice="v:up:1")
    await say(engine, "a", "v%", choice="v%")
    await say(engine, "a", "hai")
    async with read(engine) as connection:
        assert [e.text for e in await transcripts.latest(connection, "web", "a", 2, hidden="v:")] == ["v%", "hai"]
        assert len(await transcripts.latest(connection, "web", "a", 9, hidden="v%")) == 3


async def test_a_chat_is_known_once_something_was_said(engine: AsyncEngine) -> None:
    await say(engine, "a", "một")
    async with read(engine) as connection:
        assert await transcripts.exists(connection, "web", "a")
        assert not await transcripts.exists(connection, "api", "a")
        assert not await transcripts.exists(connection, "web", "b")
        assert await transcripts.latest(connection, "web", "b", 10) == []


async def test_one_exchange_is_found_by_its_message(engine: AsyncEngine) -> None:
    await say(engine, "a", "một", "1")
    second = await say(engine, "a", "hai", "2")
    async with read(engine) as connection:
        found = await transcripts.of_message(connection, second)
        assert await transcripts.of_message(connection, second + 100) is None
    assert found is not None
    assert (found.text, found.payloads) == ("hai", ({"text": "2"},))


async def test_waiting_rows_are_counted(engine: AsyncEngine) -> None:
    first = await say(engine, "a", "một", "1")
    await say(engine, "b", "hai", "2", "3")
    async with write(engine) as connection:
        await inbox.close(connection, first, START, None)
    async with read(engine) as connection:
        assert await transcripts.open_rows(connection) == {"inbox": {"new": 1}, "outbox": {"pending": 3}}
