"""What speaks for a candidate: the honest features that the ranker weighs."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from index.query import Query
from index.text import bigrams, fold_all, tokens
from index.units import TargetKind, Unit, UnitKind, target_kind

FEATURES = (
    "title_query_share",
    "title_unit_share",
    "title_pairs",
    "title_accented",
    "name_query_share",
    "name_unit_share",
    "name_pairs",
    "name_accented",
    "name_within_query",
    "name_equal",
    "situation_query_share",
    "situation_unit_share",
    "situation_pairs",
    "dense_title",
    "dense_name",
    "dense_gap",
    "lexical_words",
    "lexical_folded",
    "lexical_body",
    "fuzzy",
    "commune",
    "province",
    "citizen",
    "popularity",
    "has_card",
    "unit_length",
    "foreign_mismatch",
    "rare_mismatch",
    "action_mismatch",
    "action_match",
    "group",
    "elsewhere",
    "faq",
)
"""Names of the features, in the order of a feature row."""

_RARE = (("nước", "ngoài"), ("biên", "giới"), ("lưu", "động"), ("liên", "thông"), ("tổ", "chức"), ("doanh", "nghiệp"))
_ACTIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "again": (("cấp", "lại"), ("đăng", "ký", "lại"), ("làm", "lại"), ("bị", "mất"), ("mất",), ("hỏng",), ("rách",)),
    "renew": (("gia", "hạn"), ("hết", "hạn")),
    "change": (
        ("thay", "đổi"), ("điều", "chỉnh"), ("sửa",), ("cải", "chính"), ("đính", "chính"), ("cập", "nhật"), ("sai",),
        ("bổ", "sung"),
    ),
    "exchange": (("cấp", "đổi"), ("đổi",)),
    "end": (
        ("xóa",), ("hủy",), ("chấm", "dứt"), ("giải", "thể"), ("thu", "hồi"), ("thôi",), ("dừng",), ("đóng", "cửa"),
    ),
    "pause": (("tạm", "ngừng"), ("tạm", "dừng"), ("tạm", "nghỉ")),
    "move": (("di", "chuyển"), ("chuyển",)),
    "unlock": (("mở", "khóa"),),
    "lock": (("khóa",),),
    "copy": (("bản", "sao"), ("trích", "lục"), ("sao", "y")),
}


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What the ranker may know of a target besides its texts."""

    commune: bool
    province: bool
    citizen: bool
    popularity: int
    has_card: bool


_NO_FACTS = TargetFacts(commune=False, province=False, citizen=True, popularity=0, has_card=True)


