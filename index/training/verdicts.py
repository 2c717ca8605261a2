"""Trains the verdict on questions as people type them: of cards, of groups, from outside, and vague ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.aspects import matter
from index.evaluation.sets import read_set
from index.library import Library
from index.query import Query
from index.search import Ranking
from index.training.fit import Adam
from index.training.hidden import evidence_without
from index.training.samples import fold_of
from index.training.typed import QUESTIONS
from index.units import TargetKind, UnitKind, target_kind
from index.verdict import VerdictModel, verdict_row

ANSWER, ASK, OUTSIDE = 0, 1, 2
_LABEL = {
    TargetKind.PROCEDURE: ANSWER, TargetKind.FAQ: ANSWER, TargetKind.GROUP: ASK,
    TargetKind.ELSEWHERE: OUTSIDE, TargetKind.NONE: OUTSIDE,
}  # fmt: skip
_BEHAVIOUR = {"answer": ANSWER, "ask_back": ASK, "out_of_scope": OUTSIDE}

Rows = NDArray[np.float64]


def labelled(library: Library) -> Iterator[tuple[str, int | None, int, int]]:
    """(question, the searched unit to hide, label, part) of all typed questions."""
    for number, unit in enumerate(library.searcher.lexical.texts):
        if unit.kind is UnitKind.EXAMPLE:
            yield unit.text, number, _LABEL[target_kind(unit.target)], fold_of(number)
    for case in read_set(QUESTIONS):
        first = case.questions[0]
        if first.behaviour:
            yield first.text, None, _BEHAVIOUR[first.behaviour], fold_of(case.id)


def rows(parts: Sequence[Library]) -> tuple[Rows, NDArray[np.int64]]:
    """Feature rows and labels of all typed questions; `parts` as in `index.training.folds`."""
    made, labels = [], []
    for text, unit, label, part in labelled(parts[0]):
        library = parts[part]
        query = matter(library.analyse(text))
        ranking = ranked_without(library, query, unit)
        made.append(verdict_row(ranking, library.families, query, library.hinted(query, ranking)))
        labels.append(label)
    return np.array(made), np.array(labels)


def ranked_without(library: Library, query: Query, unit: int | None) -> Ranking:
    """The ranking of a question as if the text it was made from were not known."""
    searcher = library.searcher
    if unit is None:
        return searcher.rank(query)
    return searcher.ranked(query, searcher.encoded(query, evidence_without(searcher, query, unit)))


def fit_verdict(features: Rows, labels: Sequence[int] | NDArray[np.int64], penalty: float = 1.0) -> VerdictModel:
    """Maximum likelihood with an L2 penalty."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < 1e-9] = 1.0
    matrix = (features - mean) / scale
    truth = np.eye(3)[np.asarray(labels)]
    weights = np.zeros((3, matrix.shape[1] + 1))
    adam = Adam(weights.shape)
    inputs = np.column_stack([matrix, np.ones(len(matrix))])
    for _ in range(1500):
        scores = inputs @ weights.T
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        gradient = (shares - truth).T @ inputs / len(inputs) + penalty * weights / len(inputs)
        weights = weights - adam.step(gradient)
    return VerdictModel(mean, scale, weights[:, :-1], weights[:, -1])
