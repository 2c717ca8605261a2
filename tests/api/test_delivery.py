"""The outbox worker: at least once, in order per chat, patient with platforms, never hiding a dead letter."""

# ruff: noqa: F811 - fixtures are imported by name
from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.delivery import Delivery, Policy
from api.pipeline import Pipeline
from bot.channels.errors import PermanentError, RateLimited, TransientError
from bot.types import Reply
from store.engine import open_engine, write
from store.tables import audit as audit_table
from store.tables import outbox as outbox_table
from tests.api.pipeline_support import (
    START,
    FakeAssistant,
    FakeClock,
    FakeSender,
    incoming,
    rows,
    senders,
)
from tests.store.databases import (  # noqa: F401
    backend,
    database_url,
    engine,
    postgres,
    sqlite_template,
)


def longest(_low: float, high: float) -> float:
    """A throw of the dice that always gives the longest wait."""
    return high


async def prepare(engine: AsyncEngine, *messages: tuple[str, str], channel: str = "telegram") -> None:
    """Replies waiting in the outbox: (chat, text)."""
    pipeline = Pipeline(engine, FakeAssistant(), FakeClock())
    for number, (chat, text) in enumerate(messages):
        receipt = await pipeline.receive(incoming(text, f"{chat}.{number}", channel=channel, chat=chat))
        await pipeline.handle(receipt.inbox_id)


def delivery(
    engine: AsyncEngine, sender: FakeSender, clock: FakeClock, policy: Policy | None = None
) -> Delivery:
    return Delivery(engine, senders(telegram=sender), clock, policy=policy, uniform=longest)


async def drain(worker: Delivery) -> None:
    while await worker.deliver_due():
        pass


async def test_a_reply_is_sent_once_and_noted(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "câu"))
    sender = FakeSender()
    await drain(delivery(engine, sender, FakeClock()))
    assert sender.sent == [("c1", "1. câu")]
    assert await rows(engine, outbox_table, "status", "external_message_id", "attempts", "lease_owner") == [
        ("sent", "ext-1", 1, None)
    ]


