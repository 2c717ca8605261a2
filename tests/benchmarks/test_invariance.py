"""What counts as kept, which messages are changed, and the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.evaluate import EngineConversation
from benchmarks.invariance import Trial, Turn, accents_table, kept_table, misses, right, trials, turns
from benchmarks.opening import Opened, read_cases
from benchmarks.perturb import PERTURBATIONS
from bot.engine import Engine
from index.evaluation.score import Observed, judge
from index.evaluation.sets import Case, Question
from index.text import fold

A, B = "1.000001", "1.000002"
ASKED = Question("làm giấy khai sinh", codes=frozenset({A}), behaviour="answer")


def seen(outcome: str, *codes: str) -> Observed:
    return Observed(outcome, codes, frozenset(), "", (), 1.0)


def trial(before: Observed, after: Observed, change: str = "diacritics off", question: Question = ASKED) -> Trial:
    case = Case("x", (question,))
    return Trial(change, Turn(case, 0, judge("x", question, 0, before)), "khac", judge("x", question, 0, after))


class OnlyAccented:
    """Answers rightly only what is typed with diacritics, and the first message of a conversation always."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ask(self, text: str, before: str = "") -> Observed:
        self.heard.append(text)
        return seen("answer", A) if text != fold(text) else seen("ask_back", B)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (seen("answer", A), seen("answer", A, B), True),
        (seen("answer", A), seen("answer", B, A), False),
        (seen("answer", A), seen("ask_back", A), False),
        (seen("ask_back", A, B), seen("ask_back", B, A), False),
        (seen("out_of_scope", A), seen("out_of_scope", B), True),
        (seen("small_talk"), seen("out_of_scope"), False),
    ],
)
def test_kept_is_the_same_outcome_and_first_procedure(before: Observed, after: Observed, kept: bool) -> None:
    assert trial(before, after).kept is kept


@pytest.mark.parametrize(
    ("question", "observed", "expected"),
    [
        (ASKED, seen("answer", A), True),
        (ASKED, seen("ask_back", A), False),
        (ASKED, seen("answer", B), False),
        (Question("x"), seen("answer", A), None),
        (Question("x", must_mention=(("80%",),)), seen("answer"), False),
    ],
)
def test_right_is_all_that_the_set_says(question: Question, observed: Observed, expected: bool | None) -> None:
    assert right(judge("x", question, 0, observed)) is expected


def test_only_the_judged_message_of_a_conversation_is_changed() -> None:
    started: list[OnlyAccented] = []

    def start() -> OnlyAccented:
        started.append(OnlyAccented())
        return started[-1]

    case = Case("x", (Question("chào bạn", judged=False), ASKED))
    tried = list(trials(turns([case], start), start, 1))
    assert {t.change for t in tried} == PERTURBATIONS.keys() - ({"teencode, abbreviations"} - {t.change for t in tried})
    assert [conversation.heard[0] for conversation in started] == ["chào bạn"] * (1 + len(tried))
    assert [conversation.heard[1] for conversation in started[1:]] == [t.text for t in tried]


def test_what_a_change_leaves_alone_is_not_counted() -> None:
    case = Case("x", (Question("LAM GIAY", codes=frozenset({A})),))
    changed = {t.change for t in trials(turns([case], OnlyAccented), OnlyAccented, 1)}
    assert not changed & {"diacritics off", "capitals"}


def test_tables_and_misses() -> None:
    tried = [
        trial(seen("answer", A), seen("answer", A)),
        trial(seen("answer", A), seen("ask_back", B)),
        trial(seen("answer", A), seen("answer", A), "capitals"),
    ]
    lines = kept_table(tried).splitlines()
    assert "| diacritics off | 2 | 1 | 50.0 | 50.0 |" in lines
    assert "| typos | 0 | 0 | – | – |" in lines
    assert lines[-1] == "| **all** | 3 | 2 | 66.7 | 66.7 |"
    assert "| right procedure first | 2 | 100.0 | 50.0 | 50.0 |" in accents_table(tried).splitlines()
    assert list(misses(tried)) == [f"diacritics off: answer {A} -> ask_back {B}: khac"]


def test_the_engine_keeps_what_capitals_cannot_change(opened: Opened, question_set: Path) -> None:
    engine = Engine(lambda: opened.library)

    def start() -> EngineConversation:
        return EngineConversation(engine, opened.library, [], replay=True)

    asked = turns(read_cases(question_set, opened.library), start)
    assert [(turn.case.id, turn.place) for turn in asked] == [("a", 0), ("b", 0), ("c", 0), ("d", 1)]
    loud = [t for t in trials(asked, start, 1) if t.change == "capitals"]
    assert len(loud) == 4
    assert all(t.kept for t in loud)
