"""Questions as people type them, kept in `questions/train.jsonl`: what trains, but is in no search index."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.evaluation.sets import Question, read_set
from index.training.samples import TYPED_WEIGHT, Sample, undone
from index.units import OUTSIDE

QUESTIONS = Path(__file__).parent / "questions" / "train.jsonl"
_ALIKE = 0.5
"""How alike (Jaccard) what a vague question leaves open and what a group asks for must be."""


def typed(groups: Mapping[str, frozenset[str]], path: Path = QUESTIONS) -> Iterator[Sample]:
    """Samples of the questions that open a conversation, each once as typed and once more dirtied.

    `groups`: the variants' codes of each group, by target. A question that leaves open what no group asks for is no
    sample.
    """
    for case in read_set(path):
        first = case.questions[0]
        chance = random.Random(case.id)  # noqa: S311
        texts = (first.text, undone(first.text, chance))
        targets = _targets(first, groups)
        for target in targets:
            yield from (Sample(text, target, None, case.id, TYPED_WEIGHT / len(targets)) for text in texts)


def _targets(question: Question, groups: Mapping[str, frozenset[str]]) -> list[str]:
    if question.behaviour == "out_of_scope":
        return [OUTSIDE]
    if question.behaviour == "answer":
        return sorted(question.codes)
    likeness, name = max(((_jaccard(codes, question.codes), name) for name, codes in groups.items()), default=(0.0, ""))
    return [name] if likeness >= _ALIKE else []


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
