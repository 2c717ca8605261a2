"""Which aspects of a procedure a message asks for, and which of its words only ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path

import yaml

from index.query import Phrase, PhraseTable, Query, marks
from index.text import tokens

_FILE = Path(__file__).parent / "data" / "aspects.yaml"


class Aspect(StrEnum):
    """What about a procedure is asked."""

    DOCUMENTS = "documents"
    TIME = "time"
    FEE = "fee"
    PLACE = "place"
    CONDITIONS = "conditions"
    STEPS = "steps"
    LEGAL_BASIS = "legal_basis"
    RESULT = "result"
    FORM = "form"
    ONLINE = "online"


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
    table, meaning, _ = _tables()
    found = table.find(query)
    strengths = {meaning[phrase].strength for _, phrase in found}
    strongest = next((strength for strength in _Strength if strength in strengths), None)
    chosen = [meaning[phrase].aspect for _, phrase in found if meaning[phrase].strength is strongest]
    if strongest in (None, _Strength.WEAK):
        chosen = _gapped(query) or chosen
    asked = [(start, phrase) for start, phrase in found if meaning[phrase].strength is not _Strength.MENTION]
    return Asked(
        aspects=tuple(dict.fromkeys(chosen)),
        keep=tuple(not mark for mark in marks(query, found)),
        keep_mentions=tuple(not mark for mark in marks(query, asked)),
        general=strongest is _Strength.HOW,
    )


def _gapped(query: Query) -> list[Aspect]:
    """The aspect that a question frame with the matter in its midst asks for; the first one of their order."""
    text = " ".join(query.words)
    _, _, gaps = _tables()
    return next(([aspect] for aspect, pattern in gaps if pattern.search(text)), [])


def matter(query: Query) -> Query:
    """The query with only the words that may name a procedure: what merely asks for an aspect is taken off."""
    asked = find_aspects(query)
    for keep in (asked.keep, asked.keep_mentions):
        kept = query.keeping(keep)
        if kept.content:
            return kept
    return query


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


_DIALECT = {"gì": "chi", "đâu": "mô", "sao": "răng", "làm": "mần"}


@cache
def _tables() -> tuple[PhraseTable, Mapping[Phrase, _Meaning], Sequence[tuple[Aspect, re.Pattern[str]]]]:
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    meaning: dict[Phrase, _Meaning] = {}
    for aspect, phrases in loaded.items():
        for strength in _Strength:
            for text in phrases.get(strength.value, ()):
                for words in _spoken(tokens(text)):
                    meaning.setdefault(words, _Meaning(Aspect(aspect), strength))
    gaps = [(Aspect(aspect), _either(phrases["gaps"])) for aspect, phrases in loaded.items() if "gaps" in phrases]
    return PhraseTable(tuple(meaning)), meaning, gaps


def _spoken(words: Sequence[str]) -> Iterator[Phrase]:
    """A phrase as written and as the Centre says it: "làm ở đâu", "mần ở mô"."""
    yield tuple(words)
    for wanted in ({"gì", "đâu", "sao"}, set(_DIALECT)):
        yield tuple(_DIALECT[word] if word in wanted and word in _DIALECT else word for word in words)


def _either(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns))
