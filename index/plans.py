"""Search among the statements of the plan documents: by words, document, years, unit and the kind of question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.plan_names import PlanNames
from index.plan_periods import Period, fit, period_of, periods_in
from index.plan_units import PlanUnits, unit_key
from index.plan_words import text_words
from index.text import bigrams, fold_all
from knowledge.models import Plan, Statement, StatementKind

HOME = "tỉnh Quảng Trị"
"""The province that is served. Documents of other provinces answer when they are named or nothing else does."""

_PAIRS, _PRECISION = 0.3, 0.15
"""Weights of neighbouring words, and of how much of the statement's own matter is asked for, besides coverage."""
_ABROAD, _BEFORE, _LEVEL = -0.2, 0.1, 0.1
_LEVELS = frozenset({"tinh", "xa"})
_UNSEEN = 0.8
"""Of the highest weight, for words that stand in no plan: they may be filler as well as the matter."""
_CONSIDERED = 60
"""So many statements with the best words are looked at closely."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question on plans looks for besides its words."""

    plans: frozenset[str] = frozenset()
    """Only these documents; all of them when empty."""
    period: Period | None = None
    kind: StatementKind | None = None
    """Preferred, not required."""
    field: str | None = None
    """Preferred: statements that hold a `lead`, `coordinating` or `deadline`."""
    units: frozenset[str] = frozenset()
    """Preferred: statements that one of these units leads or helps with."""
    before: str | None = None
    """The document talked about before: it counts for a little."""
    level: str | None = None
    """Preferred: what is for the province ("tinh") or for communes ("xa")."""


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with its score, 0 to about 1.7."""

    plan: Plan
    statement: Statement
    score: float
    coverage: float
    """The share of the question's telling words that it holds, weighed."""
    pairs: float
    """The same of the neighbouring words; 1 where there is only one word."""
    told: float
    """The share of the telling words that the statement itself holds, without keywords, heading and units."""


@dataclass(frozen=True, slots=True)
class _Entry:
    plan: Plan
    statement: Statement
    period: Period | None
    """None where it says nothing of years; then those of its document speak for it."""
    units: frozenset[str]
    words: frozenset[str]
    levels: frozenset[str]
    told: frozenset[str]
    """Words of the statement itself and of what it measures."""
    core: frozenset[str]
    """Words of the matter itself: what is measured, or the statement."""


@dataclass(slots=True)
class _Postings:
    """For each word the entries that hold it."""

    lists: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[frozenset[str]]) -> _Postings:
        lists: dict[str, list[int]] = {}
        for number, words in enumerate(texts):
            for word in words:
                lists.setdefault(word, []).append(number)
        return cls({word: np.asarray(numbers) for word, numbers in lists.items()})

    def weigh(self, weights: Mapping[str, float], size: int) -> Scores:
        """For each entry the sum of the weights of the words that it holds."""
        sums = np.zeros(size)
        for word, weight in weights.items():
            if word in self.lists:
                sums[self.lists[word]] += weight
        return sums


