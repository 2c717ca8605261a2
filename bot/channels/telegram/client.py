"""The connection to Telegram's servers, or to another server that speaks the same."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.utils.token import TokenValidationError

from bot.channels.telegram.updates import ALLOWED_UPDATES

REQUEST_SECONDS = 15.0


class BadToken(ValueError):
    """The token does not look like one of Telegram's. The message does not show it."""

    def __init__(self) -> None:
        super().__init__("malformed Telegram token")


def make_bot(token: str, api_base: str | None = None) -> Bot:
    """A client for the bot of `token`; `api_base` is another server, such as an emulator. Close its session.

    Raises `BadToken`.
    """
    api = TelegramAPIServer.from_base(api_base) if api_base else PRODUCTION
    try:
        return Bot(token, session=AiohttpSession(api=api, timeout=REQUEST_SECONDS))
    except TokenValidationError:
        raise BadToken from None


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates without aiogram's validation, where one odd update would hide all others of its batch."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: tuple[str, ...] = ALLOWED_UPDATES


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Asks Telegram to send updates to `url`, with `secret` in their header. None that waits is dropped."""
    await bot.set_webhook(url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))
