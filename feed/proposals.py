"""From evidence to what an officer may decide: names to add, how often things are asked, answers to look at.

Pure and deterministic. Thresholds are cautious, since a wrong name leads everybody astray who uses it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feed.evidence import Evidence, Key, Meant

CLEAR = 0.8
"""Share of the conversations that must mean the same: a name ends the asking back for all others too."""
LEAST_WORDS = 2
"""A single word names nothing."""
DISPLEASING = 0.5
"""Share of votes against an answer from which on it is to be looked at."""
HIGHEST = 5
STEP = 3.0
"""A level of popularity is asked about so many times as often as the next lower one."""


class Kind(StrEnum):
    """What is proposed."""

    ALIAS = "alias"
    """A name for a procedure."""
    ASK = "ask"
    """A vague name, asked back about by a group's question."""
    POPULARITY = "popularity"
    """How often a procedure is asked about."""
    REVIEW = "review"
    """An answer that displeases: its card is to be looked at by a person."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to decide about. `code` is a procedure's, for a vague name a group's id."""

    kind: Kind
    code: str
    text: str
    """The name proposed, in the words that most people typed; else empty."""
    evidence: Mapping[str, int]
    """Counts of conversations or votes, the telling one first."""
    value: int | None = None
    """The popularity proposed."""
    aspects: tuple[str, ...] = ()
    """What the answer to be looked at was about."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the knowledge holds already."""

    names: frozenset[Key]
    """Every name that leads somewhere, as wordings are keyed."""
    popularity: Mapping[str, int]
    """By code, for every procedure that is served."""
    groups: Mapping[str, frozenset[str]]
    """The codes of each group's variants."""


def propose(evidence: Evidence, known: Known, least: int) -> list[Proposal]:
    """Everything that at least `least` conversations (for answers: votes against) agree on, best supported first."""
    found = [*_names(evidence, known, least), *_popularity(evidence, known, least), *_reviews(evidence, known, least)]
    kinds = list(Kind)
    return sorted(found, key=lambda p: (kinds.index(p.kind), -next(iter(p.evidence.values())), p.code, p.text))


def _names(evidence: Evidence, known: Known, least: int) -> Iterator[Proposal]:
    for key, by_conversation in evidence.meant.items():
        served = [meant for meant in by_conversation.values() if meant.code in known.popularity]
        if len(key) < LEAST_WORDS or key in known.names or not served:
            continue
        counts = Counter(meant.code for meant in served)
        code, most = counts.most_common(1)[0]
        if most >= least and most >= CLEAR * len(served):
            yield _alias(code, [meant for meant in served if meant.code == code], len(served) - most)
        elif (group := _group(counts, known)) is not None:
            together = [meant for meant in served if meant.code in known.groups[group]]
            if len(together) >= least and len(together) >= CLEAR * len(served):
                yield _ask(group, together, len(served) - len(together))


def _alias(code: str, agreeing: Sequence[Meant], others: int) -> Proposal:
    picked = sum(meant.picked for meant in agreeing)
    counts = {"conversations": len(agreeing), "picked": picked, "rephrased": len(agreeing) - picked, "others": others}
    return Proposal(Kind.ALIAS, code, _usual(agreeing), counts)


def _ask(group: str, agreeing: Sequence[Meant], others: int) -> Proposal:
    meanings = len({meant.code for meant in agreeing})
    counts = {"conversations": len(agreeing), "procedures": meanings, "others": others}
    return Proposal(Kind.ASK, group, _usual(agreeing), counts)


def _group(counts: Counter[str], known: Known) -> str | None:
    """The group whose variants were meant most often, where several of them were."""
    shares = {
        group: sum(counts[code] for code in codes)
        for group, codes in known.groups.items()
        if sum(code in codes for code in counts) > 1
    }
    return max(sorted(shares), key=lambda group: shares[group], default=None)


def _usual(meanings: Sequence[Meant]) -> str:
    """The way it was typed most often, with diacritics that were typed where there are any."""
    typed = Counter(meant.name for meant in meanings if meant.accented)
    texts = typed or Counter(meant.name for meant in meanings)
    return min(texts, key=lambda text: (-texts[text], text))


def _popularity(evidence: Evidence, known: Known, least: int) -> Iterator[Proposal]:
    """Only where it is two levels off, and one step from what is known: what is asked about varies with the season."""
    most = max(evidence.asked.values(), default=0)
    for code, count in evidence.asked.items():
        now = known.popularity.get(code)
        if now is None or count < least:
            continue
        level = max(1, HIGHEST - int(math.log(most / count, STEP)))
        if abs(level - now) >= 2:
            value = now + (1 if level > now else -1) if now else level
            yield Proposal(Kind.POPULARITY, code, "", {"conversations": count, "most": most, "now": now}, value)


def _reviews(evidence: Evidence, known: Known, least: int) -> Iterator[Proposal]:
    for (code, aspects), counts in evidence.votes.items():
        down, up = counts[False], counts[True]
        if code in known.popularity and down >= least and down >= DISPLEASING * (down + up):
            yield Proposal(Kind.REVIEW, code, "", {"down": down, "up": up}, aspects=aspects)
