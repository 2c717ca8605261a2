"""A stored conversation as the chat page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from api.texts import page_text
from bot.types import Reply
from store.transcripts import Exchange


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its replies."""

    id: int
    said: str
    at: datetime
    replies: tuple[Reply, ...]


def shown(exchange: Exchange) -> Shown:
    """An exchange ready for the template. A reply in a form that is no longer known is left out."""
    said = exchange.text or page_text("chosen")
    replies = [reply for payload in exchange.payloads if (reply := _reply(payload)) is not None]
    return Shown(exchange.inbox_id, said, exchange.received_at, tuple(replies))


def all_shown(exchanges: Sequence[Exchange]) -> list[Shown]:
    """A whole transcript."""
    return [shown(exchange) for exchange in exchanges]


def _reply(payload: object) -> Reply | None:
    try:
        return Reply.model_validate(payload)
    except ValidationError:
        return None
