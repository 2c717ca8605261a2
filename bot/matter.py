"""The words of a message that may name a procedure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cues import Cues
from index.query import Query

REFERRING = ("anaphora", "correction", "back", "other_topic", "condition")
"""Cues that refer to what was said before."""


def matter_of(query: Query, cues: Cues, meant: Sequence[bool], keep: Sequence[bool]) -> Query:
    """The query with only the words that may name a procedure, without filler."""
    return query.keeping(naming(query, cues, meant, keep))


def naming(query: Query, cues: Cues, meant: Sequence[bool], keep: Sequence[bool]) -> list[bool]:
    """For each word, whether it may name a procedure: no reference, no ordinal, no aspect, nothing negated."""
    ordinals = [name for name in cues.covered if name.startswith("ordinal_")]
    free = cues.left(len(query.words), (*REFERRING, *ordinals))
    return [a and b and c for a, b, c in zip(free, meant, keep, strict=True)]
