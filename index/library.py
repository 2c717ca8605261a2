"""One opened artefact: the knowledge with everything that searches it. Immutable; swapped as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from index.places import Places
from index.plans import PlanIndex
from index.query import Query, analyse
from index.restore import Restorer
from index.search import QueryEmbedder, Ranking, Searcher
from index.verdict import Families, Verdict, VerdictModel, verdict_row
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
    families: Families
    verdicts: VerdictModel
    places: Places

    def analyse(self, text: str) -> Query:
        """A message as words, abbreviations written out and diacritics restored."""
        return analyse(text, self.restorer)

    def rank(self, query: Query, limit: int = 10, *, by_words: bool = False) -> Ranking:
        """Procedures, groups, FAQ and things handled elsewhere, best first; `by_words` without the encoder."""
        return self.searcher.rank(query, limit, by_words=by_words)

    def hinted(self, query: Query, ranking: Ranking) -> bool:
        """Whether the message names a word of one of the siblings that the ranking is about."""
        name, _, _ = self.families.best(ranking)
        return name is not None and bool(self.searcher.features.hinted(name, query))

    def judge(self, query: Query, ranking: Ranking) -> Verdict:
        """Whether to answer by this ranking, to ask back, or to say that it is none of ours."""
        return self.verdicts(verdict_row(ranking, self.families, query, self.hinted(query, ranking)))
