"""A small engine, a clock that stands still and channels that write down what they send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.delivery import Sender
from api.intake import Incoming
from bot.types import Block, Candidate, Choice, Message, Outcome, Reply, State, Topic, Turn
from index.aspects import Aspect
from store.engine import read

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BUTTON = Choice(id="proc:1.001193", label="Đăng ký khai sinh", code="1.001193")


class FakeClock:
    """Time that moves when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeAssistant:
    """Answers with what it was asked and how many messages came before in the conversation."""

    knowledge_version = "v1"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.before: Callable[[Message], None] = lambda _message: None

    def respond(self, state: State, message: Message) -> Turn:
        self.calls.append(message.text)
        self.before(message)
        if message.text == "hỏng":
            raise RuntimeError("the engine broke")
        asked = Topic(kind="procedure", id=f"{len(state.topics)}:{message.text}"[:40], at=message.at)
        topics = (*state.topics, asked)
        text = f"{len(topics)}. {message.text}"
        return Turn(
            state=State(topics=topics, offered=(BUTTON,), last_outcome=Outcome.ANSWER),
            reply=Reply(blocks=(Block(kind="text", text=text),), choices=(BUTTON,)),
            outcome=Outcome.ANSWER,
            procedures=(Candidate(code="1.001193", name="Đăng ký khai sinh", probability=0.9),),
            aspects=(Aspect.DOCUMENTS,),
            score=0.9,
            knowledge_version=self.knowledge_version,
        )


class SlowAssistant(FakeAssistant):
    """Takes a little, so that a kill falls into the middle of something."""

    def respond(self, state: State, message: Message) -> Turn:
        time.sleep(0.002)
        return super().respond(state, message)


class FakeSender:
    """Remembers what it sent; raises what it is told to, once each."""

    def __init__(self, *errors: Exception) -> None:
        self.sent: list[tuple[str, str]] = []
        self.errors = list(errors)

    async def send(self, chat_id: str, reply: Reply) -> str:
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((chat_id, reply.text))
        return f"ext-{len(self.sent)}"


async def rows(engine: AsyncEngine, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of all rows of a table, oldest first."""
    chosen = [table.c[name] for name in columns]
    async with read(engine) as connection:
        return [tuple(row) for row in await connection.execute(select(*chosen).order_by(table.c.id))]


def senders(**named: FakeSender) -> dict[str, Sender]:
    """The channels that a delivery serves."""
    return dict(named)


def incoming(text: str, number: int | str = 1, *, channel: str = "telegram", chat: str = "c1") -> Incoming:
    """A message of a chat, with an id made of `number`."""
    return Incoming(channel=channel, external_id=f"m{number}", chat_id=chat, received_at=START, text=text)
