"""What each signal adds: the ranker is fitted again without it, on the same training questions.

    BANHOI_DATA_DIR=… python -m benchmarks.ablation [SET.jsonl…] [--every 4]

Feature rows are made once; a signal is taken away by masking its features, so the candidates stay the same, save in the
last rows, which take kinds of candidates away. Judges our own `dev` and the sets named: messages that stand alone, are
to be answered about a procedure, and whose procedure the build holds. To save time it fits on every fourth training
question, the first row too. Prints Markdown; takes some minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.opening import OWN_QUESTIONS, Opened, describe, due, open_build, percent, read_cases, single_turns
from benchmarks.refit import Refitter
from index.artefact import open_library
from index.aspects import matter
from index.evaluation.sets import Case
from index.features import FEATURES
from index.library import Library
from index.ranker import Ranker
from index.training.fit import Example
from index.training.folds import Fitting, all_samples
from index.training.remembered import remembering
from index.training.train import examples
from index.units import TargetKind, target_kind

SIGNALS: Mapping[str, tuple[str, ...]] = {
    "cosines": ("dense_*",),
    "titles": ("title_*",),
    "names": ("name_*",),
    "situations and examples": ("situation_*",),
    "share of the question": ("*_query_share",),
    "share of the text": ("*_unit_share", "name_within_query", "name_equal"),
    "word pairs": ("*_pairs",),
    "words with diacritics": ("*_accented",),
    "BM25": ("lexical_*",),
    "trigrams": ("trigram*",),
    "longer texts": ("body", "whole*"),
    "popularity": ("popularity*",),
    "acts": ("act_*",),
    "narrowings": ("narrower*", "foreign_*"),
    "hints of siblings": ("hint_*",),
    "kind of target": ("group*", "elsewhere", "faq", "outside"),
}
"""Families of features by patterns of their names. A feature that none of them covers is a family of its own."""
KINDS: Mapping[str, str] = {
    "groups as candidates": "group",
    "things handled elsewhere as candidates": "elsewhere",
    "answered questions as candidates": "faq",
    "none of ours as candidate": "outside",
}
"""Kinds of candidates, each with the feature that marks it."""
_LEAST = 1e-12

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posed:
    """A question to judge by: its candidates, which of them are procedures, and which are right."""

    rows: Rows
    procedure: NDArray[np.bool_]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a ranker does on a set."""

    count: int
    first: int
    in_three: int
    likelihood: float
    """Mean log probability of the right procedure among all candidates, over questions where a search found it."""


def families(features: Sequence[str] = FEATURES) -> dict[str, list[int]]:
    """Columns of each family that there is."""
    named = {
        name: [at for at, feature in enumerate(features) if any(fnmatch(feature, pattern) for pattern in patterns)]
        for name, patterns in SIGNALS.items()
    }
    covered = {at for columns in named.values() for at in columns}
    return {name: columns for name, columns in named.items() if columns} | {
        feature: [at] for at, feature in enumerate(features) if at not in covered
    }


def posed(library: Library, cases: Sequence[Case]) -> list[Posed]:
    """Feature rows of all questions to judge by, the encoder always asked."""
    searcher = library.searcher
    names = searcher.lexical.targets
    found = []
    for case in single_turns(cases):
        question = case.questions[0]
        if not due(question):
            continue
        query = matter(library.analyse(question.text))
        evidence = searcher.encoded(query, searcher.gather_words(query))
        candidates = searcher.candidates(evidence)
        targets = [names[number] for number in candidates]
        found.append(
            Posed(
                searcher.features.rows(query, evidence, candidates),
                np.array([target_kind(target) is TargetKind.PROCEDURE for target in targets], dtype=np.bool_),
                np.array([target in question.codes for target in targets], dtype=np.bool_),
            )
        )
    return found


def figures(ranker: Ranker, questions: Sequence[Posed]) -> Figures:
    """Judge a ranker. A right procedure that no search found counts as not first and not in three."""
    first, in_three, likelihoods = 0, 0, []
    for question in questions:
        if not question.right.any():
            continue
        shares = ranker.probabilities(question.rows)
        order = np.argsort(-np.where(question.procedure, shares, -1.0))[:3]
        first += int(question.right[order[0]])
        in_three += int(question.right[order].any())
        likelihoods.append(float(np.log(max(shares[question.right].sum(), _LEAST))))
    return Figures(len(questions), first, in_three, float(np.mean(likelihoods)) if likelihoods else 0.0)


