"""Hears words of danger and answers them calmly: whom to call, and that a person will see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.catalog import say
from bot.types import Block, Message, Outcome, Reply, State, Turn
from index.text import fold

_DATA = Path(__file__).parent / "data"
KINDS = ("self_harm", "danger")
"""The flags that are answered so; with both, the first."""
_ANSWERS = frozenset({Outcome.ANSWER, Outcome.ASK_BACK})


class EmergencyNumber(BaseModel):
    """A number to call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    name: str
    helps: tuple[str, ...]
    source: str
    as_of: date

    @property
    def line(self) -> str:
        """As it is shown."""
        return say("safe_line", number=self.number, name=self.name)


@cache
def emergency_numbers() -> tuple[EmergencyNumber, ...]:
    """All of them, in the order in which they are shown."""
    loaded = yaml.safe_load((_DATA / "numbers.yaml").read_text("utf-8"))
    return tuple(EmergencyNumber.model_validate(entry) for entry in loaded)


@cache
def _phrases() -> Mapping[str, re.Pattern[str]]:
    loaded: dict[str, list[str]] = yaml.safe_load((_DATA / "phrases.yaml").read_text("utf-8"))
    return {kind: re.compile(rf"(?<![a-z0-9])(?:{'|'.join(loaded[kind])})(?![a-z0-9])") for kind in KINDS}


def alarm(message: Message) -> str | None:
    """What a message warns of: by its flags, or by its words; None for all others."""
    if message.choice is not None:
        return None
    said = " ".join(re.findall(r"[a-z0-9]+", fold(message.text.lower())))
    return next((kind for kind in KINDS if kind in message.flags or _phrases()[kind].search(said)), None)


@dataclass(frozen=True, slots=True)
class SafetyTurn:
    """The part of one turn."""

    state: State
    message: Message
    knowledge_version: str

    def answered(self, kind: str) -> Turn:
        """The turn that says nothing else; whatever was under way stays as it is, and is not spoken of now."""
        changed = {"offered": (), "last_outcome": Outcome.REPORT, "last_at": self.message.at}
        state = self.state.model_copy(update=changed)
        reply, version = Reply(blocks=blocks(kind)), self.knowledge_version
        return Turn(state=state, reply=reply, outcome=Outcome.REPORT, knowledge_version=version)

    def before(self, turn: Turn | None, kind: str) -> Turn:
        """The answer to a question that also warns, after the numbers; where there is no answer, the numbers alone."""
        if turn is None or turn.outcome not in _ANSWERS or turn.request is not None:
            return self.answered(kind)
        reply = turn.reply.model_copy(update={"blocks": (*blocks(kind), *turn.reply.blocks)})
        return turn.model_copy(update={"reply": reply})


def blocks(kind: str) -> tuple[Block, ...]:
    """Whom to call."""
    lines = tuple(number.line for number in emergency_numbers() if kind in number.helps)
    listed = Block(kind="list", text=say(f"safe_{kind}"), items=lines)
    return listed, Block(kind="text", text=say("safe_person"))
