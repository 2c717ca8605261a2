"""Reads a message as one that may belong to a booking: when, where, what, for whom, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    new: bool
    """Whether this message confided any of it."""

    def does(self, *acts: str) -> bool:
        """Whether it does one of these."""
        return any(act in self.acts for act in acts)


def hear(library: Library, finder: OfficeFinder, message: Message, *, place_expected: bool) -> Heard:
    """Reads a typed message."""
    query = library.analyse(message.text)
    wish = read(message.text, message.at)
    rest = wish.rest(message.text)
    return Heard(
        query=query,
        cues=find_cues(query),
        acts=find_cues(query, ACTS_FILE),
        asked=find_aspects(query),
        wish=wish,
        named=finder.find(rest, expected=place_expected),
        given=message.given,
        new=message.confided,
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


def _left(query: Query, cues: Cues, names: Sequence[str]) -> list[bool]:
    return cues.left(len(query.words), names)
