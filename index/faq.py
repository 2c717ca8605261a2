"""Finds the published answer to a question, beside the index: officials publish by the minute, a build takes longer.

An answer is known by its public question and by the words of those who asked it. How near a question has to be, the
caller says: nearer where the index has an answer of its own (docs/adr/0014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.dense import Vectors
from index.library import Library
from index.likeness import Wording, likeness, wording
from index.query import Query

_LOOKED_AT = 12
"""Wordings compared in full, the nearest ones."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The answer with the wording most like the question."""

    id: str
    probability: float
    """That it asks the same."""


@dataclass(frozen=True, slots=True)
class FaqIndex:
    """The wordings of all published answers. Immutable: made anew when they change, or the library does."""

    library: Library
    wordings: Mapping[tuple[str, str], Wording]
    """By the answer's id and the text."""
    vectors: Vectors
    """Of all wordings in their order, shape (wordings, size)."""

    def best(self, query: Query) -> Hit | None:
        """The likeliest answer; None where nothing is published, or nothing was said."""
        if not self.wordings or not query.content:
            return None
        said = wording(self.library, query)
        cosines = self.vectors @ said.vector
        known, encoded = list(self.wordings.items()), self.library.embedder is not None
        hits = []
        for place in np.argsort(-cosines)[:_LOOKED_AT]:
            (ident, _), other = known[place]
            hits.append(Hit(ident, likeness(float(cosines[place]), said, other, encoded=encoded)))
        return max(hits, key=lambda hit: hit.probability)


def faq_index(library: Library, texts: Mapping[str, Sequence[str]], before: FaqIndex | None = None) -> FaqIndex:
    """An index of the wordings of each answer. What `before` has read by the same library is not read again."""
    read = before.wordings if before is not None and before.library is library else {}
    keys = dict.fromkeys((ident, text) for ident, wordings in texts.items() for text in wordings)
    known = {key: read.get(key) or wording(library, library.analyse(key[1])) for key in keys}
    vectors = np.stack([item.vector for item in known.values()]) if known else np.zeros((0, 0), dtype=np.float32)
    return FaqIndex(library, known, vectors)
