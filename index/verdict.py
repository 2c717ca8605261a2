"""What a ranking asks for: an answer, a question back, or the word that it is none of ours; with probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.query import Query
from index.ranker import RankerUnusable
from index.search import Ranked, Ranking
from index.units import TargetKind, target_kind
from knowledge.models import Group

WEIGHTS_FILE = Path(__file__).parent / "data" / "verdict.json"
"""Written by `python -m index.training.train`."""

VERDICT_FEATURES = (
    "first", "first_logit", "second", "lead", "group", "family", "family_lead", "elsewhere", "none", "none_logit",
    "words", "rivals", "spread", "hinted", "short_group",
    "first_named", "first_covered", "second_named", "group_named", "group_covered",
)  # fmt: skip
"""Names of the features, in the order of a row."""

_RIVAL = 0.1
_FAR = 8.0

Row = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Probabilities that a careful officer would answer at once, ask back, or say that it is none of ours."""

    answer: float
    ask: float
    outside: float


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """Multinomial logistic regression over the shape of a ranking; rows of `weights` are answer, ask, outside."""

    mean: Row
    scale: Row
    weights: Row
    bias: Row

    def __call__(self, row: Row) -> Verdict:
        """The probabilities for one feature row."""
        scores = self.weights @ ((row - self.mean) / self.scale) + self.bias
        shares = np.exp(scores - scores.max())
        answer, ask, outside = (shares / shares.sum()).tolist()
        return Verdict(answer, ask, outside)


class Families:
    """The groups of siblings each procedure belongs to."""

    def __init__(self, groups: Mapping[str, Group]) -> None:
        self._of: dict[str, list[str]] = {}
        self.codes: dict[str, tuple[str, ...]] = {}
        for name, group in groups.items():
            self.codes[name] = tuple(variant.code for variant in group.variants)
            for code in self.codes[name]:
                self._of.setdefault(code, []).append(name)

    def best(self, ranking: Ranking) -> tuple[str | None, float, float]:
        """(the group that the leading procedure or the leading group speaks for, its own probability, its variants').

        None when neither belongs to a group.
        """
        shares = {item.target: item.probability for item in ranking.candidates}
        leader = next((item.target for item in procedures(ranking)), None)
        names = {item.target[2:] for item in ranking.candidates if target_kind(item.target) is TargetKind.GROUP}
        names.update(self._of.get(leader, ()) if leader else ())
        best: tuple[str | None, float, float] = (None, 0.0, 0.0)
        for name in sorted(names & self.codes.keys()):
            own, variants = shares.get(f"g:{name}", 0.0), sum(shares.get(code, 0.0) for code in self.codes[name])
            if own + variants > best[1] + best[2]:
                best = (name, own, variants)
        return best


def procedures(ranking: Ranking) -> Sequence[Ranked]:
    """The procedures of a ranking, best first."""
    return [item for item in ranking.candidates if target_kind(item.target) is TargetKind.PROCEDURE]


def verdict_row(ranking: Ranking, families: Families, query: Query, hinted: bool) -> Row:
    """The shape of a ranking as features. `hinted`: the message names a sibling's own word."""
    leaders = procedures(ranking)
    first = leaders[0].probability if leaders else 0.0
    second = leaders[1].probability if len(leaders) > 1 else 0.0
    name, group, variants = families.best(ranking)
    asked = next((item for item in ranking.candidates if item.target == f"g:{name}"), None)
    elsewhere = max(
        (c.probability for c in ranking.candidates if target_kind(c.target) is TargetKind.ELSEWHERE), default=0.0
    )
    total = sum(item.probability for item in leaders) or 1.0
    spread = -sum(p * math.log(p) for p in (item.probability / total for item in leaders) if p > 0)
    short = len(query.content) <= 3
    return np.array([
        first, _logit(first), second, first / ((first + second) or 1.0), group, max(variants - first, 0.0),
        first / ((group + variants) or 1.0) if variants else 1.0, elsewhere, ranking.none, _logit(ranking.none),
        math.log1p(len(query.content)), sum(item.probability >= _RIVAL for item in leaders), spread, float(hinted),
        group * short, *_fits(leaders[0] if leaders else None), _fits(leaders[1] if len(leaders) > 1 else None)[0],
        *_fits(asked),
    ])  # fmt: skip


def _fits(item: Ranked | None) -> tuple[float, float]:
    return (item.named, item.covered) if item is not None else (0.0, 0.0)


def _logit(share: float) -> float:
    inner = min(max(share, 1e-6), 1 - 1e-6)
    return max(min(math.log(inner / (1 - inner)), _FAR), -_FAR)


@cache
def load_verdict(path: Path = WEIGHTS_FILE) -> VerdictModel:
    """The trained weights.

    Raises `RankerUnusable` when the file's features are not this version's.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    if tuple(data["features"]) != VERDICT_FEATURES:
        raise RankerUnusable("the verdict was trained on other features: train it again")
    return VerdictModel(*(np.array(data[part]) for part in ("mean", "scale", "weights", "bias")))
