"""From a prepared query to ranked, calibrated candidates: gather, weigh, order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.features import Evidence, FeatureMaker, TargetFacts
from index.lexical import Hit, LexicalIndex
from index.query import Query
from index.ranker import Ranker
from index.text import procedure_codes
from index.units import Unit, UnitKind

_POOL = 40
_BODY_POOL = 10
_DENSE_POOL = 60


class QueryEmbedder(Protocol):
    """The part of an embedder that a search needs."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A vector of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class Ranked:
    """A target with the probability that it is the one meant."""

    target: str
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer of a search, best first."""

    candidates: tuple[Ranked, ...]
    none: float
    """Probability that none of them is meant."""

    @property
    def best(self) -> Ranked | None:
        """The first candidate, if there is any."""
        return self.candidates[0] if self.candidates else None


class Searcher:
    """Searches one artefact. Without embedder or vectors it goes by words alone."""

    def __init__(
        self,
        units: Sequence[Unit],
        facts: Mapping[str, TargetFacts],
        lexical: LexicalIndex,
        dense: DenseIndex | None,
        embedder: QueryEmbedder | None,
        ranker: Ranker,
    ) -> None:
        self.units = units
        self.features = FeatureMaker(units, facts)
        self._lexical = lexical
        self._dense = dense if embedder else None
        self._embedder = embedder
        self._ranker = ranker

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        """The best `limit` targets for the query. A code written in it decides alone."""
        named = [code for code in procedure_codes(query.text) if code in self.features.by_target]
        if named:
            return Ranking(tuple(Ranked(code, 1.0 / len(named)) for code in dict.fromkeys(named)), 0.0)
        evidence = self.gather(query)
        targets = self.targets(evidence)
        if not targets:
            return Ranking((), 1.0)
        rows = self.features.rows(query, evidence, targets)
        shares, none = self._ranker.probabilities(rows)
        order = np.argsort(-shares)[:limit]
        return Ranking(tuple(Ranked(targets[i], float(shares[i])) for i in order), none)

    def gather(self, query: Query) -> Evidence:
        """Raw scores of all ways to search."""
        words = _scores(self._lexical.search(query.content, _POOL))
        folded = _scores(self._lexical.search_folded(query.folded, _POOL))
        bodies = {
            self.units[hit.unit].target: hit.score
            for hit in reversed(self._lexical.search_bodies(query.content, _BODY_POOL))
        }
        dense = self._dense_scores(query, [*words, *folded], bodies)
        return Evidence(words, folded, bodies, dense)

    def _dense_scores(self, query: Query, units: Sequence[int], bodies: Mapping[str, float]) -> dict[int, float]:
        if self._dense is None or self._embedder is None or not query.content:
            return {}
        vector = self._embedder.embed_query(" ".join(query.content))
        found = _scores(self._dense.search(vector, _DENSE_POOL))
        targets = {self.units[unit].target for unit in (*units, *found)} | set(bodies)
        wanted = [unit for target in targets for unit in self.features.by_target[target]]
        return found | self._dense.scores(vector, wanted)

    def targets(self, evidence: Evidence) -> list[str]:
        """All targets that any way of searching found."""
        units = (*evidence.words, *evidence.folded, *evidence.dense)
        found = dict.fromkeys(self.units[unit].target for unit in units)
        return list(found | dict.fromkeys(evidence.bodies))


def _scores(hits: Sequence[Hit]) -> dict[int, float]:
    return {hit.unit: hit.score for hit in hits}


def searchable(units: Sequence[Unit]) -> list[int]:
    """Ids of the units that get a vector: all but bodies."""
    return [number for number, unit in enumerate(units) if unit.kind is not UnitKind.BODY]
