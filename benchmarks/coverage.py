"""How many questions are answered at once against how many of these answers are wrong, and how true probabilities are.

    BANHOI_DATA_DIR=… python -m benchmarks.coverage [SET.jsonl…]

Without sets it takes our own, `dev` and `blind`. Goes by messages that stand alone and by the ranking and the verdict,
without the conversation around them. Prints Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.opening import OWN_QUESTIONS, describe, due, open_build, percent, read_cases, single_turns
from index.aspects import matter
from index.evaluation.sets import Case
from index.library import Library
from index.verdict import procedures

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
BINS = 10
_OWN = tuple(OWN_QUESTIONS / f"{name}.jsonl" for name in ("dev", "blind"))


@dataclass(frozen=True, slots=True)
class Judged:
    """One message: what the models say of it, and what is true."""

    answer: float
    """Probability of the verdict that it is to be answered at once."""
    first: float
    """Probability of the first procedure."""
    due: bool
    """It is to be answered at once, and the data holds the procedure."""
    right: bool
    """The same, and the first procedure is the one."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages of like probability."""

    count: int
    mean: float
    share: float
    """Of how many it came true."""


def judged(library: Library, cases: Iterable[Case]) -> list[Judged]:
    """Every message that stands alone."""
    found = []
    for case in single_turns(list(cases)):
        question = case.questions[0]
        query = matter(library.analyse(question.text))
        ranking = library.rank(query)
        leader = next(iter(procedures(ranking)), None)
        right = due(question) and leader is not None and leader.target in question.codes
        share = leader.probability if leader else 0.0
        found.append(Judged(library.judge(query, ranking).answer, share, due(question), right))
    return found


def bins(probabilities: Sequence[float], truths: Sequence[bool]) -> list[Bin]:
    """Ten bins of equal width; empty ones are left out."""
    shares, came_true = np.asarray(probabilities, dtype=np.float64), np.asarray(truths, dtype=np.float64)
    places = np.minimum((shares * BINS).astype(int), BINS - 1)
    masks = [places == number for number in range(BINS)]
    return [Bin(int(m.sum()), float(shares[m].mean()), float(came_true[m].mean())) for m in masks if m.any()]


def calibration_error(found: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015): how far probability and truth are apart, by message."""
    total = sum(item.count for item in found)
    return sum(item.count * abs(item.mean - item.share) for item in found) / total if total else 0.0


def curve_table(messages: Sequence[Judged]) -> str:
    """By threshold on the verdict: coverage, error, and how many of those to be answered are answered rightly."""
    head = "| answered from | answered | coverage % | error % | of those due, right % |\n|--:|--:|--:|--:|--:|\n"
    return head + "\n".join(_threshold(messages, threshold) for threshold in THRESHOLDS)


def _threshold(messages: Sequence[Judged], threshold: float) -> str:
    answered = [item for item in messages if item.answer >= threshold]
    right = sum(item.right for item in answered)
    cells = [
        percent(len(answered), len(messages)),
        percent(len(answered) - right, len(answered)),
        percent(right, sum(item.due for item in messages)),
    ]
    return f"| {threshold:.2f} | {len(answered)} | {' | '.join(cells)} |"


def reliability_table(name: str, found: Sequence[Bin]) -> str:
    """Mean probability against truth, bin by bin."""
    head = f"| messages | {name}: mean | came true |\n|--:|--:|--:|\n"
    return head + "\n".join(f"| {item.count} | {item.mean:.3f} | {item.share:.3f} |" for item in found)


def report(name: str, messages: Sequence[Judged]) -> str:
    """All tables of one set."""
    first = bins([item.first for item in messages], [item.right for item in messages])
    answer = bins([item.answer for item in messages], [item.due for item in messages])
    return "\n\n".join((
        f"{name}: {len(messages)} messages, {sum(item.due for item in messages)} to be answered at once",
        curve_table(messages),
        reliability_table("first procedure", first),
        f"Expected calibration error of the first procedure's probability: {calibration_error(first):.3f}",
        reliability_table("answer at once", answer),
        f"Expected calibration error of the verdict to answer: {calibration_error(answer):.3f}",
    ))  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="*", metavar="SET", default=_OWN)
    options = parser.parse_args()
    opened = open_build()
    print(describe(opened.folder))
    for path in options.sets:
        print("\n" + report(path.name, judged(opened.library, read_cases(path, opened.library))))


if __name__ == "__main__":
    main()
