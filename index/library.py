"""One opened artefact: the knowledge with everything that searches it. Immutable; swapped as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.plans import Found, PlanIndex, PlanQuestion
from index.query import Query, analyse
from index.restore import Restorer
from index.search import QueryEmbedder, Ranking, Searcher
from knowledge.database import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Library:
    """What the conversation engine answers from."""

    version: str
    knowledge: KnowledgeBase
    searcher: Searcher
    plan_index: PlanIndex
    restorer: Restorer
    embedder: QueryEmbedder | None

    def analyse(self, text: str) -> Query:
        """A message as words, abbreviations written out and diacritics restored."""
        return analyse(text, self.restorer)

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        """Procedures, groups, FAQ and things handled elsewhere, best first."""
        return self.searcher.rank(query, limit)

    def search_plans(self, query: Query, question: PlanQuestion, plan_id: str | None = None) -> list[Found]:
        """The best statements of the plan documents."""
        return self.plan_index.search(query, question, self._vector(query), plan_id)

    def _vector(self, query: Query) -> NDArray[np.float32] | None:
        return self.embedder.embed_query(" ".join(query.words)) if self.embedder else None
