"""Which procedure is meant: from ranked candidates and the conversation to answer, ask back or say "not known"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.context import Reading, Situation, read
from bot.cues import Cues
from index.library import Library
from index.query import Query
from index.search import Ranked, Ranking
from index.units import OUTSIDE, TargetKind, target_kind
from index.verdict import procedures

CLEAR = 0.5
"""From this probability in the conversation on, another matter is answered about without asking back."""
NAMED = 0.8
"""From this probability, share of a name and share of the message on, a message names its matter."""
LIKELY = 0.25
"""From this probability on a thing handled elsewhere is pointed to."""
ASK_FROM = 0.5
"""From this probability of the verdict "ask" on, a question is asked back."""
OUTSIDE_FROM = 0.4
"""From this probability of the verdict "outside" on, a message is said to be none of ours."""
_STRANGE = 0.95
"""What is as surely none of ours by itself is no follow-up unless the conversation speaks clearly for it."""
_EXACT = 0.99
"""What has the whole message for its name is meant: its rarer siblings would have been named."""
_FAMILY = 0.5
"""A family with this share of all procedures' probability is asked about by its own question."""
_RIVAL = 0.2
"""A runner-up with this share of the leader's probability is offered as a choice."""
MAX_CHOICES = 4


class Kind(StrEnum):
    """What a decision says to do."""

    ANSWER = "answer"
    CHOOSE = "choose"
    GROUP = "group"
    ELSEWHERE = "elsewhere"
    FAQ = "faq"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, with which target, and the candidates that led there."""

    kind: Kind
    target: str | None
    candidates: tuple[Ranked, ...]
    score: float


def decide(
    library: Library, query: Query, cues: Cues, situation: Situation, *, correcting: bool, may_ask: bool
) -> Decision:
    """Decide about a message whose content words are in `query`, in its conversation."""
    if situation.topic is None and not situation.offered:
        return _by_ranking(library, query, library.rank(query), may_ask)
    reading = read(library, query, cues, situation)
    if _names(reading.alone) and "condition" not in cues and not correcting:
        return _by_ranking(library, query, reading.alone, may_ask)
    targets = [target for target in reading.shares if not (correcting and target == situation.topic)]
    first, alone = targets[0], reading.alone
    if first == OUTSIDE or (reading.shares.get(OUTSIDE, 0.0) >= OUTSIDE_FROM and alone.none >= _STRANGE):
        return _outside(alone)
    if first in (situation.topic, *situation.offered):
        return _about(first, reading)
    clear = reading.shares[first] >= CLEAR or alone.best is None or first != alone.best.target
    if clear and target_kind(first) is TargetKind.PROCEDURE:
        return _about(first, reading)
    return _by_ranking(library, query, _excluding(alone, {situation.topic}) if correcting else alone, may_ask)


def _names(alone: Ranking) -> bool:
    """Whether the message names a matter in full and says nothing else: then nothing of the old one is carried over."""
    best = alone.best
    return best is not None and min(best.probability, best.named, best.covered) >= NAMED


def _about(target: str, reading: Reading) -> Decision:
    share = reading.shares[target]
    others = tuple(c for c in reading.alone.candidates if c.target != target)
    return Decision(Kind.ANSWER, target, (Ranked(target, share), *others), share)


def _by_ranking(library: Library, query: Query, ranking: Ranking, may_ask: bool) -> Decision:
    """What the trained verdict says: answer about the leader, ask which sibling, or say that it is none of ours."""
    best = ranking.best
    named = library.searcher.features.group_named(query)
    if named is not None and may_ask:
        return Decision(Kind.GROUP, named, ranking.candidates, best.probability if best else 1.0)
    if best is not None and _is_named(best) and target_kind(best.target) is TargetKind.PROCEDURE:
        return Decision(Kind.ANSWER, best.target, ranking.candidates, best.probability)
    elsewhere = next((c for c in ranking.candidates if target_kind(c.target) is TargetKind.ELSEWHERE), None)
    if elsewhere is not None and _is_named(elsewhere):
        return Decision(Kind.ELSEWHERE, elsewhere.target, ranking.candidates, elsewhere.probability)
    verdict = library.judge(query, ranking)
    if best is None or verdict.outside >= max(OUTSIDE_FROM, verdict.answer):
        return _outside(ranking)
    if target_kind(best.target) is TargetKind.FAQ:
        return Decision(Kind.FAQ, best.target, ranking.candidates, best.probability)
    if may_ask and verdict.ask >= max(ASK_FROM, verdict.outside):
        asked = _question(library, ranking)
        if asked is not None:
            return asked
    if target_kind(best.target) is TargetKind.ELSEWHERE:
        return _outside(ranking)
    leader = _meant(library, query, ranking)
    if leader is None:
        return _outside(ranking)
    return Decision(Kind.ANSWER, leader.target, ranking.candidates, leader.probability)


def _is_named(item: Ranked) -> bool:
    """Whether the message is just this name."""
    return min(item.named, item.covered) >= _EXACT


def _outside(ranking: Ranking) -> Decision:
    """None of ours: handled elsewhere, if we know where, or not known."""
    known = next((c for c in ranking.candidates if target_kind(c.target) is TargetKind.ELSEWHERE), None)
    if known is not None and known.probability >= LIKELY:
        return Decision(Kind.ELSEWHERE, known.target, ranking.candidates, known.probability)
    best = ranking.best
    return Decision(Kind.UNKNOWN, None, ranking.candidates, best.probability if best else 0.0)


def _question(library: Library, ranking: Ranking) -> Decision | None:
    """The question to ask back: the one of the leading family of siblings, or which of the leading procedures."""
    leaders = procedures(ranking)
    name, own, variants = library.families.best(ranking)
    if name is not None and own + variants >= _FAMILY * (own + sum(c.probability for c in leaders)):
        return Decision(Kind.GROUP, f"g:{name}", ranking.candidates, own + variants)
    rivals = tuple(c for c in leaders if c.probability >= leaders[0].probability * _RIVAL)[:MAX_CHOICES]
    return Decision(Kind.CHOOSE, None, rivals, rivals[0].probability) if len(rivals) > 1 else None


def _meant(library: Library, query: Query, ranking: Ranking) -> Ranked | None:
    """The procedure to answer about: the leader; of a leading group the variant hinted at, or its likeliest."""
    leaders = procedures(ranking)
    best = ranking.best
    if best is None or target_kind(best.target) is not TargetKind.GROUP:
        return leaders[0] if leaders else None
    name = best.target[2:]
    codes = library.families.codes[name]
    hinted = library.searcher.features.hinted(name, query)
    wanted = hinted if len(hinted) == 1 else frozenset(codes)
    found = next((c for c in leaders if c.target in wanted), None)
    return found or Ranked(next(code for code in codes if code in wanted), best.probability)


def _excluding(ranking: Ranking, targets: Collection[str | None]) -> Ranking:
    kept = [c for c in ranking.candidates if c.target not in targets]
    total = sum(c.probability for c in kept) + ranking.none
    if not kept or total <= 0:
        return ranking
    return Ranking(tuple(replace(c, probability=c.probability / total) for c in kept), ranking.none / total)
