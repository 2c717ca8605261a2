"""A stored conversation as the chat page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from api.texts import page_text
from bot.types import Reply
from store.transcripts import Exchange, Unasked


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its replies."""

    id: int
    said: str
    """Empty for a message that nobody asked for."""
    at: datetime
    replies: tuple[Reply, ...]
    useful: bool | None
    """What the citizen said of the answer, if anything."""


def shown(exchange: Exchange, useful: bool | None = None) -> Shown:
    """An exchange ready for the template. A reply in a form that is no longer known is left out."""
    said = exchange.text or page_text("chosen")
    replies = [reply for payload in exchange.payloads if (reply := _reply(payload)) is not None]
    return Shown(exchange.inbox_id, said, exchange.received_at, tuple(replies), useful)


def all_shown(exchanges: Sequence[Exchange], votes: Mapping[int, bool]) -> list[Shown]:
    """A whole transcript with the votes on its answers, by message."""
    return [shown(exchange, votes.get(exchange.inbox_id)) for exchange in exchanges]


def with_unasked(exchanges: Sequence[Shown], unasked: Sequence[Unasked]) -> list[Shown]:
    """The transcript with reminders and the like among it, by time; those before its first exchange are left out."""
    notes = [
        Shown(-note.id, "", note.at, (reply,), None)
        for note in unasked
        if (reply := _reply(note.payload)) is not None and (not exchanges or note.at >= exchanges[0].at)
    ]
    return sorted([*exchanges, *notes], key=lambda item: item.at)


def _reply(payload: object) -> Reply | None:
    try:
        return Reply.model_validate(payload)
    except ValidationError:
        return None
