"""Inbox, conversations and outbox: duplicates stop, leases hold, order is kept, deletion is complete."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from store import conversations, inbox, outbox
from store.engine import read, write
from store.rows import insert
from store.tables import audit as audit_table
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def arrive(engine: AsyncEngine, external_id: str, chat: str = "c1") -> tuple[int, bool]:
    async with write(engine) as connection:
        conversation = await conversations.open_locked(connection, "telegram", chat, NOW)
        arrival = inbox.Arrival("telegram", external_id, conversation.id, "hỏi", None, NOW)
        return await inbox.add(connection, arrival, None)


async def enqueue(engine: AsyncEngine, chat: str = "c1", channel: str = "telegram") -> int:
    async with write(engine) as connection:
        conversation = await conversations.open_locked(connection, channel, chat, NOW)
        draft = outbox.Draft(conversation.id, channel, {"blocks": []})
        return await outbox.add(connection, draft, NOW)


async def claim(engine: AsyncEngine, owner: str = "w1", at: datetime = NOW) -> list[int]:
    async with write(engine) as connection:
        rows = await outbox.claim(connection, ["telegram", "zalo"], owner, at, at + MINUTE, 10)
    return [row.id for row in rows]


async def test_a_message_is_stored_once(engine: AsyncEngine) -> None:
    first, second = await arrive(engine, "m1"), await arrive(engine, "m1")
    assert first == (first[0], False)
    assert second == (first[0], True)


async def test_many_copies_at_once_are_one(engine: AsyncEngine) -> None:
    arrived = await asyncio.gather(*(arrive(engine, "m1") for _ in range(12)))
    assert sorted(known for _, known in arrived) == [False] + [True] * 11
    assert len({inbox_id for inbox_id, _ in arrived}) == 1


async def _guarded_by_code_only(engine: AsyncEngine, both_looked: asyncio.Barrier) -> None:
    """What `inbox.add` would be without the unique constraint: look, then insert. The worst moment is arranged."""
    async with read(engine) as connection:
        seen = (await connection.execute(select(func.count()).select_from(audit_table))).scalar_one()
    await both_looked.wait()
    if not seen:
        async with write(engine) as connection:
            values = {"at": NOW, "actor": "m1", "action": "a", "subject": "s", "detail": {}}
            await insert(connection, audit_table, values)


async def test_without_the_constraint_copies_would_slip_through(engine: AsyncEngine) -> None:
    both_looked = asyncio.Barrier(2)
    await asyncio.gather(*(_guarded_by_code_only(engine, both_looked) for _ in range(2)))
    async with read(engine) as connection:
        stored = (await connection.execute(select(func.count()).select_from(audit_table))).scalar_one()
    assert stored > 1, "the race did not happen, so the test above proves nothing"


async def test_one_conversation_per_chat_with_a_name_that_cannot_be_guessed(engine: AsyncEngine) -> None:
    async def opened(chat: str) -> conversations.Conversation:
        async with write(engine) as connection:
            return await conversations.open_locked(connection, "web", chat, NOW)

    same = await asyncio.gather(*(opened("c1") for _ in range(6)))
    other = await opened("c2")
    assert len({conversation.id for conversation in same}) == 1
    assert len({same[0].public_id, other.public_id}) == 2
    assert len(other.public_id) >= 22


async def test_inbox_claims_the_oldest_of_each_chat_until_the_lease_ends(engine: AsyncEngine) -> None:
    (first, _), (second, _), (other, _) = [
        await arrive(engine, name, chat) for name, chat in (("m1", "c1"), ("m2", "c1"), ("m3", "c2"))
    ]

    async def claimed(at: datetime) -> list[int]:
        async with write(engine) as connection:
            return await inbox.claim(connection, at, at + MINUTE, 10)

    assert await claimed(NOW) == [first, other]
    assert await claimed(NOW) == []
    assert await claimed(NOW + 2 * MINUTE) == [first, other]
    async with write(engine) as connection:
        await inbox.close(connection, first, NOW, None)
    assert await claimed(NOW) == [second]


async def test_outbox_keeps_the_order_of_a_chat(engine: AsyncEngine) -> None:
    first, second, other = await enqueue(engine), await enqueue(engine), await enqueue(engine, "c2")
    assert await claim(engine) == [first, other]
    assert await claim(engine, "w2") == []
    async with write(engine) as connection:
        await outbox.mark_sent(connection, first, "ext", NOW)
    assert await claim(engine, "w2") == [second]


async def test_outbox_row_of_a_dead_worker_is_taken_over_and_its_late_word_ignored(
    engine: AsyncEngine,
) -> None:
    row = await enqueue(engine)
    assert await claim(engine, "w1") == [row]
    later = NOW + 2 * MINUTE
    assert await claim(engine, "w2", later) == [row]
    async with write(engine) as connection:
        assert not await outbox.mark_dead(connection, row, "w1", "blocked")
        assert await outbox.mark_dead(connection, row, "w2", "blocked")
    assert await claim(engine, "w3", later + 10 * MINUTE) == []


async def test_workers_at_once_take_each_row_once(engine: AsyncEngine) -> None:
    rows = [await enqueue(engine, f"c{number}") for number in range(30)]
    claimed = await asyncio.gather(*(claim(engine, f"w{number}") for number in range(6)))
    taken = [row for batch in claimed for row in batch]
    assert len(taken) == len(set(taken))
    while batch := await claim(engine, "last"):
        taken += batch
    assert sorted(taken) == rows


async def test_a_pause_silences_one_channel_and_the_longer_one_stands(engine: AsyncEngine) -> None:
    await enqueue(engine)
    other = await enqueue(engine, "z1", "zalo")
    async with write(engine) as connection:
        await outbox.pause(connection, "telegram", NOW + 5 * MINUTE)
        await outbox.pause(connection, "telegram", NOW + MINUTE)
    assert await claim(engine) == [other]
    assert await claim(engine, at=NOW + 2 * MINUTE) == [other]
    assert len(await claim(engine, at=NOW + 6 * MINUTE)) == 2


async def test_a_reply_belongs_to_its_message_once(engine: AsyncEngine) -> None:
    inbox_id, _ = await arrive(engine, "m1")

    async def reply() -> None:
        async with write(engine) as connection:
            await outbox.add(connection, outbox.Draft(1, "telegram", {}, inbox_id), NOW)

    await reply()
    with pytest.raises(IntegrityError):
        await reply()


async def test_deleting_a_conversation_leaves_only_what_stops_duplicates(engine: AsyncEngine) -> None:
    inbox_id, _ = await arrive(engine, "m1")
    await arrive(engine, "m2", "other")
    await enqueue(engine)
    async with write(engine) as connection:
        chat = await conversations.open_locked(connection, "telegram", "c1", NOW)
        assert await conversations.delete_conversation(connection, chat.id, NOW)
        assert not await conversations.delete_conversation(connection, chat.id, NOW)
    async with read(engine) as connection:
        message = await inbox.load(connection, inbox_id)
        left = (await connection.execute(select(inbox_table.c.text))).scalars().all()
        replies = (await connection.execute(outbox_table.select())).all()
        entries = (await connection.execute(select(audit_table.c.action))).scalars().all()
    assert message is not None
    assert (message.text, message.choice, message.conversation_id, message.status) == ("", None, None, "done")
    assert sorted(left) == ["", "hỏi"]
    assert replies == []
    assert entries == ["conversation_deleted"]
    assert await arrive(engine, "m1") == (inbox_id, True)
