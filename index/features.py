"""What speaks for a candidate: the honest features that the ranker weighs, for all candidates at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.acts import acts, narrowings
from index.hints import GroupHints, Said
from index.lexical import Asked, LexicalIndex, LexicalScores
from index.query import Query
from index.synonyms import canonical
from index.units import OUTSIDE, TargetKind, UnitKind, target_kind
from knowledge.models import Group

FEATURES = (
    "title_query_share", "title_unit_share", "title_pairs", "title_accented",
    "name_query_share", "name_unit_share", "name_pairs", "name_accented",
    "situation_query_share", "situation_unit_share", "situation_pairs", "situation_accented",
    "name_within_query", "name_equal",
    "dense_title", "dense_name", "dense_situation", "dense_gap",
    "lexical_words", "lexical_folded", "trigram", "trigram_gap", "body", "whole", "whole_gap",
    "popularity", "popularity_short",
    "foreign_mismatch", "narrower", "act_mismatch", "act_match",
    "hint_own", "hint_sibling",
    "group", "group_short", "elsewhere", "faq", "outside",
)  # fmt: skip
"""Names of the features, in the order of a feature row."""

_NO_DENSE = 0.0
"""Stands for a cosine that was not computed."""
_KINDS = {UnitKind.TITLE: 0, UnitKind.ALIAS: 1, UnitKind.SITUATION: 2, UnitKind.EXAMPLE: 2}
_SHORT = 3
_FOREIGN = 1
"""The bit of "nước ngoài" among the narrowings."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one search gathered: the question's terms, lexical scores, and cosines."""

    asked: Asked
    lexical: LexicalScores
    dense: NDArray[np.float32]
    """Cosine of each searched unit."""
    encoded: bool
    """Whether the encoder had a part in the cosines, or the words alone."""
    hidden: int | None = None
    """A searched unit that counts as unknown: the text a training question was made from."""


