"""Joins the service to Telegram: long polling for a desk, a webhook for a server, and the way out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from fastapi import APIRouter

from api.metrics import Metrics
from api.settings import Settings
from api.telegram import PATH, Receive, incoming_of, thanks_for, webhook_router
from bot.channels.errors import RateLimited
from bot.channels.telegram.client import GetRawUpdates, make_bot, set_webhook
from bot.channels.telegram.sender import TelegramSender, failure
from bot.channels.telegram.updates import Ignored, Said, Unreadable, read
from store.clock import Clock, utc_now
from store.errors import StoreUnavailable

POLL_SECONDS = 25
"""How long Telegram holds a request open while there is nothing to say."""
_SLACK_SECONDS = 10
_TAP_SECONDS = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_log = structlog.get_logger("api.telegram")

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """What the application needs of Telegram."""

    sender: TelegramSender
    """For `Delivery`, under the channel's name."""
    routers: tuple[APIRouter, ...]
    run: Callable[[], Awaitable[None]]
    """Background work until it is cancelled; then the connection is closed."""


def open_telegram(settings: Settings, receive: Receive, metrics: Metrics) -> TelegramChannel | None:
    """The channel as the settings want it, None when it is off. Raises `BadToken`; does not connect yet."""
    if settings.telegram_mode == "off" or settings.telegram_token is None:
        return None
    bot = make_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_base)
    if settings.telegram_mode == "polling":
        return TelegramChannel(TelegramSender(bot), (), lambda: _hold(bot, run_polling(bot, receive)))
    secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_secret else ""
    router = webhook_router(receive, secret, metrics)
    url = webhook_url(settings)
    return TelegramChannel(TelegramSender(bot), (router,), lambda: _hold(bot, keep_webhook(bot, url, secret)))


def webhook_url(settings: Settings) -> str:
    """Where Telegram finds us; an emulator on the same machine needs no public address."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}") + PATH


async def _hold(bot: Bot, work: Awaitable[None]) -> None:
    """Does the work and keeps the connection for the sender until it is cancelled."""
    try:
        await work
        await asyncio.Event().wait()
    finally:
        await bot.session.close()


async def keep_webhook(bot: Bot, url: str, secret: str, *, sleep: Sleep = asyncio.sleep) -> None:
    """Registers the webhook, trying again until Telegram has taken it."""
    if await _insist(lambda: set_webhook(bot, url, secret), sleep):
        _log.info("telegram_webhook_set")


async def run_polling(bot: Bot, receive: Receive, *, clock: Clock = utc_now, sleep: Sleep = asyncio.sleep) -> None:
    """Fetches updates until it is cancelled. Each is stored before Telegram is told that it may forget it.

    Outlives failures of the network, of Telegram and of the database. Ends, with an error in the log, when
    Telegram refuses the token.
    """
    poller = _Poller(bot, receive, clock)
    going = await _insist(poller.open, sleep)
    while going:
        going = await _insist(poller.fetch, sleep) and await _insist(poller.take, sleep)


async def _insist(step: Callable[[], Awaitable[None]], sleep: Sleep) -> bool:
    """Does the step, again after each failure; False when the token is refused and nothing will help."""
    for pause in _pauses():
        try:
            await step()
        except (TelegramUnauthorizedError, TelegramNotFound):
            _log.error("telegram_token_refused")
            return False
        except StoreUnavailable as error:
            _log.error("telegram_update_not_stored", cause=error.cause)
            await sleep(pause)
        except (AiogramError, OSError, _NoProgressError) as error:
            problem = failure(error)
            _log.warning("telegram_unreachable", kind=problem.kind)
            await sleep(max(pause, problem.retry_after) if isinstance(problem, RateLimited) else pause)
        else:
            return True
    raise AssertionError("unreachable")


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE)


class _NoProgressError(Exception):
    """Updates without an id: the same ones would come again at once."""


class _Poller:
    """Remembers how far Telegram's queue has been stored."""

    def __init__(self, bot: Bot, receive: Receive, clock: Clock) -> None:
        self._bot = bot
        self._receive = receive
        self._clock = clock
        self._offset: int | None = None
        self._fetched: list[Any] = []

    async def open(self) -> None:
        """Takes a webhook away: Telegram answers polling only without one."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def fetch(self) -> None:
        """Asks for what has not been stored yet."""
        method = GetRawUpdates(offset=self._offset, timeout=POLL_SECONDS)
        self._fetched = await self._bot(method, request_timeout=POLL_SECONDS + _SLACK_SECONDS)
        if self._fetched and all(_id_of(raw) is None for raw in self._fetched):
            raise _NoProgressError

    async def take(self) -> None:
        """Stores what was fetched, one by one; after a failure the rest is still there."""
        while self._fetched:
            raw = self._fetched[0]
            await self._take_one(raw)
            self._fetched.pop(0)
            number = _id_of(raw)
            if number is not None:
                self._offset = max(self._offset or 0, number + 1)

    async def _take_one(self, raw: Any) -> None:
        try:
            said = read(raw)
        except Unreadable as error:
            _log.warning("telegram_update_unreadable", at=error.at)
            return
        if isinstance(said, Ignored):
            _log.debug("telegram_update_ignored", reason=said.value)
            return
        await self._receive(incoming_of(said, self._clock))
        await self._acknowledge(said)

    async def _acknowledge(self, said: Said) -> None:
        """Stops the spinner of a tapped button; not worth a second attempt."""
        if said.callback_id is None:
            return
        try:
            await self._bot.answer_callback_query(
                said.callback_id, text=thanks_for(said), request_timeout=_TAP_SECONDS
            )
        except (AiogramError, OSError) as error:
            _log.info("telegram_tap_unanswered", kind=failure(error).kind)


def _id_of(raw: Any) -> int | None:
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) else None