class PlanIndex:
    """All statements of all plans, in memory: some thousand at most."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans: Mapping[str, Plan] = {plan.id: plan for plan in plans}
        self.entries = [_entry(plan, statement) for plan in plans for statement in plan.statements]
        self.names = PlanNames(plans)
        self.units = PlanUnits(entry.statement for entry in self.entries)
        texts = [entry.words for entry in self.entries]
        counts = Counter(word for words in texts for word in words)
        self._idf = {word: math.log(1 + len(texts) / count) for word, count in counts.items()}
        self._words = _Postings.of(texts)
        self._told = _Postings.of([entry.told for entry in self.entries])
        self._core = _Postings.of([entry.core for entry in self.entries])
        self._core_total = np.asarray([sum(map(self.weight, entry.core)) / 2 or 1.0 for entry in self.entries])
        self._plan_ids = np.asarray([entry.plan.id for entry in self.entries])

    def knows(self, word: str) -> bool:
        """Whether a word stands in any plan."""
        return word in self._idf

    def weight(self, word: str) -> float:
        """How telling a word is."""
        return self._idf.get(word, _UNSEEN * math.log(1 + len(self.entries)))

    def known_share(self, words: Sequence[str]) -> float:
        """The share of the telling words that stand in any plan at all: a cheap look before a search."""
        total = sum(map(self.weight, words))
        return sum(self.weight(word) for word in words if word in self._idf) / total if total else 1.0

    def words_of(self, statement: Statement) -> frozenset[str]:
        """The words of a statement in one form."""
        return self._of(statement).words

    def fit(self, asked: Period, statement: Statement) -> float:
        """How well a statement is for the years asked, 0 to 1."""
        return _fit(asked, self._of(statement))

    def _of(self, statement: Statement) -> _Entry:
        return next(entry for entry in self.entries if entry.statement is statement)

    def search(self, words: Sequence[str], pairs: Sequence[str], wish: Wish, limit: int = 8) -> list[Found]:
        """The best statements for telling words in one wording (see `canonical`) and those side by side."""
        weights, paired = self._weights(words), self._weights(pairs)
        coverage = self._share(self._words, weights)
        near = self._share(self._words, paired)
        told = self._share(self._told, weights)
        precision = self._core.weigh(weights, len(self.entries)) / self._core_total
        scores = coverage + _PAIRS * near + _PRECISION * precision
        if wish.plans:
            scores[~np.isin(self._plan_ids, list(wish.plans))] = -1.0
        best = np.argsort(-scores, kind="stable")[:_CONSIDERED].tolist()
        found = [
            Found(
                entry.plan,
                entry.statement,
                float(scores[i]) + _preference(entry, wish),
                float(coverage[i]),
                float(near[i]),
                float(told[i]),
            )
            for i in best
            if scores[i] >= 0 and (entry := self.entries[i])
        ]
        return sorted(found, key=lambda item: -item.score)[:limit]

    def _weights(self, words: Sequence[str]) -> dict[str, float]:
        return {word: self.weight(word) for word in words}

    def _share(self, postings: _Postings, weights: Mapping[str, float]) -> Scores:
        """For each entry the share of the weights whose words it holds; 1 where there are no words."""
        total = sum(weights.values())
        return postings.weigh(weights, len(self.entries)) / total if total else np.ones(len(self.entries))


def _fit(asked: Period, entry: _Entry) -> float:
    """The fit of the years; where a statement names none, those of its document can only speak for it."""
    if entry.period is not None:
        return fit(asked, entry.period)
    return max(0.5, *(fit(asked, own) for own in periods_in(entry.plan.period or "")), 0.5)


def _preference(entry: _Entry, wish: Wish) -> float:
    """What speaks for a statement besides the words."""
    score = 0.0
    if wish.period is not None:
        score += 0.4 * _fit(wish.period, entry) - 0.2
    if wish.kind is entry.statement.kind:
        score += 0.15
    if wish.field and getattr(entry.statement, wish.field):
        score += 0.15
    if wish.units & entry.units:
        score += 0.3
    if wish.level in entry.levels:
        score += _LEVEL
    if not wish.plans and is_abroad(entry.plan):
        score += _ABROAD
    return score + (_BEFORE if wish.before == entry.plan.id else 0.0)


def _entry(plan: Plan, statement: Statement) -> _Entry:
    heading = next((section.heading for section in plan.sections if section.id == statement.section), "")
    units = (*statement.lead, *statement.coordinating)
    texts = (statement.text, statement.subject or "", *statement.keywords, statement.scope or "", heading)
    rows = [text_words(text) for text in texts]
    extra = [text_words(text) for text in (*units, statement.deadline or "")]
    level = fold_all(text_words(f"{statement.scope or plan.place} {statement.subject or ''}"))
    return _Entry(
        plan=plan,
        statement=statement,
        period=period_of(statement),
        units=frozenset(map(unit_key, units)),
        words=_forms(*rows, *extra) | _forms(*map(bigrams, rows)),
        levels=_LEVELS & frozenset(level),
        told=_forms(rows[0], rows[1]),
        core=_forms(text_words(statement.subject or statement.text)),
    )


def _forms(*rows: Sequence[str]) -> frozenset[str]:
    """Words with and without their diacritics: questions are typed in either way."""
    return frozenset(form for row in rows for form in (*row, *fold_all(row)))


def is_abroad(plan: Plan) -> bool:
    """Whether a document is of another province."""
    return plan.place.startswith("tỉnh") and plan.place != HOME
