"""Which procedure is meant: from ranked candidates and the conversation to answer, ask back or say "not known"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.cues import Cues
from index.library import Library
from index.query import Query
from index.search import Ranked, Ranking
from index.text import fold_all, fold_word, tokens
from index.units import TargetKind, target_kind
from knowledge.models import Group, Procedure, Variant

SURE = 0.5
"""From this probability on a candidate is answered about at once."""
LIKELY = 0.25
"""From this on the best candidates are offered as choices."""
_SIBLING = 0.5
"""A runner-up with this share of the leader's probability is a real alternative."""
_CLEAR = 0.66
"""A leader with less than this share of its group's probability leaves the question which sibling is meant."""
_NAMING = 2
"""Fewer telling words than this name no new matter while an old one is talked about."""
_FAIR_SHARE = 0.34
"""With less than this share of its telling words known of the old topic, a message is not about it."""
_SHORT = 5
"""A message of at most so many telling words may only complete what was said before."""
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
    library: Library,
    query: Query,
    cues: Cues,
    topic: str | None,
    *,
    correcting: bool,
    may_ask: bool,
    asks_aspect: bool,
) -> Decision:
    """Decide about a message whose content words are in `query`. `topic` is the procedure talked about, if any."""
    alone = library.rank(query)
    if correcting and topic:
        alone = _excluding(alone, {topic})
        return _by_ranking(library, query, alone, may_ask)
    if topic is None or _strong(alone, len(query.content), topic, cues):
        return _by_ranking(library, query, alone, may_ask)
    decision = _with_topic(library, query, cues, topic, alone, may_ask)
    procedure = library.knowledge.procedure(topic)
    kept = decision.target != topic or asks_aspect or "condition" in cues
    if kept or procedure is None or _touches(library, procedure, query):
        return decision
    return _by_ranking(library, query, alone, may_ask)


def _with_topic(
    library: Library, query: Query, cues: Cues, topic: str, alone: Ranking, may_ask: bool
) -> Decision:
    """A message that names no matter clearly, read as part of the conversation."""
    if len(query.content) <= _SHORT or "condition" in cues:
        return _in_context(library, query, cues, topic, alone, may_ask)
    if alone.none > SURE or (alone.best and alone.best.probability < LIKELY):
        return _about_topic(topic, alone)
    return _by_ranking(library, query, alone, may_ask)


def _strong(ranking: Ranking, size: int, topic: str, cues: Cues) -> bool:
    """Whether the message alone names its matter: then nothing of the old topic is carried over."""
    best = ranking.best
    if best is None or size < _NAMING:
        return False
    needed = 0.85 if "condition" in cues and best.target != topic else SURE
    return best.probability >= needed


def _in_context(library: Library, query: Query, cues: Cues, topic: str, alone: Ranking, may_ask: bool) -> Decision:
    procedure = library.knowledge.procedure(topic)
    if procedure is None:
        return _by_ranking(library, query, alone, may_ask)
    if "condition" in cues:
        return _about_topic(topic, alone)
    together = library.rank(query.joined(tokens(procedure.display_name)))
    best = next((c for c in together.candidates if target_kind(c.target) is TargetKind.PROCEDURE), None)
    likely = best is not None and best.target != topic and best.probability >= LIKELY
    if likely and best is not None and _covers_new_words(library, query, best.target, topic):
        return Decision(Kind.ANSWER, best.target, together.candidates, best.probability)
    if _names_another(library, query, alone, topic):
        return _by_ranking(library, query, alone, may_ask)
    return _about_topic(topic, together)


def _touches(library: Library, procedure: Procedure, query: Query) -> bool:
    """Whether a fair share of the message's telling words occurs in what is known of the procedure.

    A lone word may always complete what was said before.
    """
    if len(query.content) < _NAMING:
        return True
    texts = [procedure.display_name, *procedure.aliases, *procedure.situations, *procedure.steps, *procedure.conditions]
    texts += [f"{paper.name} {paper.note or ''}" for paper in procedure.dossier]
    texts += [f"{case.when} {case.then}" for case in procedure.cases]
    known = {word for text in texts for word in tokens(text)}
    weights = {word: library.searcher.lexical.folded.weight(fold_word(word)) for word in query.content}
    return sum(weight for word, weight in weights.items() if word in known) >= _FAIR_SHARE * sum(weights.values())


def _names_another(library: Library, query: Query, alone: Ranking, topic: str) -> bool:
    """Whether the best candidate's names hold all words of the message, and the topic's texts hold none of them."""
    best = alone.best
    if best is None or best.target == topic or len(query.content) < _NAMING:
        return False
    words = set(query.folded)
    return words <= _words_of(library, best.target) and not words & _words_of(library, topic)


def _covers_new_words(library: Library, query: Query, target: str, topic: str) -> bool:
    """Whether the candidate's texts hold words of the message that the topic's own texts do not."""
    words = set(fold_all(query.content)) | set(query.folded)
    return bool((words - _words_of(library, topic)) & _words_of(library, target))


