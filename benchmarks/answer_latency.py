"""Measures how long an answer takes and how many a server gives: `python -m benchmarks.answer_latency`.

Uses the build in `BANHOI_DATA_DIR` and a database of its own, so the question log of a service stays clean. Starts
and stops a server on a free port of this machine. Prints Markdown; run it on an idle machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import httpx

from api.compose import open_desk
from api.logs import configure_logging
from api.services import Shelf
from api.settings import Settings, load_settings
from api.terminal import open_embedder_or_none
from benchmarks.opening import describe
from bot.engine import Engine
from bot.types import Message, State
from index.artefact import current_build

Conversation = Sequence[str]
QUESTIONS = Path(__file__).with_name("questions.txt")
CHATS = (1, 4, 16)
START_SECONDS = 120
MOST_ANSWERS = 20_000
"""A bound on one load run, whatever the clock says."""


def read_conversations(path: Path = QUESTIONS) -> list[Conversation]:
    """Paragraphs of messages; lines that begin with # are remarks."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [paragraph.split("\n") for paragraph in "\n".join(lines).strip().split("\n\n") if paragraph]


async def time_engine(settings: Settings, shelf: Shelf, conversations: Sequence[Conversation]) -> list[float]:
    """Milliseconds of each turn in the engine alone: understanding, search, ranking, composing."""
    engine = Engine(shelf.library, settings.hotline)
    taken = []
    for conversation in conversations:
        state = State()
        for text in conversation:
            begun = time.perf_counter()
            state = engine.respond(state, Message(text=text, at=datetime.now(UTC))).state
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


async def time_answers(settings: Settings, shelf: Shelf, conversations: Sequence[Conversation]) -> list[float]:
    """Milliseconds of each whole answer: redacted, stored, answered, logged and committed."""
    taken = []
    for conversation in conversations:
        async with open_desk(settings, shelf) as desk:
            for text in conversation:
                begun = time.perf_counter()
                await desk.say(text)
                taken.append((time.perf_counter() - begun) * 1000)
    return taken


@contextmanager
def serving(settings: Settings, database_url: str) -> Iterator[str]:
    """A server of our own on a free port of this machine; yields its address and stops it at the end."""
    port = _free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BANHOI_")} | {
        "BANHOI_DATA_DIR": str(settings.data_dir),
        "BANHOI_DATABASE_URL": database_url,
        "BANHOI_EMBEDDER": settings.embedder,
        "BANHOI_PORT": str(port),
        "BANHOI_LOG_LEVEL": "error",
        "BANHOI_RATE_LIMIT": "1000000/minute",
        "BANHOI_RATE_LIMIT_NEW": "1000000/minute",
    }
    process = subprocess.Popen([sys.executable, "-m", "api.cli", "run"], env=environ, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_ready(base, process)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")


class Load:
    """Chats that ask at the same time, each waiting for an answer before its next message."""

    def __init__(self, client: httpx.AsyncClient, seconds: float) -> None:
        self._client = client
        self._seconds = seconds
        self._until = 0.0
        self.taken: list[float] = []

    async def run(self, chats: int, conversations: Sequence[Conversation]) -> float:
        """Answers per second."""
        begun = time.perf_counter()
        self._until = begun + self._seconds
        await asyncio.gather(*(self._chat(conversations, number * 7) for number in range(chats)))
        return len(self.taken) / (time.perf_counter() - begun)

    async def _chat(self, conversations: Sequence[Conversation], offset: int) -> None:
        for conversation in islice(cycle(conversations), offset, None):
            known: str | None = None
            for text in conversation:
                if time.perf_counter() > self._until or len(self.taken) >= MOST_ANSWERS:
                    return
                known = await self._ask(text, known)

    async def _ask(self, text: str, conversation_id: str | None) -> str:
        body = {"text": text} | ({"conversation_id": conversation_id} if conversation_id else {})
        begun = time.perf_counter()
        response = await self._client.post("/api/v1/ask", json=body)
        self.taken.append((time.perf_counter() - begun) * 1000)
        response.raise_for_status()
        return str(response.json()["conversation_id"])


@asynccontextmanager
async def _client(base: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=max(CHATS), max_keepalive_connections=max(CHATS))
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60, trust_env=False) as client:
        yield client


async def load_table(base: str, conversations: Sequence[Conversation], seconds: float) -> list[str]:
    """Answers per second and latencies over HTTP, for each number of chats."""
    rows = ["| chats at once | answers per second | p50 ms | p95 ms | p99 ms | answers |", "|--:|--:|--:|--:|--:|--:|"]
    async with _client(base) as client:
        await Load(client, min(seconds, 3)).run(1, conversations)  # warms both sides up
        for chats in CHATS:
            load = Load(client, seconds)
            rate = await load.run(chats, conversations)
            rows.append(f"| {chats} | {rate:.0f} | {_quantiles(load.taken)} | {len(load.taken)} |")
    return rows


def _quantiles(taken: Sequence[float]) -> str:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return " | ".join(f"{cuts[percent - 1]:.1f}" for percent in (50, 95, 99))


Timed = Callable[[Settings, Shelf, Sequence[Conversation]], Awaitable[list[float]]]


async def latency_table(
    settings: Settings, shelf: Shelf, conversations: Sequence[Conversation], rounds: int
) -> list[str]:
    """Latencies in one process, the engine alone and the whole answer."""
    rows = ["| what | p50 ms | p95 ms | p99 ms | answers |", "|---|--:|--:|--:|--:|"]
    measured: dict[str, Timed] = {"engine alone": time_engine, "whole answer, stored and logged": time_answers}
    for name, timed in measured.items():
        await timed(settings, shelf, conversations)  # warms caches up
        taken = [each for _ in range(rounds) for each in await timed(settings, shelf, conversations)]
        rows.append(f"| {name} | {_quantiles(taken)} | {len(taken)} |")
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often all questions are asked in one process")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each load over HTTP lasts")
    options = parser.parse_args()
    configure_logging("console", "error")
    conversations = read_conversations()
    with tempfile.TemporaryDirectory(prefix="banhoi-") as folder:
        settings = load_settings(os.environ)
        settings = settings.model_copy(update={"telegram_mode": "off"})
        shelf = Shelf(settings.data_dir, open_embedder_or_none(settings.embedder, settings.data_dir))
        if not shelf.refresh():
            raise SystemExit("no usable build in BANHOI_DATA_DIR: run banhoi build")
        print(describe(current_build(settings.data_dir)) + "\n")
        own = load_settings({"BANHOI_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/one.db"}).database_url
        desk_settings = settings.model_copy(update={"database_url": own})
        print("\n".join(asyncio.run(latency_table(desk_settings, shelf, conversations, options.rounds))) + "\n")
        with serving(settings, f"sqlite+aiosqlite:///{folder}/http.db") as base:
            print("\n".join(asyncio.run(load_table(base, conversations, options.seconds))))


if __name__ == "__main__":
    main()
