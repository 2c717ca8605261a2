"""The process that `benchmarks.crash` kills: pipeline and delivery between a pipe and a file.

python -m benchmarks.crash_service URL RECORD [unsafe]
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from api.delivery import Delivery, Policy
from api.intake import Incoming
from api.ledger import Work, record_turn
from api.pipeline import Pace, Pipeline
from bot.types import Block, Message, Outcome, Reply, State, Topic, Turn
from store import inbox, outbox
from store.engine import open_engine, read, write

CHATS = 20


class CountingAssistant:
    """Says how many messages of the conversation there were: a lost or doubled turn would show."""

    knowledge_version = "crash"

    def respond(self, state: State, message: Message) -> Turn:
        """Takes some milliseconds, so that a kill can fall into it."""
        time.sleep(0.004)
        counted = int(state.pending_text or 0) + 1
        topic = Topic(kind="procedure", id=message.text, at=message.at)
        return Turn(
            state=State(topics=(topic,), pending_text=str(counted)),
            reply=Reply(blocks=(Block(kind="text", text=f"{counted}. {message.text}"),)),
            outcome=Outcome.ANSWER,
            knowledge_version=self.knowledge_version,
        )


class FileSender:
    """The platform: what was appended has been sent, whatever happens to the process afterwards."""

    def __init__(self, record: Path) -> None:
        self._file = record.open("ab", buffering=0)

    async def send(self, chat_id: str, reply: Reply) -> str:
        """Writes one line in one system call."""
        self._file.write(f"{chat_id}\t{reply.text}\n".encode())
        await asyncio.sleep(0.002)
        return "sent"


class UnsafePipeline(Pipeline):
    """The negative control: the inbox row is closed first, in a transaction of its own."""

    async def _write(self, work: Work, timed: Any) -> Any:
        async with write(self._engine) as connection:
            if not await self._still_next(connection, work):
                return None
            await inbox.close(connection, work.message.id, self._clock(), None)
        await asyncio.sleep(0.2)  # the window in which a kill loses the question
        async with write(self._engine) as connection:
            await record_turn(
                connection, work, timed.turn, now=self._clock(), latency_ms=0.0, error=None, delivered=False
            )
        return timed


async def serve(url: str, record: Path, *, unsafe: bool) -> None:
    """Reads message numbers from standard input, acknowledges them on standard output, ends when told to."""
    engine = open_engine(url)
    pace = Pace(lease=timedelta(seconds=1), poll_seconds=0.1)
    pipeline = (UnsafePipeline if unsafe else Pipeline)(engine, CountingAssistant(), pace=pace)
    policy = Policy(lease=timedelta(seconds=1), send_seconds=0.5, poll_seconds=0.1)
    delivery = Delivery(engine, {"telegram": FileSender(record)}, policy=policy, wake=pipeline.outgoing)
    workers = [asyncio.create_task(pipeline.run_worker()), asyncio.create_task(delivery.run())]
    print("ready", flush=True)
    await _receive(pipeline)
    while await _open(engine):  # noqa: ASYNC110 - another replica may be doing the work
        await asyncio.sleep(0.05)
    pipeline.stop()
    delivery.stop()
    await asyncio.gather(*workers)
    await engine.dispose()


async def _receive(pipeline: Pipeline) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while (line := (await reader.readline()).decode().strip()) != "finish":
        number = int(line)
        chat = f"chat{number % CHATS}"
        await pipeline.receive(
            Incoming("telegram", f"u{number}", chat, datetime.now(UTC), f"câu hỏi {number}")
        )
        print(number, flush=True)


async def _open(engine: AsyncEngine) -> bool:
    """Whether anything is left to answer or to send."""
    async with read(engine) as connection:
        waiting = (await inbox.counts(connection)).get(inbox.NEW, 0)
        replies = await outbox.counts(connection)
    return bool(waiting or replies.get(outbox.PENDING, 0) or replies.get(outbox.FAILED, 0))


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), unsafe="unsafe" in sys.argv[3:]))
