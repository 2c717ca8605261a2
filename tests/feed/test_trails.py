"""Trails: each conversation whole and in order, with what was offered and voted, without what is no question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from feed import votes
from feed.questions import Question, log
from feed.trails import Step, trails
from store import conversations, inbox, outbox
from store.engine import read, write

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Log:
    """Writes messages into the log, one a minute."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.count = 0

    async def say(
        self, chat: str, text: str, outcome: str, code: str | None = None, *,
        channel: str = "web", choice: str | None = None, offered: tuple[str, ...] = (), failed: bool = False,
        useful: bool | None = None,
    ) -> None:  # fmt: skip
        """Logs a message with its reply, and perhaps a vote on it."""
        at = NOW + timedelta(minutes=self.count)
        self.count += 1
        async with write(self.engine) as connection:
            conversation = await conversations.open_locked(connection, channel, chat, at)
            arrival = inbox.Arrival(channel, f"m{self.count}", conversation.id, text, choice, at)
            inbox_id, _ = await inbox.add(connection, arrival, None)
            entry = Question(
                inbox_id=inbox_id, conversation_id=conversation.id, channel=channel, text=text, asked_at=at,
                outcome=outcome, knowledge_version="v1", latency_ms=1.0, choice=choice, procedure_code=code,
                candidates=({"code": "1.000894", "name": "Kết hôn", "probability": 0.1},),
                aspects=("fee",), failed=failed,
            )  # fmt: skip
            await log(connection, entry)
            choices = [{"id": f"p:{target}", "label": target, "code": target} for target in offered]
            payload = {"choices": [*choices, {"id": "v:up:1", "label": "👍", "code": None}]}
            await outbox.add(connection, outbox.Draft(conversation.id, channel, payload, inbox_id), at)
            if useful is not None:
                assert await votes.cast(connection, inbox_id, conversation.id, useful=useful, at=at)


async def found(engine: AsyncEngine, since: datetime | None = None) -> list[list[Step]]:
    async with read(engine) as connection:
        return [trail async for trail in trails(connection, since)]


async def test_conversations_come_apart_and_in_order(engine: AsyncEngine) -> None:
    log = Log(engine)
    await log.say("a", "một", "answer", "1.001193", useful=False)
    await log.say("b", "hai", "out_of_scope")
    await log.say("a", "ba", "ask_back", offered=("1.001193", "2.000635"))
    await log.say("a", "Bản sao", "answer", "2.000635", choice="p:2.000635", offered=("9.999999",))
    first, second = await found(engine)
    assert [step.text for step in first] == ["một", "ba", "Bản sao"]
    assert [step.text for step in second] == ["hai"]
    assert first[0] == Step(
        conversation_id=first[0].conversation_id, text="một", at=NOW, tapped=False, outcome="answer", code="1.001193",
        aspects=("fee",), candidates=frozenset({"1.000894"}), useful=False,
    )  # fmt: skip
    assert first[1].offered == {"1.001193", "2.000635"}
    assert first[1].useful is None
    assert (first[2].tapped, first[2].offered) == (True, frozenset())


async def test_no_votes_no_failures_no_trials(engine: AsyncEngine) -> None:
    log = Log(engine)
    await log.say("a", "👍", "vote", choice="v:up:1")
    await log.say("a", "hỏng", "out_of_scope", failed=True)
    await log.say("a", "thử", "answer", "1.001193", channel="terminal")
    assert await found(engine) == []


async def test_only_what_was_asked_since(engine: AsyncEngine) -> None:
    log = Log(engine)
    for number in range(4):
        await log.say("a", str(number), "answer")
    (trail,) = await found(engine, NOW + timedelta(minutes=2))
    assert [step.text for step in trail] == ["2", "3"]
    assert await found(engine, NOW + timedelta(days=1)) == []
