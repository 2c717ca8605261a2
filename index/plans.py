"""Search among the statements of the plan documents: by words, meaning, place, year and the kind of question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.query import Query
from index.text import bigrams, fold_all, tokens
from knowledge.models import Plan, Statement, StatementKind

_YEAR = re.compile(r"\b(20[2-4]\d)\b")
_COMMON_UNITS = frozenset({"cac", "co", "quan", "don", "vi"})


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What a question on plans looks for besides its words."""

    wants_figure: bool = False
    wants_lead: bool = False
    wants_deadline: bool = False
    wants_duties: bool = False
    """"Which tasks does this unit have?\""""


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with its score, 0 to about 1.5, and the share of the question's telling words that it covers."""

    plan: Plan
    statement: Statement
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class _Entry:
    plan: Plan
    statement: Statement
    words: frozenset[str]
    pairs: frozenset[str]
    units: tuple[frozenset[str], ...]
    """Folded words of the lead and coordinating units' names."""
    years: frozenset[str]
    length: float


class PlanIndex:
    """All statements of all plans, in memory: some thousand at most."""

    def __init__(self, plans: Sequence[Plan], vectors: NDArray[np.float32] | None = None) -> None:
        self.entries = [_entry(plan, statement) for plan in plans for statement in plan.statements]
        self._vectors = vectors
        self._idf = _idf(entry.words for entry in self.entries)
        self._places = {plan.id: _place_words(plan) for plan in plans}
        self._plans = {plan.id: plan for plan in plans}

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The plan documents by id."""
        return self._plans

    def texts(self) -> list[str]:
        """What gets a vector: one text per statement, in the order of the entries."""
        return [statement_text(entry.statement) for entry in self.entries]

    def search(
        self,
        query: Query,
        question: PlanQuestion,
        vector: NDArray[np.float32] | None = None,
        plan_id: str | None = None,
        limit: int = 8,
    ) -> list[Found]:
        """The best statements. `plan_id` is the document talked about before: it counts for a little."""
        if not self.entries:
            return []
        asked = frozenset(query.folded) | frozenset(fold_all(query.content))
        named = self.named(query)
        place_words = frozenset().union(*(self._places[plan] for plan in named)) if named else frozenset()
        telling = {word: self._idf.get(word, self._unseen) for word in asked - place_words if not _YEAR.fullmatch(word)}
        total = sum(telling.values()) or 1.0
        pairs = frozenset(bigrams(query.folded)) | frozenset(bigrams(fold_all(query.content)))
        years = frozenset(_YEAR.findall(query.text))
        cosines = self._vectors @ vector if self._vectors is not None and vector is not None else None
        scored = []
        for number, entry in enumerate(self.entries):
            coverage = sum(weight for word, weight in telling.items() if word in entry.words) / total
            score = coverage + 0.35 * len(pairs & entry.pairs) / (len(pairs) or 1) - 0.03 * entry.length
            if cosines is not None:
                score += 3.0 * (float(cosines[number]) - 0.8)
            score += _place_bonus(entry.plan.id, named, plan_id) + _year_bonus(years, entry)
            score += _kind_bonus(question, entry, asked)
            scored.append(Found(entry.plan, entry.statement, score, coverage))
        return sorted(scored, key=lambda found: -found.score)[:limit]

    def duties(self, query: Query, plan_id: str | None = None) -> list[Found]:
        """Statements whose lead or coordinating unit the question names, the best-covered unit first."""
        asked = frozenset(query.folded) | frozenset(fold_all(query.content))
        named = self.named(query)
        found = []
        for entry in self.entries:
            if named and entry.plan.id not in named:
                continue
            fit = max((_unit_fit(unit, asked) for unit in entry.units), default=0.0)
            if fit:
                bonus = 0.1 if plan_id == entry.plan.id else 0.0
                found.append(Found(entry.plan, entry.statement, fit + bonus, fit))
        best = max((item.score for item in found), default=0.0)
        return [item for item in found if item.score >= best - 1e-9]

    def named(self, query: Query) -> frozenset[str]:
        """Ids of the plans whose place, number or alias the question names; the narrowest match wins.

        A number is sought as typed: its letters, such as KH, are no abbreviations.
        """
        as_typed = " ".join(fold_all(tokens(query.text)))
        text = f" {' '.join(query.folded_all)} | {as_typed} "
        fits = {plan.id: _naming_length(plan, text) for plan in self._plans.values()}
        longest = max(fits.values(), default=0)
        return frozenset(plan for plan, length in fits.items() if length == longest and length > 0)

    @property
    def _unseen(self) -> float:
        return math.log(1 + len(self.entries))


def statement_text(statement: Statement) -> str:
    """All words of a statement that a question may use."""
    parts = [statement.text, statement.subject or "", *statement.keywords]
    return ". ".join(part for part in parts if part)


def _entry(plan: Plan, statement: Statement) -> _Entry:
    heading = next((section.heading for section in plan.sections if section.id == statement.section), "")
    units = (*statement.lead, *statement.coordinating)
    extra = " ".join([statement.period or "", statement.deadline or "", *units])
    words = fold_all(tokens(f"{statement_text(statement)} {extra}"))
    years = frozenset(_YEAR.findall(f"{statement.text} {statement.period} {statement.deadline} {heading}"))
    return _Entry(
        plan,
        statement,
        frozenset([*words, *fold_all(tokens(heading))]),
        frozenset(bigrams(words)),
        tuple(frozenset(fold_all(tokens(unit))) - _COMMON_UNITS for unit in units),
        years,
        math.log1p(len(words)),
    )


def _place_words(plan: Plan) -> frozenset[str]:
    return frozenset(fold_all(tokens(" ".join([plan.place, plan.number or "", *plan.aliases]))))


def _naming_length(plan: Plan, text: str) -> int:
    """Number of words of the longest name of the plan that stands in the folded text."""
    names = [plan.place, re.sub(r"^(tỉnh|xã|phường) ", "", plan.place), plan.number or "", plan.short, *plan.aliases]
    folded = [" ".join(fold_all(tokens(name))) for name in names]
    return max((len(name.split()) for name in folded if name and f" {name} " in text), default=0)


def _place_bonus(plan_id: str, named: frozenset[str], before: str | None) -> float:
    if named:
        return 0.45 if plan_id in named else -0.45
    return 0.15 if plan_id == before else 0.0


def _year_bonus(years: frozenset[str], entry: _Entry) -> float:
    if not years:
        return 0.0
    if years & entry.years:
        return 0.3
    spans = re.findall(r"(20\d\d)\s*[-–]\s*(20\d\d)", entry.statement.period or "")
    if any(start <= year <= end for start, end in spans for year in years):
        return 0.25
    return -0.3 if entry.years else -0.1


def _kind_bonus(question: PlanQuestion, entry: _Entry, asked: frozenset[str]) -> float:
    bonus = 0.0
    statement = entry.statement
    if question.wants_figure:
        figure = 0.05 if re.search(r"\d", statement.text) else -0.1
        bonus += 0.25 if statement.kind is StatementKind.TARGET else figure
    if question.wants_lead:
        bonus += 0.2 if statement.lead else -0.05
    if question.wants_deadline:
        bonus += 0.2 if statement.deadline else 0.0
    if question.wants_duties:
        bonus += 0.5 * max((_unit_fit(unit, asked) for unit in entry.units), default=0.0)
    return bonus


def _unit_fit(unit: frozenset[str], asked: frozenset[str]) -> float:
    return 1.0 if unit and unit <= asked else 0.0


def _idf(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    total = 0
    for words in texts:
        counts.update(words)
        total += 1
    return {word: math.log(1 + total / count) for word, count in counts.items()}

