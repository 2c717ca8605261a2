"""Which aspects of a procedure a message asks for, and which of its words only ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import yaml

from bot.types import Aspect
from index.query import Phrase, PhraseTable, Query, marks
from index.text import tokens

_FILE = Path(__file__).parent / "data" / "aspects.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """The aspects a message asks for, in their order, and which of its words are left to name the matter."""

    aspects: tuple[Aspect, ...]
    keep: tuple[bool, ...]
    """Words that belong to no phrase about aspects."""
    keep_mentions: tuple[bool, ...]
    """The same with words that merely mention an aspect: they may be part of a procedure's name."""
    general: bool
    """Only "làm sao", "thế nào": the papers are what people need first, but a summary answers better."""


def find_aspects(query: Query) -> Asked:
    """The aspects asked for: of all phrases found, those of the strongest kind."""
    table, meaning = _table()
    found = table.find(query)
    strengths = {meaning[phrase].strength for _, phrase in found}
    strongest = next((strength for strength in _Strength if strength in strengths), None)
    chosen = [meaning[phrase].aspect for _, phrase in found if meaning[phrase].strength is strongest]
    asked = [(start, phrase) for start, phrase in found if meaning[phrase].strength is not _Strength.MENTION]
    return Asked(
        aspects=tuple(dict.fromkeys(chosen)),
        keep=tuple(not mark for mark in marks(query, found)),
        keep_mentions=tuple(not mark for mark in marks(query, asked)),
        general=strongest is _Strength.HOW,
    )


class _Strength(Enum):
    """How much a phrase says that an aspect is asked for, the strongest first."""

    ASK = "ask"
    MENTION = "mention"
    HOW = "how"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class _Meaning:
    aspect: Aspect
    strength: _Strength


@cache
def _table() -> tuple[PhraseTable, Mapping[Phrase, _Meaning]]:
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    meaning: dict[Phrase, _Meaning] = {}
    for aspect, phrases in loaded.items():
        for strength in _Strength:
            for text in phrases.get(strength.value, ()):
                meaning[tuple(tokens(text))] = _Meaning(Aspect(aspect), strength)
    return PhraseTable(tuple(meaning)), meaning
