"""Takes a question over HTTP: counts it, hands it to the pipeline, tells refusals from answers."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from starlette.requests import Request

from api.intake import Incoming
from api.limiter import Limited
from api.pipeline import Answered, MessageGone
from api.problems import Problem
from api.services import Services


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of a synchronous channel. Its id stays on the server."""

    channel: str
    id: str
    new: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What came in: words, or the id of a choice; `message_id` is the same when it is sent again."""

    message_id: str
    text: str = ""
    choice: str | None = None


def new_token() -> str:
    """A name that cannot be guessed: 144 random bits."""
    return secrets.token_urlsafe(18)


def chat_id_of(token: str) -> str:
    """The chat that belongs to a client's token; the database does not hold the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()


async def ask(services: Services, request: Request, chat: Chat, said: Said) -> Answered:
    """The answer to a message.

    Raises `Problem`, `ArtefactUnusable` or `StoreUnavailable`; then nothing was kept.
    """
    services.catalogue()  # without knowledge there is no answer worth storing a question for
    await _count(services, request, chat)
    incoming = Incoming(
        channel=chat.channel,
        external_id=said.message_id,
        chat_id=chat.id,
        received_at=services.clock(),
        text=said.text,
        choice=said.choice,
    )
    try:
        return await services.pipeline.ask(incoming)
    except MessageGone as error:
        raise Problem(404, "no_conversation") from error


async def _count(services: Services, request: Request, chat: Chat) -> None:
    limited = await services.limiter.message(chat.channel, chat.id)
    if limited is None and chat.new:
        address = request.client.host if request.client else "unknown"
        limited = await services.limiter.new_conversation(chat.channel, address)
    if limited is not None:
        raise _too_fast(limited)


def _too_fast(limited: Limited) -> Problem:
    seconds = limited.retry_after
    return Problem(429, "limited", {"Retry-After": str(seconds)}, seconds=seconds)
