"""Puts the service together from its settings: the one place where all rooms meet."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.delivery import Delivery, Sender
from api.intake import Incoming
from api.limiter import Limiter
from api.metrics import Metrics
from api.pipeline import Answered, Pipeline
from api.services import Services, Shelf
from api.settings import Settings
from api.telegram_connection import open_telegram
from bot.engine import Engine
from index.artefact import NamedEmbedder
from store.clock import utc_now
from store.engine import open_engine
from store.migrate import upgrade_engine


def compose_app(settings: Settings, embedder: NamedEmbedder | None) -> FastAPI:
    """The whole service: web, REST, Telegram as configured, and the workers."""
    metrics = Metrics()
    shelf = Shelf(settings.data_dir, embedder)
    shelf.refresh()
    database = open_engine(settings.database)
    pipeline = Pipeline(database, Engine(shelf.library, settings.hotline), metrics=metrics)
    telegram = open_telegram(settings, pipeline.receive, metrics)
    senders: dict[str, Sender] = {"telegram": telegram.sender} if telegram else {}
    background: list[Callable[[], Awaitable[None]]] = [pipeline.run_worker]
    if telegram:
        background += [telegram.run, Delivery(database, senders, wake=pipeline.outgoing).run]
    services = Services(
        database=database,
        pipeline=pipeline,
        catalogue=shelf.catalogue,
        metrics=metrics,
        limiter=Limiter(settings, metrics),
        refresh=shelf.refresh,
        background=tuple(background),
    )
    return create_app(settings, services, telegram.routers if telegram else ())


@dataclass(frozen=True, slots=True)
class Desk:
    """One conversation on the terminal, logged like any other."""

    pipeline: Pipeline
    chat_id: str

    async def say(self, text: str, choice: str | None = None) -> Answered:
        """The next turn."""
        incoming = Incoming(
            channel="terminal",
            external_id=uuid.uuid4().hex,
            chat_id=self.chat_id,
            received_at=utc_now(),
            text=text,
            choice=choice,
        )
        return await self.pipeline.ask(incoming)


@asynccontextmanager
async def open_desk(settings: Settings, shelf: Shelf) -> AsyncIterator[Desk]:
    """A terminal conversation over the service's own database."""
    database: AsyncEngine = open_engine(settings.database)
    try:
        await upgrade_engine(database)
        yield Desk(Pipeline(database, Engine(shelf.library, settings.hotline)), uuid.uuid4().hex)
    finally:
        await database.dispose()
