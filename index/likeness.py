"""Whether two questions ask the same: near in meaning, alike in words, and wanting to know the same thing.

Groups the questions that citizens ask and finds the officials' answer to one of them. Trained and measured on questions
that say one need in other words, and on near ones that want something else (`index/training/likeness.py`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from index.library import Library
from index.projection import load_projection
from index.query import Query
from index.text import fold_all

WEIGHTS_FILE = Path(__file__).parent / "data" / "likeness.json"
"""Written by `python -m index.training.likeness`."""
FEATURES = ("cosine", "words", "half_asked", "same_asked")
_ASKED_FILE = Path(__file__).parent / "data" / "asked.yaml"


class Told(Protocol):
    """The words of a question, as questions are compared by them."""

    @property
    def words(self) -> str:
        """Its telling words without diacritics, restored and written out."""
        ...

    @property
    def asks(self) -> frozenset[str]:
        """What it wants to know: money, time, place and so on; empty where that cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question, without a vector."""

    words: str
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question ready to be compared with others."""

    vector: NDArray[np.float32]
    """Of length 1; all zeros where nothing is known of its words."""
    words: str
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression over `FEATURES`."""

    weights: tuple[float, ...]
    bias: float

    def __call__(self, features: tuple[float, ...]) -> float:
        """The probability for one row of features."""
        score = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-score))


def wording(library: Library, query: Query) -> Wording:
    """A citizen's or an official's question as it is compared."""
    said = told(query)
    return Wording(_vector(library, " ".join(query.words), query.folded), said.words, said.asks)


def told(query: Query) -> Words:
    """Its words as they are compared."""
    return Words(" ".join(fold_all(query.content)), asked(query.words))


def likeness(cosine: float, one: Told, other: Told, *, encoded: bool) -> float:
    """The probability that two questions ask the same. `encoded`: whether their vectors are the encoder's."""
    return 0.0 if at_odds(one, other) else load_weights()["encoded" if encoded else "words"](row(cosine, one, other))


def row(cosine: float, one: Told, other: Told) -> tuple[float, ...]:
    """The features of a pair."""
    half = bool(one.asks) != bool(other.asks)
    return cosine, _alike(one.words, other.words), float(half), float(bool(one.asks & other.asks))


def _alike(one: str, other: str) -> float:
    """How alike two questions are in words. "Phí bao nhiêu" stands in much longer ones, and is none of them."""
    shorter, longer = sorted((len(one.split()), len(other.split())))
    return (token_set_ratio if 2 * shorter >= longer else token_sort_ratio)(one, other) / 100


def asked(words: tuple[str, ...]) -> frozenset[str]:
    """What a question wants to know, by its words."""
    text = " ".join(fold_all(words))
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(text))


def at_odds(one: Told, other: Told) -> bool:
    """Whether they want to know different things: what it costs, and when it opens."""
    return bool(one.asks) and bool(other.asks) and not one.asks & other.asks


def _vector(library: Library, text: str, folded: list[str]) -> NDArray[np.float32]:
    """The encoder's vector without what all have in common; where there is no encoder, the words projected."""
    projection = load_projection()
    if library.embedder is None:
        return projection.of(folded, None)
    vector = library.embedder.embed_query(text) - projection.mean
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


@cache
def load_weights(path: Path = WEIGHTS_FILE) -> Mapping[str, Weights]:
    """The trained weights, for vectors of the encoder ("encoded") and for projected words ("words")."""
    data = json.loads(path.read_text("utf-8"))
    return {name: Weights(tuple(part["weights"]), part["bias"]) for name, part in data.items()}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    loaded: Mapping[str, list[str]] = yaml.safe_load(_ASKED_FILE.read_text("utf-8"))
    return {name: re.compile(rf"\b(?:{'|'.join(parts)})\b") for name, parts in loaded.items()}
