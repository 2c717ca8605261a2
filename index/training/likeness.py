"""Trains the likeness of questions: `python -m index.training.likeness DATA_DIR`.

On `needs.jsonl`: needs, each said in other words; needs of one family are near one another and still different. Prints
how well pairs are told apart that were held out, family by family, and writes the weights into `index/data/`.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.artefact import current_build, open_library
from index.embed import open_embedder
from index.library import Library
from index.likeness import WEIGHTS_FILE, Weights, at_odds, row, wording

NEEDS = Path(__file__).parent / "needs.jsonl"
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Need:
    """One need said in several ways."""

    family: str
    need: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, compared."""

    features: tuple[float, ...]
    at_odds: bool
    same: bool
    part: int


def read_needs(path: Path = NEEDS) -> list[Need]:
    """All needs of the set."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Need(item["family"], item["need"], tuple(item["texts"])) for item in rows]


def pairs(library: Library, needs: Sequence[Need]) -> Iterator[Pair]:
    """Every two questions of the set."""
    parts = {family: number % _PARTS for number, family in enumerate(dict.fromkeys(need.family for need in needs))}
    said = [(need, wording(library, library.analyse(text))) for need in needs for text in need.texts]
    for (need, one), (other_need, other) in itertools.combinations(said, 2):
        cosine = float(one.vector @ other.vector)
        yield Pair(row(cosine, one, other), at_odds(one, other), need is other_need, parts[need.family])


def fit(samples: Sequence[Pair]) -> Weights:
    """Weights for pairs that do not want different things outright."""
    kept = [pair for pair in samples if not pair.at_odds]
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(np.array([pair.features for pair in kept]), np.array([pair.same for pair in kept]))
    return Weights(tuple(round(float(w), 4) for w in model.coef_[0]), round(float(model.intercept_[0]), 4))


def held_out(samples: Sequence[Pair]) -> NDArray[np.float64]:
    """Each pair's probability by a model that has seen no pair of its family."""
    models = [fit([pair for pair in samples if pair.part != part]) for part in range(_PARTS)]
    return np.array([0.0 if pair.at_odds else models[pair.part](pair.features) for pair in samples])


def main() -> None:
    """Trains for vectors of the encoder and for words alone."""
    data_dir = Path(sys.argv[1])
    folder = current_build(data_dir)
    embedder = open_embedder("bundled", data_dir / "cache")
    learned = {}
    for name, library in (("encoded", open_library(folder, embedder)), ("words", open_library(folder, None))):
        samples = list(pairs(library, read_needs()))
        _report(name, samples, held_out(samples))
        model = fit(samples)
        learned[name] = {"weights": list(model.weights), "bias": model.bias}
    WEIGHTS_FILE.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")


def _report(name: str, samples: Sequence[Pair], shares: NDArray[np.float64]) -> None:
    same = np.array([pair.same for pair in samples])
    print(f"{name}: {len(samples)} pairs, {same.sum()} of the same need")  # noqa: T201
    for threshold in THRESHOLDS:
        taken = shares >= threshold
        precision = float(same[taken].mean()) if taken.any() else 1.0
        recall = float(taken[same].mean())
        print(f"  from {threshold}: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
