"""Trains the ranker on the cards' own aliases and situations: `python -m index.training.train DATA_DIR`.

Each question is made from one alias or situation, and that text is hidden while its features are computed, so
the ranker learns to go by the other evidence. Writes `index/data/ranker.json` and prints how well it does
on targets that were held out.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.artefact import LibraryHolder
from index.embed import open_embedder
from index.features import FEATURES, Evidence
from index.query import analyse
from index.ranker import WEIGHTS_FILE, Ranker
from index.restore import Restorer
from index.search import Searcher
from index.training.fit import Example, Fitted, fit
from index.training.samples import Sample, samples

_DENSE = [FEATURES.index(name) for name in ("dense_title", "dense_name", "dense_gap")]


def examples(searcher: Searcher, restorer: Restorer, asked: Sequence[Sample]) -> list[Example]:
    """Feature rows of each question's candidates. A question whose target no search found is left out."""
    made = []
    for sample in asked:
        query = analyse(sample.text, restorer)
        evidence = _hidden(searcher.gather(query), sample.unit)
        targets = searcher.targets(evidence)
        if not targets or (sample.target is not None and sample.target not in targets):
            continue
        rows = searcher.features.rows(query, evidence, targets, without=sample.unit)
        made.append(Example(rows, targets.index(sample.target) if sample.target is not None else -1))
    return made


def _hidden(evidence: Evidence, unit: int | None) -> Evidence:
    if unit is None:
        return evidence

    def without(scores: Mapping[int, float]) -> Mapping[int, float]:
        return {number: score for number, score in scores.items() if number != unit}

    return replace(
        evidence, words=without(evidence.words), folded=without(evidence.folded), dense=without(evidence.dense)
    )


def accuracy(model: Fitted, held_out: Sequence[Example]) -> tuple[float, float]:
    """(share of right first choices, mean log probability of the right one) on held-out questions."""
    ranker = Ranker(model.mean, model.scale, model.weights, model.none_bias)
    right, total = 0, 0.0
    for example in held_out:
        shares, none = ranker.probabilities(example.rows)
        options = np.append(shares, none)
        place = example.right if example.right >= 0 else len(shares)
        right += int(options.argmax() == place)
        total += float(np.log(max(options[place], 1e-12)))
    return right / len(held_out), total / len(held_out)


def train(searcher: Searcher, restorer: Restorer) -> dict[str, object]:
    """Both models: with dense features and without. Prints their held-out figures."""
    asked = list(samples(searcher.units, searcher.features.popularity()))
    held = _held_out(asked)
    training = examples(searcher, restorer, [s for s in asked if s.origin not in held])
    testing = examples(searcher, restorer, [s for s in asked if s.origin in held])
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
            "none_bias": round(model.none_bias, 6),
        }
    return {"features": list(FEATURES), "models": models}


def _held_out(asked: Sequence[Sample]) -> set[str]:
    """Every fifth origin: whole targets and whole lines from outside, so that no sibling text leaks."""
    origins = sorted({sample.origin for sample in asked})
    random.Random(11).shuffle(origins)  # noqa: S311
    return set(origins[::5])


def main() -> None:
    """Train on the current build of a data directory and write the weights file."""
    data_dir = Path(sys.argv[1])
    library = LibraryHolder(data_dir, open_embedder("bundled", data_dir / "cache"))()
    data = train(library.searcher, library.restorer)
    WEIGHTS_FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
