"""kill -9 at random points while messages arrive: none lost, none logged twice, every reply delivered.

    python -m benchmarks.crash [--url URL] [--messages 200] [--kills 8] [--replicas 1] [--seed 1] [--unsafe]

A parent plays the platform: it hands messages to one or more service processes (pipeline and delivery, with a
small engine and a sender that writes to a file), kills them with SIGKILL, starts them again, sends again what
was not acknowledged and some of what was. `--unsafe` is the negative control: the inbox row is closed in a
transaction of its own, and the same experiment must find lost messages.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from store.engine import open_engine, read
from store.migrate import upgrade_engine
from store.tables import inbox, outbox, questions

READY, FINISH = "ready", "finish"


@dataclass(frozen=True, slots=True)
class Plan:
    """One experiment."""

    url: str
    record: Path
    messages: int = 200
    kills: int = 8
    replicas: int = 1
    seed: int = 1
    unsafe: bool = False


@dataclass(slots=True)
class Figures:
    """What was found after the last restart."""

    messages: int
    kills: int
    seconds: float
    inbox_rows: int
    handled: int
    questions: int
    texts: int
    """Distinct question texts: one for each message."""
    replies: int
    """Outbox rows."""
    undelivered: int
    sent_messages: int
    """Distinct replies that reached the platform."""
    sent_twice: int
    out_of_order: int
    resent_by_platform: int

    @property
    def sound(self) -> bool:
        """Nothing lost, nothing doubled in the log, everything delivered in order."""
        exact = (self.inbox_rows, self.handled, self.questions, self.texts, self.replies, self.sent_messages)
        return set(exact) == {self.messages} and not self.undelivered and not self.out_of_order


@dataclass(slots=True)
class _World:
    plan: Plan
    dice: random.Random
    services: list[asyncio.subprocess.Process] = field(default_factory=list)
    readers: list[asyncio.Task[None]] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    fed: int = 0
    """Messages that citizens have written so far."""
    resent: int = 0

    @property
    def progress(self) -> int:
        """Acknowledged messages and sent replies so far."""
        return len(self.acknowledged) + len(_recorded(self.plan.record))


async def run(plan: Plan) -> Figures:
    """Runs one experiment on a migrated, empty database."""
    began = perf_counter()
    world = _World(plan, random.Random(plan.seed))
    for _ in range(plan.replicas):
        await _start(world)
    feeding = asyncio.create_task(_feed(world))
    try:
        await _torment(world)
        await feeding
        await _until(lambda: len(world.acknowledged) == plan.messages)
        await _finish(world)
    finally:
        feeding.cancel()
        for service in world.services:
            if service.returncode is None:
                service.kill()
    return await _count(plan, perf_counter() - began, world.resent)


async def _torment(world: _World) -> None:
    """Kills a service at each of the random points."""
    plan = world.plan
    thresholds = sorted(world.dice.sample(range(1, int(plan.messages * 1.9)), plan.kills))
    for threshold in thresholds:
        await _until(partial(_reached, world, threshold))
        await asyncio.sleep(world.dice.uniform(0, 0.03))
        await _kill_and_restart(world)


def _reached(world: _World, progress: int) -> bool:
    return world.progress >= progress


async def _start(world: _World) -> None:
    plan = world.plan
    arguments = ["-m", "benchmarks.crash_service", plan.url, str(plan.record), *(["unsafe"] * plan.unsafe)]
    pipe = asyncio.subprocess.PIPE
    service = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe)
    assert service.stdout is not None
    line = await asyncio.wait_for(service.stdout.readline(), 60)
    if line.decode().strip() != READY:
        raise RuntimeError(f"the service did not start: {line!r}")
    world.services.append(service)
    world.readers.append(asyncio.create_task(_collect(world, service.stdout)))


async def _collect(world: _World, acknowledgements: asyncio.StreamReader) -> None:
    async for line in acknowledgements:
        if line.endswith(b"\n"):  # the last word of a killed process may be cut
            world.acknowledged.add(int(line))


async def _feed(world: _World) -> None:
    for number in range(world.plan.messages):
        world.fed = number + 1
        if world.services:
            await _hand(world.services[number % len(world.services)], f"{number}")
        await asyncio.sleep(world.dice.uniform(0, 0.006))


async def _hand(service: asyncio.subprocess.Process, line: str) -> None:
    assert service.stdin is not None
    try:
        service.stdin.write(f"{line}\n".encode())
        await service.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # it is dead; nothing was acknowledged


async def _kill_and_restart(world: _World) -> None:
    victim = world.dice.randrange(len(world.services))
    service, reader = world.services.pop(victim), world.readers.pop(victim)
    service.kill()
    await service.wait()
    await reader
    await _start(world)
    known = sorted(world.acknowledged)
    again = [number for number in range(world.fed) if number not in world.acknowledged]
    again += world.dice.sample(known, min(5, len(known)))
    world.resent += len(again)
    for number in again:
        await _hand(world.services[-1], f"{number}")


async def _finish(world: _World) -> None:
    for service in world.services:
        await _hand(service, FINISH)
    for service, reader in zip(world.services, world.readers, strict=True):
        await asyncio.wait_for(service.wait(), 60)
        await reader


async def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it looks at a file
            await asyncio.sleep(0.005)


def _recorded(record: Path) -> list[tuple[str, str]]:
    """What reached the platform: (chat, text)."""
    if not record.exists():
        return []
    lines = record.read_text(encoding="utf-8").splitlines()
    return [(chat, text) for chat, _, text in (line.partition("\t") for line in lines)]


async def _count(plan: Plan, seconds: float, resent: int) -> Figures:
    engine = open_engine(plan.url)
    async with read(engine) as connection:
        statuses = Counter((await connection.execute(select(inbox.c.status))).scalars())
        texts = list((await connection.execute(select(questions.c.text))).scalars())
        replies = (await connection.execute(select(func.count()).select_from(outbox))).scalar_one()
        unsent = (
            await connection.execute(
                select(func.count()).select_from(outbox).where(outbox.c.status != "sent")
            )
        ).scalar_one()
    await engine.dispose()
    sent = Counter(_recorded(plan.record))
    return Figures(
        messages=plan.messages,
        kills=plan.kills,
        seconds=round(seconds, 1),
        inbox_rows=sum(statuses.values()),
        handled=statuses["done"],
        questions=len(texts),
        texts=len(set(texts)),
        replies=replies,
        undelivered=unsent,
        sent_messages=len(sent),
        sent_twice=sum(sent.values()) - len(sent),
        out_of_order=_out_of_order(plan.record),
        resent_by_platform=resent,
    )


def _out_of_order(record: Path) -> int:
    """Replies whose number within the chat is not the next one, repetitions aside."""
    last: Counter[str] = Counter()
    wrong = 0
    for chat, text in _recorded(record):
        number = int(text.split(".")[0])
        wrong += number > last[chat] + 1
        last[chat] = max(last[chat], number)
    return wrong


async def _main(options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as directory:
        url = options.url or f"sqlite+aiosqlite:///{directory}/banhoi.db"
        engine = open_engine(url)
        await upgrade_engine(engine)
        await engine.dispose()
        plan = Plan(
            url,
            Path(directory) / "sent.txt",
            messages=options.messages,
            kills=options.kills,
            replicas=options.replicas,
            seed=options.seed,
            unsafe=options.unsafe,
        )
        figures = await run(plan)
    for name in Figures.__slots__:
        print(f"{name:20} {getattr(figures, name)}")
    print("SOUND" if figures.sound else "NOT SOUND")
    unsafe: bool = options.unsafe
    return figures.sound != unsafe


def main() -> None:
    """Prints the figures; exits with 1 when they are not what they must be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", help="an empty database; default: a SQLite file of its own")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unsafe", action="store_true")
    sys.exit(0 if asyncio.run(_main(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