class FeatureMaker:
    """Turns the evidence of a search into one feature row per candidate target."""

    def __init__(
        self, lexical: LexicalIndex, popularity: Mapping[str, int], groups: Iterable[Group] = ()
    ) -> None:
        self._lexical = lexical
        self.popularity = popularity
        """The prior of each procedure, 0 to 5."""
        self._kind: Numbers = np.array([_KINDS[unit.kind] for unit in lexical.texts], dtype=np.int64)
        bounds = np.searchsorted(lexical.owner, np.arange(len(lexical.targets) + 1))
        self._first, self._last = bounds[:-1], bounds[1:]
        self._acts: Numbers = np.array([acts(words) for words in lexical.words], dtype=np.int64)
        self._narrow: Numbers = np.array([narrowings(words) for words in lexical.words], dtype=np.int64)
        self._hints = {f"g:{group.id}": GroupHints.of(group) for group in groups}
        self._groups_of: dict[str, list[str]] = {name: [name] for name in self._hints}
        for name, hints in self._hints.items():
            for code in hints.hints:
                self._groups_of.setdefault(code, []).append(name)
        self._facts = np.array([_facts(target, popularity) for target in lexical.targets], dtype=np.float64)

    def rows(self, query: Query, evidence: Evidence, candidates: Numbers) -> Floats:
        """Feature rows (n, features) of `candidates`, which are numbers of targets."""
        asked, scores = evidence.asked, evidence.lexical
        units, places = self._units_of(candidates, evidence.hidden)
        fits = self._fits(asked, scores, units)
        best = self._best(fits.sum, places * 3 + self._kind[units], 3 * len(candidates)).reshape(-1, 3)
        dense = evidence.dense[units].astype(float)
        by_kind = [self._dense_of(dense, places, self._kind[units] == kind, len(candidates)) for kind in range(3)]
        nearest = np.maximum.reduce(by_kind)
        title, name, situation = (_picked(fits.parts, best[:, kind]) for kind in range(3))
        leading = np.where(name.sum(axis=1) > title.sum(axis=1), best[:, 1], best[:, 0])
        leading = np.where(leading < 0, best.max(axis=1), leading)
        lead_units = units[np.maximum(leading, 0)]
        columns = [
            title, name, situation,
            _one(name[:, 1] > 0.999),
            _one((name[:, 1] > 0.999) & (name[:, 0] > 0.999)),
            *map(_one, by_kind), _one(nearest - max(float(dense.max(initial=_NO_DENSE)), _NO_DENSE)),
            *self._relative(scores, units, places, candidates, asked),
            self._priors(query, candidates),
            *self._acting(query, units, best[:, 0], lead_units, leading >= 0),
            self._hinting(query, candidates),
            self._kinds(query, candidates),
        ]  # fmt: skip
        return np.concatenate([column.reshape(len(candidates), -1) for column in columns], axis=1)

    def size_of(self, targets: Numbers) -> Numbers:
        """How many searched units each target has."""
        return np.asarray(self._last[targets] - self._first[targets], dtype=np.int64)

    def _units_of(self, candidates: Numbers, hidden: int | None = None) -> tuple[Numbers, Numbers]:
        """(searched units of all candidates but the hidden one, place of each one's candidate)."""
        first, size = self._first[candidates], self._last[candidates] - self._first[candidates]
        places = np.repeat(np.arange(len(candidates)), size)
        offsets = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        units = first[places] + offsets
        return (units, places) if hidden is None else (units[units != hidden], places[units != hidden])

    def _fits(self, asked: Asked, scores: LexicalScores, units: Numbers) -> _Fits:
        """How well each unit fits: (share of the question, share of the unit, pairs, accented words)."""
        shared = scores.shared[units].astype(float)
        query_share = np.minimum(shared / (asked.weight or 1.0), 1.0)
        unit_share = np.minimum(shared / np.maximum(self._lexical.folded.totals[units], 1e-6), 1.0)
        pair_weight = np.minimum(asked.pair_weight, self._lexical.pairs.totals[units])
        pairs = scores.pairs[units] / np.where(pair_weight > 0, pair_weight, 1.0)
        accented = scores.accented[units] / (asked.accented_weight or 1.0)
        total = 2 * query_share * unit_share / np.maximum(query_share + unit_share, 1e-6) + 0.2 * pairs
        return _Fits(np.column_stack([query_share, unit_share, pairs, accented]), total)

    @staticmethod
    def _best(fit: Floats, segments: Numbers, count: int) -> Numbers:
        """Of each segment the place of the unit that fits best, -1 for an empty one."""
        best = np.full(count, -1, dtype=np.int64)
        order = np.lexsort((fit, segments))
        if len(order):
            ends = np.append(np.flatnonzero(np.diff(segments[order])), len(order) - 1)
            best[segments[order[ends]]] = order[ends]
        return best

    @staticmethod
    def _dense_of(dense: Floats, places: Numbers, wanted: NDArray[np.bool_], count: int) -> Floats:
        best = np.full(count, _NO_DENSE)
        np.maximum.at(best, places[wanted], dense[wanted])
        return best

    def _relative(
        self, scores: LexicalScores, units: Numbers, places: Numbers, candidates: Numbers, asked: Asked
    ) -> list[Floats]:
        columns = []
        for values in (scores.bm25_words, scores.bm25_folded, scores.trigram):
            best = np.zeros(len(candidates))
            np.maximum.at(best, places, values[units])
            columns.append(best)
        words, folded, trigram = columns
        body = scores.body[candidates] / (float(scores.body.max(initial=0.0)) or 1.0)
        whole = scores.whole[candidates] / (asked.weight or 1.0)
        return [
            words / (float(scores.bm25_words.max(initial=0.0)) or 1.0),
            folded / (float(scores.bm25_folded.max(initial=0.0)) or 1.0),
            trigram, trigram - trigram.max(initial=0.0), body, whole, whole - whole.max(initial=0.0),
        ]  # fmt: skip

    def _priors(self, query: Query, candidates: Numbers) -> Floats:
        popularity = self._facts[candidates, 0]
        return np.column_stack([popularity, popularity * (len(query.content) <= _SHORT)])

    def _acting(
        self, query: Query, units: Numbers, titles: Numbers, leads: Numbers, led: NDArray[np.bool_]
    ) -> list[Floats]:
        asked_acts, asked_narrow = acts(canonical(query.content)), narrowings(query.words)
        narrow = np.where(titles >= 0, self._narrow[units[np.maximum(titles, 0)]], 0)
        foreign = (narrow & _FOREIGN).astype(float) - float(asked_narrow & _FOREIGN)
        own = np.where(led, self._acts[leads], 0)
        return [
            _one(np.where(titles >= 0, foreign, 0.0)),
            _one(np.bitwise_count(narrow & ~asked_narrow)),
            _one(np.bitwise_count(own ^ asked_acts)),
            _one(np.bitwise_count(own & asked_acts)),
        ]

    def hinted(self, group: str, query: Query) -> frozenset[str]:
        """Codes of the variants of a group that the message hints at."""
        return self._hints[f"g:{group}"].named(Said.of(query))

    def group_named(self, query: Query) -> str | None:
        """The group that the message names in just the words of one of its asks, and nothing more."""
        content = Said.of(query).content
        return next((name for name, hints in self._hints.items() if content in hints.asks), None)

    def _hinting(self, query: Query, candidates: Numbers) -> Floats:
        """(the message hints at this variant, it hints at a sibling or at a variant of this group)."""
        names = [self._lexical.targets[number] for number in candidates]
        groups = dict.fromkeys(group for name in names for group in self._groups_of.get(name, ()))
        said = Said.of(query)
        named = {group: self._hints[group].named(said) for group in groups}
        hinted = [[named[group] for group in self._groups_of.get(name, ()) if named[group]] for name in names]
        own = [any(name in codes for codes in found) for name, found in zip(names, hinted, strict=True)]
        other = [bool(found) and not mine for found, mine in zip(hinted, own, strict=True)]
        return np.column_stack([own, other]).astype(float)

    def _kinds(self, query: Query, candidates: Numbers) -> Floats:
        group, elsewhere, faq, outside = self._facts[candidates, 1:].T
        return np.column_stack([group, group * (len(query.content) <= _SHORT), elsewhere, faq, outside])


@dataclass(frozen=True, slots=True)
class _Fits:
    parts: Floats
    sum: Floats


def hide_cosine(evidence: Evidence, unit: int | None) -> Evidence:
    """The evidence without the cosine of one unit, if one is to be hidden."""
    if unit is None:
        return evidence
    dense = evidence.dense.copy()
    dense[unit] = _NO_DENSE
    return replace(evidence, dense=dense)


def _facts(target: str, popularity: Mapping[str, int]) -> list[float]:
    kind = target_kind(target)
    return [
        popularity.get(target, 0) / 5,
        float(kind is TargetKind.GROUP), float(kind is TargetKind.ELSEWHERE), float(kind is TargetKind.FAQ),
        float(target == OUTSIDE),
    ]  # fmt: skip


def _picked(parts: Floats, places: Numbers) -> Floats:
    """Rows of `parts` at `places`; zeros for -1."""
    return np.where((places >= 0)[:, None], parts[np.maximum(places, 0)], 0.0)


def _one(values: NDArray[np.generic]) -> Floats:
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)
