"""Puts the service together from its settings: the one place where all rooms meet."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.appointments.from_chat import links_of
from api.appointments.room import open_booking
from api.booking_desk import BookingDesk
from api.counting import Counting
from api.data_desk import DataDesk
from api.delivery import Delivery, Sender, ShownOnPage
from api.incoming import IncomingWorker
from api.intake import Incoming
from api.labelling import Labelling
from api.limiter import Limiter
from api.metrics import Metrics
from api.notices import notice_renderer
from api.pipeline import SYNCHRONOUS, Answered, Pipeline
from api.published import PublishedDesk
from api.report.monthly import FOLDER, Monthly
from api.report_desk import ReportDesk
from api.retention import Retention
from api.services import Services, Shelf
from api.settings import Settings
from api.texts import operator_text
from api.ways_out.open_data import NightlySnapshot
from api.ways_out.webhooks import Webhooks
from booking.sweeper import Sweeper
from bot.engine import Engine
from bot.rights.requests import RetentionRules
from index.artefact import ArtefactUnusable, NamedEmbedder
from knowledge.database import KnowledgeBase
from store.clock import utc_now
from store.engine import open_engine
from store.migrate import upgrade_engine

if TYPE_CHECKING:
    from api.telegram_connection import TelegramChannel


def compose_app(settings: Settings, embedder: NamedEmbedder | None) -> FastAPI:
    """The whole service: web, REST, Telegram as configured, and the workers."""
    metrics = Metrics()
    shelf = Shelf(settings.data_dir, embedder)
    shelf.refresh()
    database = open_engine(settings.database)
    booking = open_booking(settings)
    desk = BookingDesk(booking, links_of)
    rules = _retention_rules(settings)
    published = PublishedDesk(database, shelf.library, site=settings.public_url or "")
    pipeline = _pipeline(settings, shelf, published, metrics, database, desk, DataDesk(booking, rules))
    arriving = IncomingWorker(database, shelf.library, wake=pipeline.logged, outgoing=pipeline.outgoing)
    telegram = _telegram(settings, pipeline, metrics)
    senders: dict[str, Sender] = {channel: ShownOnPage() for channel in SYNCHRONOUS}
    senders |= {"telegram": telegram.sender} if telegram else {}
    sweeper = Sweeper(
        database, booking, notice_renderer(lambda: shelf.library().knowledge), wake=pipeline.outgoing
    )
    background: list[Callable[[], Awaitable[None]]] = [pipeline.run_worker, sweeper.run, Retention(database, rules).run]
    background += [Delivery(database, senders, wake=pipeline.outgoing).run, published.run, arriving.run]
    background += [Counting(database).run, *_monthly(settings, database, shelf)]
    background += [telegram.run] if telegram else []
    background += [Webhooks(database, private=settings.webhook_private).run]
    background += [NightlySnapshot(database, settings.open_data_dir).run] if settings.open_data_dir else []
    services = Services(
        database=database,
        pipeline=pipeline,
        catalogue=shelf.catalogue,
        metrics=metrics,
        limiter=Limiter(settings, metrics),
        booking=booking,
        refresh=shelf.refresh,
        background=tuple(background),
    )
    return create_app(settings, services, telegram.routers if telegram else ())


def _pipeline(
    settings: Settings,
    shelf: Shelf,
    published: PublishedDesk,
    metrics: Metrics,
    database: AsyncEngine,
    booking: BookingDesk,
    data: DataDesk,
) -> Pipeline:
    """A message's way, the same for the service and for the terminal."""
    return Pipeline(
        database,
        Engine(shelf.library, settings.hotline, published=published.shelf),
        booking=booking,
        data=data,
        reports=ReportDesk(),
        labelling=Labelling(shelf.library, metrics),
        published=published,
        metrics=metrics,
    )


def _monthly(settings: Settings, database: AsyncEngine, shelf: Shelf) -> list[Callable[[], Awaitable[None]]]:
    """Makes reports when a day for it is set."""
    if not settings.report_day:
        return []

    def knowledge() -> KnowledgeBase | None:
        try:
            return shelf.library().knowledge
        except ArtefactUnusable:
            return None

    return [Monthly(database, knowledge, settings.data_dir / FOLDER, settings.report_day).run]


def _telegram(settings: Settings, pipeline: Pipeline, metrics: Metrics) -> TelegramChannel | None:
    """The channel when it is on. Its library takes seconds to import: nobody else should wait for it."""
    if settings.telegram_mode == "off":
        return None
    from api.telegram_connection import open_telegram
    from bot.channels.telegram.client import BadToken

    try:
        return open_telegram(settings, pipeline.receive, metrics)
    except BadToken as error:
        raise ChannelRefused(operator_text("telegram_bad_token")) from error


class ChannelRefused(Exception):
    """A channel cannot be opened with the settings given; the message is for the operator."""


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
        booking = open_booking(settings)
        published = PublishedDesk(database, shelf.library, site=settings.public_url or "")
        await published.refresh()
        data = DataDesk(booking, _retention_rules(settings))
        pipeline = _pipeline(settings, shelf, published, Metrics(), database, BookingDesk(booking), data)
        yield Desk(pipeline, uuid.uuid4().hex)
    finally:
        await database.dispose()


def _retention_rules(settings: Settings) -> RetentionRules:
    return RetentionRules(settings.keep_messages_days, settings.keep_questions_days)