def without_kind(training: Sequence[Example], column: int) -> list[Example]:
    """The training questions without candidates of a kind, and without those that mean one."""
    kept = []
    for example in training:
        other = example.rows[:, column] == 0
        if other[example.right]:
            kept.append(replace(example, rows=example.rows[other], right=int(other[: example.right].sum())))
    return kept


def posed_without_kind(questions: Sequence[Posed], column: int) -> list[Posed]:
    """The questions to judge by without candidates of a kind."""
    masks = [question.rows[:, column] == 0 for question in questions]
    return [Posed(q.rows[m], q.procedure[m], q.right[m]) for q, m in zip(questions, masks, strict=True)]


def ablated(training: Sequence[Example], sets: Mapping[str, Sequence[Posed]]) -> Iterator[tuple[str, list[Figures]]]:
    """(what was taken away, figures of each set), with nothing taken away first."""
    refitter = Refitter(training)
    yield "nothing", _all(refitter.without(), sets)
    for name, columns in families().items():
        yield name, _all(refitter.without(columns), sets)
    for name, feature in KINDS.items():
        if feature in FEATURES:
            column = FEATURES.index(feature)
            left = {each: posed_without_kind(questions, column) for each, questions in sets.items()}
            yield name, _all(Refitter(without_kind(training, column)).without(), left)


def _all(ranker: Ranker, sets: Mapping[str, Sequence[Posed]]) -> list[Figures]:
    return [figures(ranker, questions) for questions in sets.values()]


def table(rows: Sequence[tuple[str, Sequence[Figures]]], names: Sequence[str]) -> str:
    """The Markdown table; in brackets the change against the first row."""
    counts = [result.count for result in rows[0][1]]
    heads = [
        f"{name} ({count}): first % | in three % | log likelihood" for name, count in zip(names, counts, strict=True)
    ]
    lines = [f"| without | {' | '.join(heads)} |", "|---" + "|--:" * 3 * len(names) + "|"]
    for name, results in rows:
        cells = [_cells(own, whole) for own, whole in zip(results, rows[0][1], strict=True)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cells(own: Figures, whole: Figures) -> str:
    shares = [
        percent(got, own.count) + (f" ({100 * (got - full) / own.count:+.1f})" if own is not whole else "")
        for got, full in ((own.first, whole.first), (own.in_three, whole.in_three))
        if own.count
    ] or ["–", "–"]
    change = f" ({own.likelihood - whole.likelihood:+.3f})" if own is not whole else ""
    return f"{' | '.join(shares)} | {own.likelihood:.3f}{change}"


def measure(opened: Opened, paths: Sequence[Path], every: int) -> list[tuple[str, list[Figures]]]:
    """All rows. What was embedded is remembered in the data directory's cache, as training does."""
    if opened.library.embedder is None:
        raise SystemExit("ablation needs a build with vectors and the embedder that made them")
    with remembering(opened.embedder, opened.data_dir / "cache") as embedder:
        library = open_library(opened.folder, embedder)
        asked = all_samples(library)
        fitting = Fitting(opened.folder, library, embedder, asked)
        training = examples(fitting.libraries(fitting.partial()), asked[::every]).encoded
        sets = {path.name: posed(library, read_cases(path, library)) for path in paths}
    return list(_told(ablated(training, sets)))


def _told(rows: Iterator[tuple[str, list[Figures]]]) -> Iterator[tuple[str, list[Figures]]]:
    """The rows, each named on standard error when it is there."""
    for name, results in rows:
        print(name, file=sys.stderr)
        yield name, results


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="*", metavar="SET")
    parser.add_argument("--every", type=int, default=4, help="fit on every so-manieth training question")
    options = parser.parse_args()
    opened = open_build()
    paths = [OWN_QUESTIONS / "dev.jsonl", *options.sets]
    rows = measure(opened, paths, options.every)
    print(f"{describe(opened.folder)}\n\n{table(rows, [path.name for path in paths])}")


if __name__ == "__main__":
    main()
