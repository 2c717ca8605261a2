"""What counts as right: one judgement per turn, summed up by kind of question."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Protocol

from index.evaluation.sets import Case, Question
from index.text import clean, is_accented, tokens


@dataclass(frozen=True, slots=True)
class Observed:
    """What a system said to one question."""

    outcome: str
    codes: tuple[str, ...]
    """Procedures, best first."""
    aspects: frozenset[str]
    text: str
    """Everything a citizen reads, sources included."""
    links: tuple[str, ...]
    latency_ms: float
    pointer: bool = False
    """The answer points to another level or body than the commune."""


class Conversation(Protocol):
    """A system in one conversation."""

    def ask(self, text: str, before: str = "") -> Observed:
        """The next turn. `before`: what the assistant said before it, where the conversation is a recorded one."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judged turn; None means that the set does not say."""

    case: str
    question: str
    kinds: tuple[str, ...]
    observed: Observed
    first: bool | None
    answered: bool | None
    """The right procedure was first and answered about at once, without asking back."""
    in_three: bool | None
    behaviour: bool | None
    asked_back: bool | None
    over_asked: bool | None
    refused: bool | None
    """Out of scope: said to be so, answered as small talk, or pointed to the level or body that handles it."""
    aspects: bool | None
    aspects_covered: bool | None
    """All aspects asked for are answered, others perhaps too."""
    mentions: tuple[int, int] = (0, 0)
    """(strings found, strings asked for)."""
    cited: bool | None = None
    linked: bool | None = None


MEASURES = (
    "first",
    "answered", "in_three", "behaviour", "asked_back", "over_asked", "refused", "aspects", "aspects_covered", "cited",
    "linked",
)


@dataclass(slots=True)
class Figures:
    """Shares over the judged turns of one kind."""

    turns: int = 0
    shares: dict[str, tuple[int, int]] = field(default_factory=dict)
    """(right, judged) of each measure."""
    mentions: tuple[int, int] = (0, 0)
    outcomes: Counter[str] = field(default_factory=Counter)
    """How the turns ended."""


def run(cases: Iterable[Case], start: Callable[[], Conversation], progress: Callable[[], None]) -> list[Judgement]:
    """Ask every case turn by turn in a conversation of its own and judge the turns that are to be judged."""
    judgements = []
    for case in cases:
        conversation = start()
        for place, question in enumerate(case.questions):
            observed = conversation.ask(question.text, question.before)
            if question.judged:
                judgements.append(judge(case.id, question, place, observed))
        progress()
    return judgements


def judge(case: str, question: Question, place: int, seen: Observed) -> Judgement:
    """Hold an answer against what is expected."""
    answering = question.behaviour in ("answer", None) and bool(question.codes)
    placed = answering and question.in_data
    first = bool(seen.codes[:1]) and seen.codes[0] in question.codes and seen.outcome != "out_of_scope"
    ask = question.behaviour == "ask_back"
    out = question.behaviour == "out_of_scope"
    refused = seen.outcome in ("out_of_scope", "small_talk") or (seen.outcome == "answer" and seen.pointer)
    right_behaviour = refused if out else seen.outcome == question.behaviour
    aspects = question.aspects if answering and question.behaviour else None
    return Judgement(
        case=case,
        question=question.text,
        kinds=_kinds(question, place),
        observed=seen,
        first=first if placed else None,
        answered=first and seen.outcome == "answer" if placed else None,
        in_three=bool(question.codes & set(seen.codes[:3])) if placed else None,
        behaviour=right_behaviour if question.behaviour else None,
        asked_back=seen.outcome == "ask_back" if ask else None,
        over_asked=seen.outcome == "ask_back" if question.behaviour == "answer" else None,
        refused=refused if out else None,
        aspects=seen.aspects == aspects if aspects is not None else None,
        aspects_covered=aspects <= seen.aspects if aspects is not None else None,
        mentions=_mentions(question.must_mention, seen.text),
        cited=any(_plain(law) in _plain(seen.text) for law in question.must_cite) if question.must_cite else None,
        linked=bool(seen.links) if question.must_link else None,
    )


def _kinds(question: Question, place: int) -> tuple[str, ...]:
    words = tokens(question.text)
    accented = sum(map(is_accented, words)) >= 0.15 * max(len(words), 1)
    kinds = ["all", "accented" if accented else "unaccented"]
    if place > 0:
        kinds.append("follow-up")
    return tuple(kinds)


def _mentions(groups: Sequence[Sequence[str]], text: str) -> tuple[int, int]:
    found = sum(any(_plain(option) in _plain(text) for option in options) for options in groups)
    return found, len(groups)


def _plain(text: str) -> str:
    return re.sub(r"\s*([%/–-])\s*", r"\1", clean(text)).replace("–", "-")


def figures(judgements: Sequence[Judgement]) -> dict[str, Figures]:
    """Sums by kind of question."""
    table: dict[str, Figures] = {}
    for judgement in judgements:
        for kind in judgement.kinds:
            _add(table.setdefault(kind, Figures()), judgement)
    return table


def _add(sums: Figures, judgement: Judgement) -> None:
    sums.turns += 1
    sums.outcomes[judgement.observed.outcome] += 1
    for name in MEASURES:
        value = getattr(judgement, name)
        if value is not None:
            right, judged = sums.shares.get(name, (0, 0))
            sums.shares[name] = (right + int(value), judged + 1)
    found, asked = judgement.mentions
    sums.mentions = (sums.mentions[0] + found, sums.mentions[1] + asked)


def latencies(judgements: Sequence[Judgement]) -> tuple[float, float]:
    """(median, 95th percentile) in milliseconds."""
    times = sorted(judgement.observed.latency_ms for judgement in judgements)
    if not times:
        return 0.0, 0.0
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]


def as_json(judgements: Sequence[Judgement]) -> list[dict[str, object]]:
    """Every judged turn as plain values."""
    rows = []
    for judgement in judgements:
        row = asdict(judgement)
        row["observed"]["aspects"] = sorted(judgement.observed.aspects)
        rows.append(row)
    return rows
