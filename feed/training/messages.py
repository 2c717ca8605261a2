"""The labelled messages: how they are read, and the two ways a message is typed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from feed.labels.types import Flag, Kind, Sentiment
from feed.redaction.view import fold

MESSAGES = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its labels."""

    text: str
    kind: Kind
    sentiment: Sentiment
    flags: frozenset[Flag]
    writer: str

    @property
    def accented(self) -> bool:
        """Whether it has any diacritic."""
        return fold(self.text) != self.text.lower()


def load_messages(path: Path) -> list[Message]:
    """The messages of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_message(json.loads(line)) for line in lines]


def _message(row: dict[str, object]) -> Message:
    flags = row["flags"]
    assert isinstance(flags, list)
    return Message(
        text=str(row["text"]),
        kind=Kind(str(row["kind"])),
        sentiment=Sentiment(str(row["sentiment"])),
        flags=frozenset(map(Flag, flags)),
        writer=str(row["writer"]),
    )


def unaccented(message: Message) -> Message:
    """The message without diacritics, as a third of all people type."""
    return replace(message, text=fold(message.text))
