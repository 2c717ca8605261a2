"""From a prepared query to ranked, calibrated candidates: gather, weigh, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex, Vectors
from index.features import FEATURES, Evidence, FeatureMaker, hide_cosine
from index.lexical import LexicalIndex
from index.postings import Scores
from index.projection import Projection
from index.query import Query
from index.ranker import Rankers
from index.text import procedure_codes
from index.units import OUTSIDE
from knowledge.models import Group

_POOL = 40
_TRIGRAM_POOL = 20
_TARGET_POOL = 12
_DENSE_POOL = 60
_NAMED = [FEATURES.index(name) for name in ("title_unit_share", "name_unit_share")]
_COVERED = [FEATURES.index(f"{kind}_query_share") for kind in ("title", "name", "situation")]
_DECIDED = 0.8
"""A candidate as probable as this by words alone is taken without asking the encoder."""


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
    named: float = 0.0
    """Share of its best fitting name that the message says, 0 to 1."""
    covered: float = 0.0
    """Share of the message that its best fitting text says, 0 to 1."""


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
    """Searches one artefact. Without embedder it goes by words alone."""

    def __init__(
        self,
        lexical: LexicalIndex,
        popularity: Mapping[str, int],
        groups: Iterable[Group],
        encoded: Vectors | None,
        embedder: QueryEmbedder | None,
        projection: Projection,
        rankers: Rankers,
    ) -> None:
        self.lexical = lexical
        self.features = FeatureMaker(lexical, popularity, groups)
        self._projection = projection
        self._dense = DenseIndex.of(projection.of_all(lexical.folded_words, encoded if embedder else None))
        self._embedder = embedder
        self._rankers = rankers
        self._outside = lexical.target_number.get(OUTSIDE)

    def rank(self, query: Query, limit: int = 10, *, by_words: bool = False) -> Ranking:
        """The best `limit` targets for the query. A code written in it decides alone. `by_words`: no encoder."""
        codes = dict.fromkeys(procedure_codes(query.text))
        named = [code for code in codes if code in self.lexical.target_number]
        if named:
            return Ranking(tuple(Ranked(code, 1.0 / len(named)) for code in named), 0.0)
        if not query.content:
            return Ranking((), 1.0)
        evidence = self.gather_words(query)
        ranking = self.ranked(query, evidence, limit)
        if by_words or self._embedder is None or (ranking.best and ranking.best.probability >= _DECIDED):
            return ranking
        return self.ranked(query, self.encoded(query, evidence), limit)

    def coverage(self, query: Query, targets: Sequence[str]) -> list[float]:
        """For each target, the share of the query's telling words that stand anywhere in what is known of it."""
        asked = self.lexical.asked(query.content)
        whole = self.lexical.whole(asked)
        numbers = [self.lexical.target_number.get(target) for target in targets]
        return [0.0 if n is None else min(float(whole[n]) / (asked.weight or 1.0), 1.0) for n in numbers]

    def gather_words(self, query: Query) -> Evidence:
        """What the words of the query tell."""
        asked = self.lexical.asked(query.content)
        cosines = self._dense.cosines(self._projection.of(asked.folded, None))
        return Evidence(asked, self.lexical.scores(asked), cosines, encoded=False)

    def encoded(self, query: Query, evidence: Evidence) -> Evidence:
        """The evidence with what the encoder tells; as it is without an embedder."""
        if self._embedder is None:
            return evidence
        vector = self._projection.of(evidence.asked.folded, self._embedder.embed_query(" ".join(query.content)))
        return hide_cosine(replace(evidence, dense=self._dense.cosines(vector), encoded=True), evidence.hidden)

    def candidates(self, evidence: Evidence) -> NDArray[np.int64]:
        """Numbers of all targets that any way of searching found."""
        scores, owner = evidence.lexical, self.lexical.owner
        found: list[NDArray[np.integer[Any]]] = [
            owner[_top(scores.bm25_words, _POOL)],
            owner[_top(scores.bm25_folded, _POOL)],
            owner[_top(scores.trigram, _TRIGRAM_POOL)],
            _top(scores.body, _TARGET_POOL),
            _top(scores.whole, _TARGET_POOL),
            owner[_top(evidence.dense, _DENSE_POOL)],
        ]
        if self._outside is not None:
            found.append(np.array([self._outside]))
        numbers: NDArray[np.int64] = np.unique(np.concatenate(found)).astype(np.int64)
        return numbers[self.features.size_of(numbers) > 0]

    def ranked(self, query: Query, evidence: Evidence, limit: int = 10) -> Ranking:
        """The best targets by the evidence gathered."""
        numbers = self.candidates(evidence)
        ranker = self._rankers.encoded if evidence.encoded else self._rankers.words
        rows = self.features.rows(query, evidence, numbers)
        shares = ranker.probabilities(rows)
        outside = numbers == (-1 if self._outside is None else self._outside)
        none = float(shares[outside].sum())
        order = [place for place in np.argsort(-shares) if not outside[place]][:limit]
        names = self.lexical.targets
        named, covered = rows[:, _NAMED].max(axis=1), rows[:, _COVERED].max(axis=1)
        return Ranking(
            tuple(
                Ranked(names[numbers[at]], float(shares[at]), float(named[at]), float(covered[at])) for at in order
            ),
            none,
        )


def _top(values: Scores, limit: int) -> NDArray[np.int64]:
    """Places of the highest positive values."""
    places = np.argpartition(-values, limit)[:limit] if len(values) > limit else np.arange(len(values))
    return np.asarray(places[values[places] > 0], dtype=np.int64)