async def test_order_within_a_chat(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"), ("c1", "b"), ("c2", "x"), ("c1", "c"))
    sender = FakeSender()
    await drain(delivery(engine, sender, FakeClock()))
    assert [text for chat, text in sender.sent if chat == "c1"] == ["1. a", "2. b", "3. c"]
    assert ("c2", "1. x") in sender.sent


async def test_a_failure_waits_and_holds_back_later_replies_of_the_chat(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"), ("c1", "b"))
    clock, sender = FakeClock(), FakeSender(TransientError("http_502"))
    worker = delivery(engine, sender, clock)
    await drain(worker)
    assert sender.sent == []
    assert await rows(engine, outbox_table, "status", "last_error", "attempts") == [
        ("failed", "http_502", 1),
        ("pending", None, 0),
    ]
    clock.advance(1)
    await drain(worker)
    assert [text for _, text in sender.sent] == ["1. a", "2. b"]


async def test_waits_grow_twofold_up_to_the_cap_then_the_letter_is_dead(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    clock, policy = FakeClock(), Policy(base_seconds=1, cap_seconds=5, most_attempts=6)
    worker = delivery(engine, FakeSender(*[TransientError("down")] * 6), clock, policy)
    waits = []
    while await worker.deliver_due():
        ((status, next_at),) = await rows(engine, outbox_table, "status", "next_at")
        waits.append((next_at - clock()).total_seconds())
        clock.now = max(next_at, clock.now)
        if status == "dead":
            break
    assert waits[:5] == [1, 2, 4, 5, 5]
    assert await rows(engine, outbox_table, "status", "attempts", "last_error") == [("dead", 6, "down")]


async def test_jitter_is_full(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    asked: list[tuple[float, float]] = []

    def thrown(low: float, high: float) -> float:
        asked.append((low, high))
        return 0.25

    sender = FakeSender(TransientError("down"))
    clock = FakeClock()
    await Delivery(engine, senders(telegram=sender), clock, uniform=thrown).deliver_due()
    assert asked == [(0.0, 1.0)]
    assert await rows(engine, outbox_table, "next_at") == [(START + timedelta(seconds=0.25),)]


async def test_a_permanent_error_is_a_dead_letter_at_once_and_audited(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"), ("c1", "b"))
    sender = FakeSender(PermanentError("blocked"))
    await drain(delivery(engine, sender, FakeClock()))
    assert await rows(engine, outbox_table, "status", "last_error") == [("dead", "blocked"), ("sent", None)]
    ((action, subject, detail),) = await rows(engine, audit_table, "action", "subject", "detail")
    assert (action, subject) == ("reply_dead", "outbox:1")
    assert detail == {"channel": "telegram", "kind": "blocked", "attempts": 1}


async def test_429_silences_the_channel_for_all_replicas_and_no_other(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    await prepare(engine, ("z1", "z"), channel="zalo")
    clock, telegram, zalo = FakeClock(), FakeSender(RateLimited(30)), FakeSender()
    first, second = (
        Delivery(engine, senders(telegram=telegram, zalo=zalo), clock, uniform=longest) for _ in range(2)
    )
    await first.deliver_due()
    assert [text for _, text in zalo.sent] == ["1. z"]
    await prepare(engine, ("c9", "later"))
    clock.advance(29)
    await drain(second)
    assert telegram.sent == []
    clock.advance(2)
    await drain(second)
    assert sorted(text for _, text in telegram.sent) == ["1. a", "1. later"]
    assert await rows(engine, outbox_table, "attempts") == [(1,)] * 3, "a 429 is no failed attempt"


async def test_a_channel_without_sender_is_left_alone(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    assert await Delivery(engine, senders(zalo=FakeSender()), FakeClock()).deliver_due() == 0
    assert await Delivery(engine, {}, FakeClock()).deliver_due() == 0


async def test_two_workers_never_send_the_same_row(engine: AsyncEngine) -> None:
    await prepare(engine, *((f"c{number}", "a") for number in range(20)))
    sender, clock = FakeSender(), FakeClock()
    workers = [delivery(engine, sender, clock) for _ in range(4)]
    await asyncio.gather(*(drain(worker) for worker in workers))
    assert sorted(sender.sent) == sorted((f"c{number}", "1. a") for number in range(20))


async def test_without_the_lease_they_would(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    no_lease = Policy(lease=timedelta(0))
    first_sends, both_send = asyncio.Event(), asyncio.Barrier(2)

    class Slow(FakeSender):
        async def send(self, chat_id: str, reply: Reply) -> str:
            first_sends.set()
            await both_send.wait()
            return await super().send(chat_id, reply)

    sender, clock = Slow(), FakeClock()
    first, second = (delivery(engine, sender, clock, no_lease) for _ in range(2))
    async with asyncio.timeout(30):
        slow = asyncio.create_task(first.deliver_due())
        await first_sends.wait()
        await asyncio.gather(second.deliver_due(), slow)
    assert len(sender.sent) == 2, "the lease is what keeps two workers apart"


async def test_a_reply_whose_worker_died_is_sent_again(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    clock, sender = FakeClock(), FakeSender()
    died = delivery(engine, sender, clock)

    class Dies(FakeSender):
        async def send(self, chat_id: str, reply: Reply) -> str:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await delivery(engine, Dies(), clock).deliver_due()
    assert await died.deliver_due() == 0
    clock.advance(Policy().lease.total_seconds() + 1)
    await drain(died)
    assert sender.sent == [("c1", "1. a")]


async def test_a_senders_defect_or_hang_stops_nobody_else(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"), ("c2", "b"), ("c3", "c"))

    class Uneven(FakeSender):
        async def send(self, chat_id: str, reply: Reply) -> str:
            if chat_id == "c1":
                raise KeyError("a defect")
            if chat_id == "c2":
                await asyncio.Event().wait()
            return await super().send(chat_id, reply)

    sender = Uneven()
    await delivery(engine, sender, FakeClock(), Policy(send_seconds=0.05)).deliver_due()
    assert sender.sent == [("c3", "1. c")]
    assert sorted(await rows(engine, outbox_table, "status", "last_error"), key=str) == [
        ("failed", "KeyError"),
        ("failed", "timeout"),
        ("sent", None),
    ]


async def test_an_unreadable_reply_is_a_dead_letter(engine: AsyncEngine) -> None:
    await prepare(engine, ("c1", "a"))
    async with write(engine) as connection:
        await connection.execute(outbox_table.update().values(payload={"old": "form"}))
    await drain(delivery(engine, FakeSender(), FakeClock()))
    assert await rows(engine, outbox_table, "status", "last_error") == [("dead", "unreadable")]


async def test_the_worker_is_woken_by_the_pipeline_and_stops(engine: AsyncEngine) -> None:
    pipeline, sender = Pipeline(engine, FakeAssistant()), FakeSender()
    sent = asyncio.Event()

    class Telling(FakeSender):
        async def send(self, chat_id: str, reply: Reply) -> str:
            sent.set()
            return await super().send(chat_id, reply)

    sender = Telling()
    policy = Policy(poll_seconds=3600)
    worker = Delivery(engine, senders(telegram=sender), policy=policy, wake=pipeline.outgoing)
    running = asyncio.create_task(worker.run())
    for number in range(3):
        receipt = await pipeline.receive(incoming(f"câu {number}", number))
        await pipeline.handle(receipt.inbox_id)
        await asyncio.wait_for(sent.wait(), 10)
        sent.clear()
    worker.stop()
    await asyncio.wait_for(running, 10)
    assert [text for _, text in sender.sent] == ["1. câu 0", "2. câu 1", "3. câu 2"]


async def test_the_worker_outlives_a_database_that_is_away(engine: AsyncEngine) -> None:
    waited: list[float] = []

    async def wait(_wake: asyncio.Event, seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            worker.stop()

    away = open_engine("postgresql+asyncpg://nobody@/nothing?host=/nowhere")
    worker = Delivery(away, senders(telegram=FakeSender()), wait=wait)
    await asyncio.wait_for(worker.run(), 10)
    await away.dispose()
    assert waited == [Policy().poll_seconds] * 2
