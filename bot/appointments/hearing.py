"""Reads a message as one that may belong to a booking: when, where, what, for whom, and what it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.appointments.offices import Named, OfficeFinder
from bot.appointments.services import Service, service_named
from bot.context import Situation
from bot.cues import Cues, find_cues
from bot.decide import Decision, decide
from bot.matter import matter_of
from bot.types import Message
from bot.when.read import read
from bot.when.types import Wish
from index.aspects import Asked, find_aspects
from index.library import Library
from index.query import Query
from index.text import fold_all, tokens

_OBJECTS = frozenset({"lịch", "hẹn"})
_WISHING = frozenset({"đặt", "xin", "lấy", "book", "cần", "muốn", "thêm", "xếp", "đăng", "hẹn", "giúp", "giùm"})
_OTHER_BEFORE = frozenset({
    "lý", "du", "âm", "dương", "nông", "giấy", "ngày", "đúng", "trễ", "quá", "lỡ", "theo", "hứa",
})  # fmt: skip
_OTHER_AFTER = frozenset({"sử", "tiêm", "trực", "thi", "cắt", "nghỉ", "họp", "trả", "sự"})
_NEAR = 4
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")
"""What redaction left of a name or a phone."""
_SHORT = 8
_ELSE = ("office", "report", "other_topic", "thanks", "goodbye", "who", "back")
"""Cues of messages that are about something else."""
ACTS_FILE = Path(__file__).parent / "data" / "acts.yaml"
_NAMELESS = (
    "booking", "filler", "other", "helper", "view", "move", "cancel", "later", "earlier", "other_day", "wait",
    "greeting",
)  # fmt: skip
"""Cues and acts whose words tell nothing of the matter."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message read in every way that a booking may need."""

    query: Query
    cues: Cues
    acts: Cues
    asked: Asked
    wish: Wish
    named: Named
    given: frozenset[str]
    """What of "name" and "phone" the citizen has confided, now or before."""
    told: frozenset[str]
    """What of it this message told; a phone that is none is told and not given."""

    @property
    def asks(self) -> bool:
        """Whether it is a question about a procedure, and does not just mention papers or fees."""
        return bool(self.asked.aspects) and not self.asked.general and not all(self.asked.keep_mentions)

    @property
    def is_short(self) -> bool:
        """Whether it is an answer to what was asked, understood or not, rather than another matter."""
        return len(self.query.words) <= _SHORT and not self.asked.aspects and not any(c in self.cues for c in _ELSE)

    def does(self, *acts: str) -> bool:
        """Whether it does one of these."""
        said = " ".join(self.query.folded_all)
        return any(act in self.acts or (not self.query.accented and said in _plain(act)) for act in acts)


def speaks_of_appointments(query: Query, cues: Cues) -> bool:
    """Whether a message wishes an appointment or asks for one: by a set phrase, or "đặt cho tôi một cái lịch"."""
    return "booking" in cues or any(_is_wish(query.words, place) for place in range(1, len(query.words)))


def _is_wish(words: Sequence[str], place: int) -> bool:
    """Whether "lịch" or "hẹn" stands here after a word of wishing, and is no part of another word."""
    before, after = words[place - 1], (*words, "")[place + 1]
    if words[place] not in _OBJECTS or before in _OTHER_BEFORE or after in _OTHER_AFTER:
        return False
    return any(word in _WISHING for word in words[max(0, place - _NEAR) : place])


def hear(library: Library, finder: OfficeFinder, message: Message, *, place_expected: bool) -> Heard:
    """Reads a typed message."""
    query = library.analyse(message.text)
    wish = read(message.text, message.at)
    rest = _PLACEHOLDER.sub(" ", wish.rest(message.text))
    return Heard(
        query=query,
        cues=find_cues(query),
        acts=find_cues(query, ACTS_FILE),
        asked=find_aspects(query),
        wish=wish,
        named=finder.find(rest, expected=place_expected),
        given=message.given,
        told=message.told,
    )


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message says is to be done; all None: it names nothing."""

    service: Service | None = None
    decision: Decision | None = None


def matter_in(library: Library, heard: Heard, topic: str | None) -> Matter:
    """The matter among the words that tell neither time nor place."""
    query = library.analyse(heard.named.rest)
    cues, acts = find_cues(query), find_cues(query, ACTS_FILE)
    free = [a and b for a, b in zip(_left(query, cues, _NAMELESS), _left(query, acts, _NAMELESS), strict=True)]
    left = matter_of(query, cues, free, [True] * len(query.words))
    if not any(free) or not left.content:
        return Matter()
    service = service_named(" ".join(left.content))
    if service is not None:
        return Matter(service=service)
    situation = Situation(topic=topic)
    return Matter(decision=decide(library, left, cues, situation, correcting="correction" in heard.cues, may_ask=True))


@cache
def _plain(act: str) -> frozenset[str]:
    """The phrases of an act without diacritics, for messages that are nothing else: "dung roi"."""
    phrases: list[str] = yaml.safe_load(ACTS_FILE.read_text("utf-8"))[act]
    return frozenset(" ".join(fold_all(tokens(phrase))) for phrase in phrases)


def _left(query: Query, cues: Cues, names: Sequence[str]) -> list[bool]:
    return cues.left(len(query.words), names)
