"""A message read in its conversation: about the same matter, about another one, or in answer to what was asked back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.cues import Cues
from index.aspects import matter
from index.library import Library
from index.query import Query
from index.ranker import Ranker, RankerUnusable
from index.search import Ranking
from index.text import tokens
from index.units import OUTSIDE

WEIGHTS_FILE = Path(__file__).parent / "data" / "context.json"
"""Written by `python -m bot.training.context`."""

CONTEXT_FEATURES = (
    "alone", "alone_log", "together", "together_log", "pending", "pending_log", "covered",
    "alone_long", "alone_condition",
    "outside", "outside_topic_covered",
    "sibling", "sibling_anaphora", "earlier", "earlier_back",
    "offered", "offered_short",
    "topic", "topic_short", "topic_long", "topic_covered", "topic_condition", "topic_anaphora", "topic_aspect",
    "topic_correction", "topic_other", "topic_back",
)  # fmt: skip
"""Names of the features, in the order of a row."""
_SHORT = 2
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Situation:
    """What was said before, as far as it helps to read the next message."""

    topic: str | None
    """The procedure talked about."""
    earlier: tuple[str, ...] = ()
    """Procedures talked about before it."""
    offered: tuple[str, ...] = ()
    """Procedures among which the citizen was asked to choose, if that was the last reply."""
    pending: str = ""
    """The question that was asked back about."""
    asks_aspect: bool = False
    """The message asks for an aspect of something."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message may be about in its conversation, and the ranking of the message alone."""

    alone: Ranking
    shares: Mapping[str, float]
    """Probability of each target, best first."""


def read(library: Library, query: Query, cues: Cues, situation: Situation) -> Reading:
    """Weigh what the message says alone against the conversation."""
    alone = library.rank(query)
    targets, rows = context_rows(library, query, cues, situation, alone)
    shares = load_context().probabilities(rows)
    order = np.argsort(-shares)
    return Reading(alone, {targets[i]: float(shares[i]) for i in order})


def context_rows(
    library: Library, query: Query, cues: Cues, situation: Situation, alone: Ranking
) -> tuple[list[str], NDArray[np.float64]]:
    """Candidates and their feature rows."""
    together = _together(library, query, situation.topic)
    pending = _pending(library, query, situation.pending)
    own, both, asked = (_shares(ranking) for ranking in (alone, together, pending))
    named = (*(situation.topic,) * (situation.topic is not None), *situation.earlier, *situation.offered, OUTSIDE)
    targets = list(dict.fromkeys([*own, *both, *asked, *(name for name in named if name)]))
    covered = library.searcher.coverage(query, targets)
    known = dict(zip(targets, covered, strict=True))
    flags = _Flags(query, cues, situation, known.get(situation.topic or "", 0.0), _siblings(library, situation.topic))
    rows = [
        [*_texts(own.get(t, 0.0), both.get(t, 0.0), asked.get(t, 0.0), known[t], flags), *flags.of(t)] for t in targets
    ]
    return targets, np.array(rows, dtype=np.float64)


def _texts(own: float, both: float, asked: float, covered: float, flags: _Flags) -> list[float]:
    shares = [value for share in (own, both, asked) for value in (share, math.log(share + _LEAST))]
    return [*shares, covered, own * flags.length, own * flags.condition]


class _Flags:
    """Features that say what a target is to the conversation."""

    def __init__(
        self, query: Query, cues: Cues, situation: Situation, covered: float, siblings: frozenset[str]
    ) -> None:
        self.length = math.log1p(len(query.content))
        self.condition = float("condition" in cues)
        self._short = float(len(query.content) <= _SHORT)
        self._cue = {name: float(name in cues) for name in ("anaphora", "correction", "other_topic", "back")}
        self._situation, self._covered, self._siblings = situation, covered, siblings

    def of(self, target: str) -> list[float]:
        """From "outside" on."""
        situation, cue = self._situation, self._cue
        topic, outside = float(target == situation.topic), float(target == OUTSIDE)
        sibling, earlier = float(target in self._siblings), float(target in situation.earlier)
        offered = float(target in situation.offered)
        return [
            outside, outside * self._covered,
            sibling, sibling * cue["anaphora"], earlier, earlier * cue["back"],
            offered, offered * self._short,
            topic, topic * self._short, topic * self.length, topic * self._covered, topic * self.condition,
            topic * cue["anaphora"], topic * situation.asks_aspect, topic * cue["correction"],
            topic * cue["other_topic"], topic * cue["back"],
        ]  # fmt: skip


def _siblings(library: Library, topic: str | None) -> frozenset[str]:
    groups = [codes for codes in library.families.codes.values() if topic in codes]
    return frozenset(code for codes in groups for code in codes if code != topic)


def _together(library: Library, query: Query, topic: str | None) -> Ranking:
    """The message read with the name of what was talked about."""
    procedure = library.knowledge.procedure(topic) if topic else None
    if procedure is None:
        return Ranking((), 0.0)
    return library.rank(query.joined(tokens(procedure.display_name)), by_words=True)


def _pending(library: Library, query: Query, pending: str) -> Ranking:
    """The message read as the rest of the question that was asked back about."""
    if not pending:
        return Ranking((), 0.0)
    return library.rank(matter(library.analyse(pending)).joined(query.content), by_words=True)


def _shares(ranking: Ranking) -> dict[str, float]:
    shares = {item.target: item.probability for item in ranking.candidates}
    return shares | {OUTSIDE: ranking.none} if ranking.candidates else shares


@cache
def load_context(path: Path = WEIGHTS_FILE) -> Ranker:
    """The trained weights.

    Raises `RankerUnusable` when the file's features are not this version's.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    _check(data["features"])
    return Ranker(*(np.array(data[part]) for part in ("mean", "scale", "weights")))


def _check(features: Sequence[str]) -> None:
    if tuple(features) != CONTEXT_FEATURES:
        raise RankerUnusable("the context model was trained on other features: train it again")
