"""Trains all that ranks: `python -m index.training.train DATA_DIR` (needs the extra `transformers` for PyTorch).

First the projection, on questions and the targets that they mean; then, by cosines of projections that have not seen
a question (`folds.py`), the ranker and the verdict. A question made from a card's text is searched as if that text were
not known, so that the ranker learns to go by the other evidence. Writes the weights into `index/data/` and prints how
well they do on targets that were held out.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from index.artefact import current_build, open_library
from index.aspects import matter
from index.embed import open_embedder
from index.features import FEATURES
from index.library import Library
from index.projection import WEIGHTS_FILE as PROJECTION_FILE
from index.projection import save_projection
from index.ranker import WEIGHTS_FILE, load_rankers
from index.training.fit import Example, accuracy, fit, rounded
from index.training.folds import Fitting, all_samples
from index.training.hidden import evidence_without
from index.training.remembered import remembering
from index.training.samples import Sample, part_of
from index.training.verdicts import fit_verdict, rows
from index.verdict import VERDICT_FEATURES
from index.verdict import WEIGHTS_FILE as VERDICT_FILE

_MADE = 4
"""One in so many of the samples made from cards trains the ranker."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What the two models are fitted on, in the same order of questions."""

    encoded: list[Example]
    words: list[Example]


def examples(parts: Sequence[Library], asked: Sequence[Sample]) -> Examples:
    """Feature rows of each question's candidates. A question whose target no search found is left out.

    `parts`: the library for each part.
    """
    made = Examples([], [])
    for sample in asked:
        searcher, query = parts[part_of(sample)].searcher, matter(parts[0].analyse(sample.text))
        words = evidence_without(searcher, query, sample.unit)
        for evidence, known in ((words, made.words), (searcher.encoded(query, words), made.encoded)):
            candidates = searcher.candidates(evidence)
            places = np.flatnonzero(candidates == searcher.lexical.target_number.get(sample.target, -1))
            if len(places):
                features = searcher.features.rows(query, evidence, candidates)
                known.append(Example(features, int(places[0]), sample.weight))
    return made


def train(parts: Sequence[Library], every: Sequence[Sample]) -> dict[str, object]:
    """Both models: for the encoder's cosines and for those of words. Prints their held-out figures."""
    asked = [sample for sample in every if _taken(sample)]
    held = _held_out(asked)
    training = examples(parts, [sample for sample in asked if sample.origin not in held])
    testing = examples(parts, [sample for sample in asked if sample.origin in held])
    models = {}
    for name in ("encoded", "words"):
        model, judged = fit(getattr(training, name)), getattr(testing, name)
        first, likelihood = accuracy(model, judged)
        figures = f"right first {first:.3f}, log likelihood {likelihood:.3f}"
        sys.stdout.write(f"{name}: {figures} on {len(judged)} held out\n")
        models[name] = rounded(model)
    return {"features": list(FEATURES), "models": models}


def _taken(sample: Sample) -> bool:
    """All that was typed, and some of what was made from cards: the ranker has few weights to fit."""
    return sample.weight >= 1 or zlib.crc32(sample.text.encode()) % _MADE == 0


def train_verdict(parts: Sequence[Library]) -> dict[str, object]:
    """The verdict on typed questions. Prints its figures on every fifth of them, held out."""
    features, labels = rows(parts)
    held = np.arange(len(labels)) % 5 == 0
    model = fit_verdict(features[~held], labels[~held])
    guesses = [np.argmax(list(astuple(model(row)))) for row in features[held]]
    right = float(np.mean(np.array(guesses) == labels[held]))
    sys.stdout.write(f"verdict: right {right:.3f} of {held.sum()} held out\n")
    return {"features": list(VERDICT_FEATURES), **rounded(fit_verdict(features, labels))}


def _held_out(asked: Sequence[Sample]) -> set[str]:
    """Every fifth origin: whole targets and whole lines from outside, so that no sibling text leaks."""
    origins = sorted({sample.origin for sample in asked})
    random.Random(11).shuffle(origins)  # noqa: S311
    return set(origins[::5])


def main() -> None:
    """Train on the current build of a data directory and write the weights files."""
    data_dir = Path(sys.argv[1])
    with remembering(open_embedder("bundled", data_dir / "cache"), data_dir / "cache") as embedder:
        folder = current_build(data_dir)
        library = open_library(folder, embedder)
        asked = all_samples(library)
        fitting = Fitting(folder, library, embedder, asked)
        save_projection(fitting.projection(), PROJECTION_FILE)
        partial = fitting.partial()
        _write(WEIGHTS_FILE, train(fitting.libraries(partial), asked))
        load_rankers.cache_clear()
        _write(VERDICT_FILE, train_verdict(fitting.libraries(partial)))


def _write(path: Path, weights: Mapping[str, object]) -> None:
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
