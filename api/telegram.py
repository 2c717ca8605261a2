"""Telegram's webhook: checks who calls, stores the update, answers at once. The outbox sends the reply.

Telegram sends an update again until it gets 200, so 200 means "kept" or "nothing in it for us". With the
database away it gets 503, and nothing is lost. Rules: https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from api.guard import WEBHOOK_LIMIT
from api.intake import Incoming
from api.metrics import Metrics
from api.pipeline import Receipt
from bot.channels.telegram.updates import Ignored, Said, Unreadable, read
from bot.votes import thanks, vote_of
from store.clock import Clock, utc_now
from store.errors import StoreUnavailable

CHANNEL = "telegram"
PATH = "/telegram/webhook"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_log = structlog.get_logger("api.telegram")

Receive = Callable[[Incoming], Awaitable[Receipt]]
"""`Pipeline.receive`: once it returns, the message is not lost."""


class _TooLarge(Exception):
    """The body is longer than any update."""


def webhook_router(receive: Receive, secret: str, metrics: Metrics, clock: Clock = utc_now) -> APIRouter:
    """The webhook as a router. Raises `ValueError` without a secret: anybody could speak for any citizen."""
    if not secret:
        raise ValueError("the Telegram webhook needs a secret")
    expected = secret.encode()
    router = APIRouter()

    def refuse(status: int, reason: str) -> Response:
        metrics.webhook_rejects.labels(channel=CHANNEL, reason=reason).inc()
        return Response(status_code=status)

    @router.post(PATH, include_in_schema=False)
    async def telegram_webhook(request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER)
        if given is None:
            return refuse(401, "missing_secret")
        if not secrets.compare_digest(given.encode("utf-8", "surrogateescape"), expected):
            return refuse(401, "wrong_secret")
        try:
            said = read(_parse(await _body(request)))
        except _TooLarge:
            return refuse(413, "too_large")
        except Unreadable as error:
            _log.warning("telegram_update_unreadable", at=error.at)
            return refuse(200, "malformed")
        if isinstance(said, Ignored):
            return _ignored(said)
        try:
            await receive(incoming_of(said, clock))
        except StoreUnavailable as error:
            _log.error("telegram_update_not_stored", cause=error.cause)
            return Response(status_code=503)
        return _acknowledge(said)

    return router


def incoming_of(said: Said, clock: Clock) -> Incoming:
    """What the pipeline takes. A voice message without caption arrives as an empty text."""
    return Incoming(
        channel=CHANNEL,
        external_id=str(said.update_id),
        chat_id=said.chat_id,
        received_at=clock(),
        text=said.text,
        choice=said.choice,
        photo=said.photo,
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > WEBHOOK_LIMIT:
            raise _TooLarge
    return bytes(body)


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None


def _ignored(reason: Ignored) -> Response:
    _log.debug("telegram_update_ignored", reason=reason.value)
    return Response(status_code=200)


def _acknowledge(said: Said) -> Response:
    """200; for a tap with the call that stops the button's spinner, which saves a request.

    See https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    if said.callback_id is None:
        return Response(status_code=200)
    call = {"method": "answerCallbackQuery", "callback_query_id": said.callback_id}
    thanked = thanks_for(said)
    return JSONResponse(call | {"text": thanked} if thanked else call)


def thanks_for(said: Said) -> str | None:
    """What Telegram shows for a moment over the chat when a vote was tapped; None for anything else."""
    vote = vote_of(said.choice or "")
    return thanks(vote) if vote else None
