"""The plans' own question set: what has to stand in the answers, and what must not be taken for a plan question.

`tuned.jsonl` is what the look-ups were developed on. `blind.jsonl` is only ever run as a whole for its figures.
Which part a conversation belongs to is told by a hash of its first question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.engine import Engine
from bot.types import Message, Outcome, State, Turn
from index.library import Library
from tests.bot.conftest import START

SETS = Path(__file__).parent / "plan_questions"
PARTS = ("tuned", "blind")
LEAST = {"tuned": 0.95, "blind": 0.90}
MOST_ALARMS = 0.03

Row = Mapping[str, Any]


@dataclass
class Run:
    """All turns of a part."""

    answers: list[tuple[Row, Turn]] = field(default_factory=list)

    def share(self) -> float:
        """Of the strings asked for, those that stand in the answers."""
        told = [_told(turn, options) for row, turn in self.answers for options in row.get("must_mention", ())]
        return sum(told) / len(told)


def _rows(part: str) -> list[Row]:
    return [json.loads(line) for line in (SETS / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]


def _told(turn: Turn, options: list[str]) -> bool:
    cited = [f"{citation.title} {citation.section}" for citation in turn.reply.citations]
    text = "\n".join([turn.reply.text, *(choice.label for choice in turn.reply.choices), *cited]).casefold()
    return any(option.casefold() in text for option in options)


@pytest.fixture(scope="module", params=PARTS)
def run(request: pytest.FixtureRequest, engine: Engine) -> tuple[str, Run]:
    """A part, asked conversation by conversation."""
    done = Run()
    for _, rows in groupby(_rows(request.param), key=lambda row: row["case"]):
        state, at = State(), START
        for row in rows:
            at += timedelta(minutes=1)
            turn = engine.respond(state, Message(text=row["question"], at=at))
            state = turn.state
            done.answers.append((row, turn))
    return request.param, done


def test_a_conversation_stands_in_the_part_that_its_hash_tells() -> None:
    for part in PARTS:
        for row in _rows(part):
            number = int(hashlib.sha256(row["question"].encode()).hexdigest(), 16) % 100
            assert row["turn"] > 1 or (number < 60) == (part == "tuned"), row["question"]


def test_the_answers_hold_what_has_to_be_told(run: tuple[str, Run]) -> None:
    part, done = run
    assert done.share() >= LEAST[part]


def test_hardly_any_other_question_is_answered_from_a_plan(run: tuple[str, Run]) -> None:
    _, done = run
    others = [turn for row, turn in done.answers if row["kind"] == "other"]
    assert sum(turn.state.plan is not None for turn in others) <= MOST_ALARMS * len(others)


def test_every_answer_from_a_plan_is_cited(run: tuple[str, Run]) -> None:
    _, done = run
    quoting = [turn for _, turn in done.answers if turn.state.plan is not None and turn.outcome is Outcome.ANSWER]
    assert quoting
    assert all(turn.reply.citations and turn.sources for turn in quoting)


def test_the_guard_blocks_none_of_the_answers(run: tuple[str, Run]) -> None:
    _, done = run
    assert [row["question"] for row, turn in done.answers if turn.outcome is Outcome.BLOCKED] == []


def test_no_figure_is_told_for_what_no_document_says(run: tuple[str, Run], library: Library) -> None:
    """A reply that says unknown holds no digit but those in the names of documents."""
    _, done = run
    names = [plan.short for plan in library.plan_index.plans.values()]
    for row, turn in done.answers:
        if row["kind"] == "unknown" and turn.outcome is Outcome.OUT_OF_SCOPE:
            text = turn.reply.text
            for name in names:
                text = text.replace(name, "")
            assert not any(char.isdigit() for char in text), row["question"]
