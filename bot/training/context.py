"""Trains the reading of follow-ups on our own conversations: `python -m bot.training.context DATA_DIR`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.context import CONTEXT_FEATURES, WEIGHTS_FILE, Situation, context_rows
from bot.contrast import meant_words
from bot.cues import find_cues
from bot.matter import matter_of
from index.artefact import current_build, open_library
from index.aspects import find_aspects
from index.embed import open_embedder
from index.evaluation.sets import Case, Question, read_set
from index.library import Library
from index.training.fit import Example, accuracy, fit, rounded
from index.training.remembered import remembering
from index.training.typed import QUESTIONS
from index.units import OUTSIDE


def situations(case: Case) -> Iterator[tuple[Question, Situation]]:
    """Each later turn of a conversation with what was said before it, the right answers given."""
    topics: list[str] = []
    for before, question in zip(case.questions, case.questions[1:], strict=False):
        if before.behaviour == "answer" and len(before.codes) == 1:
            code = next(iter(before.codes))
            topics = [topic for topic in topics if topic != code] + [code]
        asked = before.behaviour == "ask_back"
        yield question, Situation(
            topic=topics[-1] if topics else None,
            earlier=tuple(topics[:-1]),
            offered=tuple(sorted(before.codes)[:4]) if asked else (),
            pending=before.text if asked else "",
        )


def examples(library: Library, cases: Sequence[Case]) -> list[Example]:
    """Feature rows of every later turn whose right target is among its candidates."""
    made = []
    for case in cases:
        for question, situation in situations(case):
            wanted = question.codes if question.behaviour == "answer" else {OUTSIDE}
            query = library.analyse(question.text)
            cues, asked = find_cues(query), find_aspects(query)
            words = matter_of(query, cues, meant_words(query.typed, query.text), asked.keep)
            if question.behaviour == "ask_back" or not words.content:
                continue
            aspect = bool(asked.aspects) and not asked.general
            told = Situation(situation.topic, situation.earlier, situation.offered, situation.pending, aspect)
            targets, rows = context_rows(library, words, cues, told, library.rank(words))
            right = next((place for place, target in enumerate(targets) if target in wanted), None)
            if right is not None:
                made.append(Example(rows, right))
    return made


def main() -> None:
    """Train on the conversations and write the weights file; prints the share right on every fourth, held out."""
    data_dir = Path(sys.argv[1])
    with remembering(open_embedder("bundled", data_dir / "cache"), data_dir / "cache") as embedder:
        library = open_library(current_build(data_dir), embedder)
        cases = [case for case in read_set(QUESTIONS) if len(case.questions) > 1]
        every = examples(library, cases)
        held = examples(library, cases[::4])
        rest = examples(library, [case for place, case in enumerate(cases) if place % 4])
        first, likelihood = accuracy(fit(rest, penalty=3.0), held)
        sys.stdout.write(f"context: right {first:.3f}, log likelihood {likelihood:.3f} on {len(held)} held out\n")
        model = fit(every, penalty=3.0)
    parts = {"features": list(CONTEXT_FEATURES), **rounded(model)}
    WEIGHTS_FILE.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
