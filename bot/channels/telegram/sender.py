"""Sends replies to Telegram chats and says what a failure means for the next attempt."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import LinkPreviewOptions

from bot.channels.errors import DeliveryError, PermanentError, RateLimited, TransientError
from bot.channels.telegram.rendering import Rendered, render
from bot.types import Reply

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
_TOO_MANY = re.compile(r"too many requests(?:\D+(\d+))?", re.IGNORECASE)
_USUAL_PAUSE = 5.0
_MOST_UNFINISHED = 1000


@dataclass(slots=True)
class _Progress:
    """How much of a reply in several messages is out."""

    reply: Reply
    done: int = 0


class TelegramSender:
    """Sends a reply as one or several messages.

    A reply that failed half way goes on where it stopped when it comes again to the same process.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._unfinished: OrderedDict[str, _Progress] = OrderedDict()

    async def send(self, chat_id: str, reply: Reply) -> str:
        """Returns the id of the last message; raises a `DeliveryError`."""
        rendered = render(reply)
        if not rendered.messages:
            raise PermanentError("empty")
        progress = self._progress(chat_id, reply)
        message_id = ""
        for number in range(progress.done, len(rendered.messages)):
            message_id = await _translated(self._send_one(chat_id, rendered, number))
            progress.done = number + 1
        self._unfinished.pop(chat_id, None)
        return message_id

    def _progress(self, chat_id: str, reply: Reply) -> _Progress:
        known = self._unfinished.get(chat_id)
        if known is None or known.reply != reply:
            known = self._unfinished[chat_id] = _Progress(reply)
        self._unfinished.move_to_end(chat_id)
        while len(self._unfinished) > _MOST_UNFINISHED:
            self._unfinished.popitem(last=False)
        return known

    async def _send_one(self, chat_id: str, rendered: Rendered, number: int) -> str:
        last = number == len(rendered.messages) - 1
        message = await self._bot.send_message(
            int(chat_id),
            rendered.messages[number],
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=rendered.keyboard if last else None,
        )
        return str(message.message_id)


async def _translated(request: Awaitable[str]) -> str:
    try:
        return await request
    except (AiogramError, OSError) as error:
        raise failure(error) from error


def failure(error: Exception) -> DeliveryError:
    """What an error of aiogram means. What is not known to be hopeless is worth another attempt."""
    if isinstance(error, TelegramRetryAfter):
        return RateLimited(error.retry_after)
    if isinstance(error, TelegramForbiddenError):
        return PermanentError("blocked")
    if isinstance(error, TelegramBadRequest):
        gone = any(words in error.message.lower() for words in _GONE)
        return PermanentError("chat_gone" if gone else "refused")
    if isinstance(error, TelegramMigrateToChat | TelegramEntityTooLarge):
        return PermanentError("refused")
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):  # for an operator
        return TransientError("token")
    if isinstance(error, TelegramConflictError):  # somebody else polls with the same token
        return TransientError("conflict")
    if isinstance(error, TelegramServerError):
        return TransientError("server")
    if isinstance(error, TelegramNetworkError | OSError):
        return TransientError("network")
    return _by_words(error)


def _by_words(error: Exception) -> DeliveryError:
    """Telegram, or a proxy before it, sometimes says 429 without the field that tells for how long."""
    found = _TOO_MANY.search(error.message) if isinstance(error, TelegramAPIError) else None
    if found:
        return RateLimited(float(found[1]) if found[1] else _USUAL_PAUSE)
    return TransientError("unexpected")
