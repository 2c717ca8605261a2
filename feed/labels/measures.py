"""How well labels agree with those that people gave: F1 by class and on average, confusions, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How a class fared. What has no occasion to be right or wrong is 0."""

    wanted: int
    """Messages that are of the class."""
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often which label was given where which one was wanted."""

    counts: Counter[tuple[str, str]]
    """By (wanted, given)."""

    @property
    def classes(self) -> list[str]:
        """All that was wanted or given."""
        return sorted({label for pair in self.counts for label in pair})

    def of(self, label: str) -> Share:
        """How one class fared."""
        right = self.counts[label, label]
        wanted = sum(count for (there, _), count in self.counts.items() if there == label)
        given = sum(count for (_, there), count in self.counts.items() if there == label)
        return Share(wanted, right / given if given else 0.0, right / wanted if wanted else 0.0)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of all classes that were wanted or given; 0 where nothing was judged."""
        classes = self.classes
        return sum(self.of(label).f1 for label in classes) / len(classes) if classes else 0.0

    @property
    def judged(self) -> int:
        """Messages."""
        return self.counts.total()


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """From pairs of the label wanted and the label given."""
    return Agreement(Counter(pairs))


def calibration_error(told: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Mean distance of confidence and share of right ones over equally wide bins, weighted by their messages."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in told:
        members.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    distances = (abs(sum(c for c, _ in some) - sum(r for _, r in some)) for some in members.values())
    return sum(distances) / len(told) if told else 0.0
