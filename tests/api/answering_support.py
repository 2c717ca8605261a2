"""Replicas of the service without its pages: a pipeline over real knowledge, the answers of officials, the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.delivery import Delivery
from api.incoming import IncomingWorker
from api.intake import Incoming
from api.labelling import Labelling
from api.pipeline import Answered, Pipeline
from api.published import PublishedDesk
from bot.engine import Engine
from index.library import Library
from store.engine import read
from tests.api.pipeline_support import FakeSender
from tests.feed.review_support import Desk


class Replica:
    """One process of several."""

    def __init__(self, engine: AsyncEngine, library: Library, clock: Callable[[], Any]) -> None:
        self.published = PublishedDesk(engine, lambda: library, clock)
        assistant = Engine(lambda: library, published=self.published.shelf)
        labelling = Labelling(lambda: library)
        self.pipeline = Pipeline(engine, assistant, clock, labelling=labelling, published=self.published)
        self.worker = IncomingWorker(engine, lambda: library, clock)


@dataclass
class Service:
    """Replicas over one database, and the officers' desk."""

    engine: AsyncEngine
    library: Library
    desk: Desk
    asked: int = 0
    replicas: list[Replica] = field(default_factory=list)

    def replica(self, number: int = 0) -> Replica:
        """A replica, started on first mention."""
        while len(self.replicas) <= number:
            self.replicas.append(Replica(self.engine, self.library, lambda: self.desk.now))
        return self.replicas[number]

    async def ask(
        self, text: str, chat: str = "c1", *, on: int = 0, channel: str = "telegram", **more: Any
    ) -> Answered:
        """A citizen's message, answered; the worker has not looked yet."""
        self.asked += 1
        at = self.desk.now
        message = Incoming(channel, f"x{self.asked}", chat, at, text, **more)
        return await self.replica(on).pipeline.ask(message)

    async def work(self, on: int = 0) -> int:
        """The worker takes what there is."""
        return await self.replica(on).worker.work_once()

    async def deliver(self) -> None:
        """All that waits in the outbox goes out."""
        delivery = Delivery(self.engine, {"telegram": FakeSender()}, lambda: self.desk.now)
        while await delivery.deliver_due():
            pass

    async def rows(self, table: Table) -> list[Any]:
        """Everything in a table, in order."""
        async with read(self.engine) as connection:
            return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).all())
