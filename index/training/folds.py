"""What projections are fitted on, in parts: each part is to be judged by a projection that knows nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.artefact import UNIT_VECTORS, open_library
from index.aspects import matter
from index.dense import read_vectors
from index.library import Library
from index.projection import Projection, Vectors
from index.training.project import Meant, Texts, fit_projection
from index.training.remembered import RememberingEmbedder
from index.training.samples import FOLDS, Sample, part_of, samples
from index.training.typed import typed


def all_samples(library: Library) -> list[Sample]:
    """What there is to train on: texts of cards, dirtied, and questions as typed."""
    searcher = library.searcher
    groups = {f"g:{name}": frozenset(codes) for name, codes in library.families.codes.items()}
    made = [*samples(searcher.lexical.texts, searcher.features.popularity), *typed(groups)]
    return [sample for sample in made if sample.target in searcher.lexical.target_number]


class Fitting:
    """Everything that projections are fitted on, gathered once."""

    def __init__(self, folder: Path, library: Library, embedder: RememberingEmbedder, asked: Sequence[Sample]) -> None:
        lexical = library.searcher.lexical
        self._folder, self._embedder = folder, embedder
        vectors = read_vectors(folder / UNIT_VECTORS, len(lexical.units))
        self._known = Texts(lexical.folded_words, vectors)
        self._owner = lexical.owner.astype(np.int64)
        words = [matter(library.analyse(sample.text)).content for sample in asked]
        self._words = [lexical.asked(content).folded for content in words]
        self._encoded: Vectors = np.stack([embedder.embed_query(" ".join(content)) for content in words])
        self._part = np.array([part_of(sample) for sample in asked])
        self._meant = Meant(
            np.array([lexical.target_number[sample.target] for sample in asked], dtype=np.int64),
            np.array([sample.weight for sample in asked], dtype=np.float32),
            np.array([-1 if sample.unit is None else sample.unit for sample in asked], dtype=np.int64),
        )

    def projection(self, without: int | None = None) -> Projection:
        """Fitted on all samples, or on those of the other parts."""
        chosen = np.flatnonzero(self._part != (-1 if without is None else without))
        asked = Texts([self._words[n] for n in chosen], self._encoded[chosen])
        meant = Meant(self._meant.target[chosen], self._meant.weight[chosen], self._meant.hidden[chosen])
        return fit_projection(self._known, self._owner, asked, meant, self._embedder.name)

    def partial(self) -> list[Projection]:
        """For each part the projection that has not seen it."""
        return [self.projection(part) for part in range(FOLDS)]

    def libraries(self, partial: Sequence[Projection]) -> list[Library]:
        """For each part the library that knows nothing of it, with the weights that are on disk now."""
        return [open_library(self._folder, self._embedder, projection) for projection in partial]
