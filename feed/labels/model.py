"""The trained classifier: linear scores of a message's terms, turned into probabilities. Needs no scikit-learn."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feed.labels.types import Flag, Kind, Sentiment

MODEL_FILE = Path(__file__).parent.parent / "data" / "labels.npz"
"""Written by `python -m feed.training.labels`."""
KINDS, SENTIMENTS, FLAGS = tuple(Kind), tuple(Sentiment), tuple(Flag)

Floats = NDArray[np.float32]


def term_id(term: str) -> int:
    """What stands for a term in the archive: its CRC-32 checksum."""
    return zlib.crc32(term.encode())


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What the model thinks; kinds and sentiments each sum to 1, flags stand each for itself."""

    kinds: Mapping[Kind, float]
    sentiments: Mapping[Sentiment, float]
    flags: Mapping[Flag, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Linear scores, one for each column of `weights`; from all of them together a softmax for kind and for sentiment,
    from each flag's own score a logistic function. `known` are the terms it was trained on, ascending."""

    version: str
    known: NDArray[np.uint32]
    rarity: Floats
    """Inverse document frequency of each term."""
    weights: NDArray[np.int8]
    scale: Floats
    """What one step in a column of `weights` means."""
    bias: Floats
    kinds: Floats
    """(scores + 1, kinds): what each score, and at the end a constant, adds to each kind."""
    sentiments: Floats
    flags: Floats
    """(2, flags): factor of the flag's score, and constant."""
    thresholds: Floats
    """Probability from which on the flag is set."""
    _row_of: dict[int, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Makes the terms quick to find."""
        self._row_of.update((term, row) for row, term in enumerate(self.known.tolist()))

    def scores(self, terms: Iterable[str]) -> Floats:
        """The linear scores of a message with these terms; repetitions count logarithmically."""
        counts = Counter(map(term_id, terms))
        met = {self._row_of[term]: count for term, count in counts.items() if term in self._row_of}
        if not met:
            return self.bias
        rows = np.fromiter(met, dtype=np.int64, count=len(met))
        often = np.array([1 + math.log(count) for count in met.values()], dtype=np.float32)
        values = often * self.rarity[rows]
        values /= np.linalg.norm(values)
        return np.asarray((values @ self.weights[rows]) * self.scale + self.bias, dtype=np.float32)

    def probabilities(self, terms: Iterable[str]) -> Probabilities:
        """What the model thinks of a message with these terms."""
        scores = self.scores(terms)
        told = np.append(scores, np.float32(1))
        raised = scores[-len(FLAGS) :] * self.flags[0] + self.flags[1]
        return Probabilities(
            dict(zip(KINDS, _softmax(told @ self.kinds), strict=True)),
            dict(zip(SENTIMENTS, _softmax(told @ self.sentiments), strict=True)),
            dict(zip(FLAGS, (1 / (1 + np.exp(-raised))).tolist(), strict=True)),
        )

    def suspected(self, flags: Mapping[Flag, float]) -> frozenset[Flag]:
        """The flags whose probability reaches their threshold."""
        return frozenset(flag for flag, least in zip(FLAGS, self.thresholds, strict=True) if flags[flag] >= least)


def _softmax(values: Floats) -> list[float]:
    shares = np.exp(values - values.max())
    made: list[float] = (shares / shares.sum()).tolist()
    return made


_ARRAYS = ("known", "rarity", "weights", "scale", "bias", "kinds", "sentiments", "flags", "thresholds")


@cache
def load_model(path: Path = MODEL_FILE) -> Model:
    """The trained model."""
    with np.load(path, allow_pickle=False) as archive:
        return Model(str(archive["version"]), *(archive[name] for name in _ARRAYS))


def save_model(model: Model, path: Path = MODEL_FILE) -> None:
    """Writes a model; the same model gives the same bytes."""
    arrays = {name: getattr(model, name) for name in _ARRAYS}
    with path.open("wb") as file:
        np.savez_compressed(file, version=np.array(model.version), **arrays)