@dataclass(frozen=True, slots=True)
class _Terms:
    """A text's folded words and pairs with their weights, and its accented words."""

    words: frozenset[str]
    pairs: frozenset[str]
    accented: frozenset[str]
    weight: float
    pair_weight: float
    accented_weight: float
    folded: str
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Raw scores of one search, by unit id; missing means not found."""

    words: Mapping[int, float]
    folded: Mapping[int, float]
    bodies: Mapping[str, float]
    """By target."""
    dense: Mapping[int, float]


class FeatureMaker:
    """Turns the evidence of a search into one feature row per candidate target."""

    def __init__(self, units: Sequence[Unit], facts: Mapping[str, TargetFacts]) -> None:
        self._units = units
        self._facts = facts
        texts = [tokens(unit.text) if unit.kind is not UnitKind.BODY else [] for unit in units]
        self._idf = _idf(fold_all(words) for words in texts)
        self._idf_accented = _idf(texts)
        self._unseen = math.log(1 + len(units))
        self._prepared: dict[int, _Terms] = {}
        self.by_target: dict[str, list[int]] = defaultdict(list)
        for number, unit in enumerate(units):
            if unit.kind is not UnitKind.BODY:
                self.by_target[unit.target].append(number)

    def popularity(self) -> dict[str, int]:
        """The prior of each procedure, 0 to 5."""
        return {target: facts.popularity for target, facts in self._facts.items()}

    def weight(self, folded_word: str) -> float:
        """How telling a word is: its inverse document frequency over the units."""
        return self._idf.get(folded_word, self._unseen)

    def _terms(self, number: int) -> _Terms:
        """The terms of a unit, prepared when first needed."""
        found = self._prepared.get(number)
        if found is None:
            found = self._prepared[number] = self._terms_of(tokens(self._units[number].text))
        return found

    def _terms_of(self, words: Sequence[str]) -> _Terms:
        folded = fold_all(words)
        unigrams, pairs, accented = frozenset(folded), frozenset(bigrams(folded)), frozenset(words)
        return _Terms(
            unigrams,
            pairs,
            accented,
            self._sum(unigrams),
            self._pair_sum(pairs),
            self._accented_sum(accented),
            " ".join(folded),
            _actions(words),
        )

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._idf.get(word, self._unseen) for word in words)

    def _pair_sum(self, pairs: Iterable[str]) -> float:
        total = 0.0
        for pair in pairs:
            left, _, right = pair.partition("_")
            total += min(self._idf.get(left, self._unseen), self._idf.get(right, self._unseen))
        return total

    def _accented_sum(self, words: Iterable[str]) -> float:
        return sum(self._idf_accented.get(word, self._unseen) for word in words)

    def rows(
        self, query: Query, evidence: Evidence, targets: Sequence[str], without: int | None = None
    ) -> NDArray[np.float64]:
        """Feature rows of `targets`, in their order. `without` hides one unit (to train on its own text)."""
        asked = self._terms_of(query.content)
        asked_typed = frozenset(query.folded)
        actions = _actions(query.content)
        top = _Tops(evidence)
        rows = [self._row(query, asked, asked_typed, actions, evidence, top, target, without) for target in targets]
        return np.array(rows, dtype=np.float64).reshape(len(targets), len(FEATURES))

    def _row(
        self,
        query: Query,
        asked: _Terms,
        asked_typed: frozenset[str],
        actions: frozenset[str],
        evidence: Evidence,
        top: _Tops,
        target: str,
        without: int | None,
    ) -> list[float]:
        numbers = [n for n in self.by_target[target] if n != without]
        titles = [n for n in numbers if self._units[n].kind is UnitKind.TITLE]
        names = [n for n in numbers if self._units[n].kind is UnitKind.ALIAS]
        situations = [n for n in numbers if self._units[n].kind is UnitKind.SITUATION]
        title, title_unit = self._best(asked, asked_typed, titles)
        name, name_unit = self._best(asked, asked_typed, names)
        situation, _ = self._best(asked, asked_typed, situations)
        dense_title = max((evidence.dense.get(n, 0.7) for n in titles), default=0.7)
        dense_name = max((evidence.dense.get(n, 0.7) for n in names + situations), default=0.7)
        best_unit = name_unit if name_unit is not None and sum(name) > sum(title) else title_unit
        best_terms = self._terms(best_unit) if best_unit is not None else None
        facts = self._facts.get(target, _NO_FACTS)
        kind = target_kind(target)
        query_words = frozenset(query.words)
        rare = foreign = 0.0
        if title_unit is not None:
            words = self._terms(title_unit).accented
            foreign = float({"nước", "ngoài"} <= words) - float({"nước", "ngoài"} <= query_words)
            rare = float(sum(set(pair) <= words and not set(pair) <= query_words for pair in _RARE))
        own_actions = best_terms.actions if best_terms else frozenset[str]()
        return [
            *title,
            *name,
            float(name_unit is not None and name[1] > 0.999),
            float(best_terms is not None and best_terms.words == asked.words),
            *situation[:3],
            dense_title,
            dense_name,
            max(dense_title, dense_name) - top.dense,
            max((evidence.words.get(n, 0.0) for n in numbers), default=0.0) / top.words,
            max((evidence.folded.get(n, 0.0) for n in numbers), default=0.0) / top.folded,
            evidence.bodies.get(target, 0.0) / top.bodies,
            max((fuzz.token_set_ratio(asked.folded, self._terms(n).folded) for n in numbers), default=0.0) / 100,
            float(facts.commune),
            float(facts.province),
            float(facts.citizen),
            facts.popularity / 5,
            float(facts.has_card),
            math.log1p(len(best_terms.words)) if best_terms else 0.0,
            foreign,
            rare,
            float(len(actions ^ own_actions)),
            float(len(actions & own_actions)),
            float(kind is TargetKind.GROUP),
            float(kind is TargetKind.ELSEWHERE),
            float(kind is TargetKind.FAQ),
        ]

    def _best(
        self, asked: _Terms, asked_typed: frozenset[str], numbers: Sequence[int]
    ) -> tuple[tuple[float, float, float, float], int | None]:
        """(share of the query, share of the unit, pairs, accented words) of the unit that fits best."""
        best, best_fit, best_unit = (0.0, 0.0, 0.0, 0.0), -1.0, None
        for number in numbers:
            unit = self._terms(number)
            shared = self._sum(unit.words & (asked.words | asked_typed))
            query_share = min(shared / asked.weight, 1.0) if asked.weight else 0.0
            unit_share = shared / unit.weight if unit.weight else 0.0
            pair_weight = min(asked.pair_weight, unit.pair_weight) or 1.0
            pairs = self._pair_sum(unit.pairs & asked.pairs) / pair_weight
            accented = self._accented_sum(unit.accented & asked.accented) / (asked.accented_weight or 1.0)
            fit = 2 * query_share * unit_share / ((query_share + unit_share) or 1.0) + 0.2 * pairs
            if fit > best_fit:
                best, best_fit, best_unit = (query_share, unit_share, pairs, accented), fit, number
        return best, best_unit


class _Tops:
    """The best score of each kind of evidence, to hold the others against."""

    def __init__(self, evidence: Evidence) -> None:
        self.words = max(evidence.words.values(), default=0.0) or 1.0
        self.folded = max(evidence.folded.values(), default=0.0) or 1.0
        self.bodies = max(evidence.bodies.values(), default=0.0) or 1.0
        self.dense = max(evidence.dense.values(), default=0.7)


def _idf(texts: Iterable[Sequence[str]]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    total = 0
    for words in texts:
        counts.update(set(words))
        total += 1
    return {word: math.log(1 + total / count) for word, count in counts.items()}


def _actions(words: Sequence[str]) -> frozenset[str]:
    """Which kinds of act a text speaks of: renew, change, end, copy and so on."""
    joined = f" {' '.join(words)} "
    return frozenset(
        action
        for action, phrases in _ACTIONS.items()
        if any(f" {' '.join(phrase)} " in joined for phrase in phrases)
    )
