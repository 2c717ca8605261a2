"""What a channel hands to the pipeline, checked and made safe to store."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from feed.door import admit

_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_CHOICE = re.compile(r"[\x21-\x7e]{1,60}")
_QUICK = 500
"""Characters up to which cleaning and redacting is cheaper than a thread."""


class MalformedUpdate(ValueError):
    """A channel, message id, chat id or time that cannot be what it claims to be."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a channel received it. `text` and `choice` may be anything; the rest is checked."""

    channel: str
    external_id: str
    """The platform's id of the message, the same when it sends it again."""
    chat_id: str
    received_at: datetime
    text: str = ""
    choice: str | None = None
    photo: str | None = None
    """The platform's name of a photo that came with it."""

    def __post_init__(self) -> None:
        """Raises `MalformedUpdate`."""
        if not _CHANNEL.fullmatch(self.channel):
            raise MalformedUpdate("channel")
        if not _ID.fullmatch(self.external_id):
            raise MalformedUpdate("external_id")
        if not _ID.fullmatch(self.chat_id):
            raise MalformedUpdate("chat_id")
        if self.photo is not None and not _ID.fullmatch(self.photo):
            raise MalformedUpdate("photo")
        if self.received_at.tzinfo is None:
            raise MalformedUpdate("received_at")


async def admitted(incoming: Incoming) -> tuple[str, str | None]:
    """The redacted text and the choice; a choice that none of our buttons could have becomes text."""
    choice, text = incoming.choice, incoming.text
    if choice is not None and not _CHOICE.fullmatch(choice):
        text, choice = text or choice, None
    if len(text) <= _QUICK:
        return admit(text).text, choice
    return (await asyncio.to_thread(admit, text)).text, choice


def key_of(incoming: Incoming, *, scoped: bool) -> str:
    """The id under which duplicates are recognised.

    `scoped` where the client chooses the ids: then they count within the chat only, so that nobody gets
    another person's answer by guessing an id.
    """
    if not scoped:
        return incoming.external_id
    return hashlib.sha256(f"{incoming.chat_id}\n{incoming.external_id}".encode()).hexdigest()
