"""Trains the ranker on the cards' own names and situations: `python -m index.training.train DATA_DIR`.

Each question is made from one of these texts, and mostly that text is hidden while its features are computed, so
the ranker learns to go by the other evidence. Writes `index/data/ranker.json` and prints how well it does
on targets that were held out.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path

import numpy as np

from index.artefact import current_build, open_library
from index.aspects import matter
from index.embed import open_embedder
from index.features import DENSE_FEATURES, FEATURES
from index.library import Library
from index.ranker import WEIGHTS_FILE, Ranker, load_rankers
from index.training.fit import Example, fit
from index.training.hidden import evidence_without
from index.training.remembered import remembering
from index.training.samples import Sample, samples
from index.training.verdicts import fit_verdict, rows
from index.verdict import VERDICT_FEATURES
from index.verdict import WEIGHTS_FILE as VERDICT_FILE

_DENSE = [FEATURES.index(name) for name in DENSE_FEATURES]


def examples(library: Library, asked: Sequence[Sample]) -> list[Example]:
    """Feature rows of each question's candidates. A question whose target no search found is left out."""
    searcher = library.searcher
    made = []
    for sample in asked:
        query = matter(library.analyse(sample.text))
        evidence = evidence_without(searcher, query, sample.unit)
        candidates = searcher.candidates(evidence)
        places = np.flatnonzero(candidates == searcher.lexical.target_number.get(sample.target, -1))
        if len(places):
            made.append(Example(searcher.features.rows(query, evidence, candidates), int(places[0]), sample.weight))
    return made


def accuracy(model: Ranker, held_out: Sequence[Example]) -> tuple[float, float]:
    """(share of right first choices, mean log probability of the right one) on held-out questions."""
    right, total = 0, 0.0
    for example in held_out:
        shares = model.probabilities(example.rows)
        right += int(shares.argmax() == example.right)
        total += float(np.log(max(shares[example.right], 1e-12)))
    return right / len(held_out), total / len(held_out)


def train(library: Library) -> dict[str, object]:
    """Both models: with dense features and without. Prints their held-out figures."""
    lexical = library.searcher.lexical
    asked = list(samples(lexical.texts, library.searcher.features.popularity()))
    held = _held_out(asked)
    training = examples(library, [s for s in asked if s.origin not in held])
    testing = examples(library, [s for s in asked if s.origin in held])
    models = {}
    for name, masked in (("dense", []), ("lexical", _DENSE)):
        model = fit(training, masked=masked)
        first, likelihood = accuracy(model, testing)
        figures = f"right first {first:.3f}, log likelihood {likelihood:.3f}"
        sys.stdout.write(f"{name}: {figures} on {len(testing)} held out\n")
        models[name] = {
            "mean": model.mean.round(6).tolist(),
            "scale": model.scale.round(6).tolist(),
            "weights": model.weights.round(6).tolist(),
        }
    return {"features": list(FEATURES), "models": models}


def train_verdict(library: Library) -> dict[str, object]:
    """The verdict on typed questions. Prints its figures on every fifth of them, held out."""
    features, labels = rows(library)
    held = np.arange(len(labels)) % 5 == 0
    model = fit_verdict(features[~held], labels[~held])
    guesses = [np.argmax(list(astuple(model(row)))) for row in features[held]]
    right = float(np.mean(np.array(guesses) == labels[held]))
    sys.stdout.write(f"verdict: right {right:.3f} of {held.sum()} held out\n")
    return {
        "features": list(VERDICT_FEATURES),
        **{name: value.round(6).tolist() for name, value in asdict(fit_verdict(features, labels)).items()},
    }


def _held_out(asked: Sequence[Sample]) -> set[str]:
    """Every fifth origin: whole targets and whole lines from outside, so that no sibling text leaks."""
    origins = sorted({sample.origin for sample in asked})
    random.Random(11).shuffle(origins)  # noqa: S311
    return set(origins[::5])


def main() -> None:
    """Train on the current build of a data directory and write the weights file."""
    data_dir = Path(sys.argv[1])
    with remembering(open_embedder("bundled", data_dir / "cache"), data_dir / "cache") as embedder:
        library = open_library(current_build(data_dir), embedder)
        WEIGHTS_FILE.write_text(json.dumps(train(library), indent=1) + "\n", encoding="utf-8")
        load_rankers.cache_clear()
        verdict = train_verdict(open_library(current_build(data_dir), embedder))
        VERDICT_FILE.write_text(json.dumps(verdict, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