def _words_of(library: Library, target: str) -> frozenset[str]:
    """The folded words of a target's title, names and situations."""
    return library.searcher.lexical.name_words(target)


def _about_topic(topic: str, ranking: Ranking) -> Decision:
    others = tuple(c for c in ranking.candidates if c.target != topic)
    share = max(0.5, next((c.probability for c in ranking.candidates if c.target == topic), 0.0))
    return Decision(Kind.ANSWER, topic, (Ranked(topic, share), *others), share)


def _by_ranking(library: Library, query: Query, ranking: Ranking, may_ask: bool) -> Decision:
    best = ranking.best
    if best is None or ranking.none >= max(SURE, best.probability):
        return Decision(Kind.UNKNOWN, None, ranking.candidates, best.probability if best else 0.0)
    kind = target_kind(best.target)
    if kind is TargetKind.GROUP:
        return _group(library, query, best, ranking, may_ask)
    if kind is TargetKind.ELSEWHERE:
        return Decision(Kind.ELSEWHERE, best.target, ranking.candidates, best.probability)
    if kind is TargetKind.FAQ:
        return Decision(Kind.FAQ, best.target, ranking.candidates, best.probability)
    group = _undecided_group(library, query, ranking, best.target)
    if group is not None and may_ask:
        return Decision(Kind.GROUP, f"g:{group.id}", ranking.candidates, best.probability)
    rivals = _rivals(ranking)
    if best.probability < LIKELY and sum(rival.probability for rival in rivals) < SURE:
        return Decision(Kind.UNKNOWN, None, ranking.candidates, best.probability)
    if best.probability >= SURE or len(rivals) < 2 or not may_ask:
        return Decision(Kind.ANSWER, best.target, ranking.candidates, best.probability)
    return Decision(Kind.CHOOSE, None, rivals, best.probability)


def _group(library: Library, query: Query, best: Ranked, ranking: Ranking, may_ask: bool) -> Decision:
    group = library.knowledge.groups[best.target[2:]]
    hinted = hinted_variant(group, query)
    if hinted is not None:
        return Decision(Kind.ANSWER, hinted.code, ranking.candidates, best.probability)
    if not may_ask:
        codes = {variant.code for variant in group.variants}
        likely = next((c.target for c in ranking.candidates if c.target in codes), group.variants[0].code)
        return Decision(Kind.ANSWER, likely, ranking.candidates, best.probability)
    return Decision(Kind.GROUP, best.target, ranking.candidates, best.probability)


def _undecided_group(library: Library, query: Query, ranking: Ranking, code: str) -> Group | None:
    """The group of siblings among which the leader is not clear enough, when the message hints at none of them."""
    shares = {candidate.target: candidate.probability for candidate in ranking.candidates}
    for group in library.knowledge.groups.values():
        codes = [variant.code for variant in group.variants]
        if code not in codes:
            continue
        total = shares.get(f"g:{group.id}", 0.0) + sum(shares.get(member, 0.0) for member in codes)
        if total >= SURE and shares[code] < _CLEAR * total and hinted_variant(group, query) is None:
            return group
    return None


def _rivals(ranking: Ranking) -> tuple[Ranked, ...]:
    """The leading procedures that are close to each other."""
    leaders = [c for c in ranking.candidates if target_kind(c.target) is TargetKind.PROCEDURE]
    if not leaders:
        return ()
    floor = leaders[0].probability * _SIBLING
    return tuple(c for c in leaders if c.probability >= floor)[:MAX_CHOICES]


def _excluding(ranking: Ranking, targets: Collection[str]) -> Ranking:
    kept = [c for c in ranking.candidates if c.target not in targets]
    total = sum(c.probability for c in kept) + ranking.none
    if not kept or total <= 0:
        return ranking
    return Ranking(tuple(Ranked(c.target, c.probability / total) for c in kept), ranking.none / total)


def hinted_variant(group: Group, query: Query) -> Variant | None:
    """The one variant whose hints the message names; None when none or several are named.

    A message that is nothing but a name of the whole group hints at no variant, whatever words it shares with one.
    """
    content = " ".join(query.folded)
    if any(content == _folded(ask) for ask in group.asks):
        return None
    text = f" {' '.join(query.folded_all)} "
    found = {
        variant.code: [hint for hint in map(_folded, variant.hints) if f" {hint} " in text]
        for variant in group.variants
    }
    longest = {
        code: hints for code, hints in found.items() if any(not _within_others(hint, code, found) for hint in hints)
    }
    return next((v for v in group.variants if v.code in longest), None) if len(longest) == 1 else None


def _within_others(hint: str, code: str, found: Mapping[str, Sequence[str]]) -> bool:
    """Whether another variant's hint says the same and more: "khóa" within "mở khóa"."""
    return any(
        f" {hint} " in f" {other} " and hint != other for c, hints in found.items() if c != code for other in hints
    )


def _folded(text: str) -> str:
    return " ".join(fold_all(tokens(text)))
