"""Which aspects of a procedure a message asks for, and which of its words only ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def find_aspects(query: Query) -> Asked:
    """The aspects asked for. Without any question phrase, words that merely mention an aspect count."""
    table, meaning = _table()
    found = table.find(query)
    asked = [(start, phrase) for start, phrase in found if meaning[phrase].asks]
    chosen = asked or found
    aspects = dict.fromkeys(meaning[phrase].aspect for _, phrase in chosen)
    keep = [not mark for mark in marks(query, found)]
    if not query.keeping(keep).content:
        keep = [not mark for mark in marks(query, asked)]
    return Asked(tuple(aspects), tuple(keep))


@dataclass(frozen=True, slots=True)
class _Meaning:
    aspect: Aspect
    asks: bool


@cache
def _table() -> tuple[PhraseTable, Mapping[Phrase, _Meaning]]:
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    meaning: dict[Phrase, _Meaning] = {}
    for aspect, phrases in loaded.items():
        for kind in ("mention", "ask"):
            for text in phrases[kind]:
                meaning[tuple(tokens(text))] = _Meaning(Aspect(aspect), kind == "ask")
    return PhraseTable(tuple(meaning)), meaning
