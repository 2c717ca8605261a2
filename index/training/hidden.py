"""What a search gathers as if one text were not known: a question made from it must be found by the others."""

from __future__ import annotations

from dataclasses import replace

from index.features import Evidence, hide_cosine
from index.query import Query
from index.search import Searcher


def evidence_without(searcher: Searcher, query: Query, unit: int | None) -> Evidence:
    """What the words of a query tell; `unit` is the place of the searched text to leave out, if any."""
    evidence = searcher.gather_words(query)
    if unit is None:
        return evidence
    lexical = searcher.lexical.hiding(evidence.lexical, evidence.asked, unit)
    return hide_cosine(replace(evidence, lexical=lexical, hidden=unit), unit)
