"""What counts as right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.evaluation.report import table
from index.evaluation.score import (
    Judgement,
    Observed,
    as_json,
    figures,
    judge,
    latencies,
    run,
)
from index.evaluation.sets import Case, Question

A, B, C, D = "1.000001", "1.000002", "1.000003", "1.000004"


def seen(outcome: str = "answer", *codes: str, **fields: Any) -> Observed:
    values: dict[str, Any] = {"aspects": frozenset(), "text": "", "links": (), "latency_ms": 1.0, **fields}
    return Observed(outcome, codes, **values)


def asks(behaviour: str | None = "answer", *codes: str, **fields: Any) -> Question:
    return Question("làm giấy", codes=frozenset(codes), behaviour=behaviour, **fields)


def judged(question: Question, observed: Observed, place: int = 0) -> Judgement:
    return judge("x", question, place, observed)


@pytest.mark.parametrize(
    ("codes", "first", "in_three"),
    [
        ((A,), True, True),
        ((B, A), False, True),
        ((B, C, A), False, True),
        ((B, C, D, A), False, False),
        ((), False, False),
    ],
)
def test_right_first_and_in_three(codes: tuple[str, ...], first: bool, in_three: bool) -> None:
    judgement = judged(asks("answer", A), seen("answer", *codes))
    assert (judgement.first, judgement.in_three) == (first, in_three)


def test_any_accepted_code_is_right() -> None:
    assert judged(asks("answer", A, B), seen("answer", B)).first is True


def test_refusing_is_not_right_first_even_with_the_code_at_hand() -> None:
    assert judged(asks("answer", A), seen("out_of_scope", A)).first is False


def test_codes_that_are_not_in_the_data_are_not_judged() -> None:
    judgement = judged(asks("answer", A, in_data=False), seen("answer", B))
    assert (judgement.first, judgement.in_three) == (None, None)


@pytest.mark.parametrize("behaviour", ["ask_back", "out_of_scope"])
def test_codes_are_judged_only_where_an_answer_is_due(behaviour: str) -> None:
    assert judged(asks(behaviour, A), seen("answer", A)).first is None


@pytest.mark.parametrize(
    ("outcome", "asked_back", "over_asked"),
    [("ask_back", True, True), ("answer", False, False)],
)
def test_asking_back(outcome: str, asked_back: bool, over_asked: bool) -> None:
    due = judged(asks("ask_back"), seen(outcome))
    assert (due.asked_back, due.over_asked, due.behaviour) == (asked_back, None, asked_back)
    needless = judged(asks("answer", A), seen(outcome, A))
    assert (needless.asked_back, needless.over_asked, needless.behaviour) == (None, over_asked, not over_asked)


@pytest.mark.parametrize(
    ("observed", "refused"),
    [
        (seen("out_of_scope"), True),
        (seen("small_talk"), True),
        (seen("answer", A, pointer=True), True),
        (seen("answer", A), False),
        (seen("ask_back", pointer=True), False),
    ],
)
def test_out_of_scope(observed: Observed, refused: bool) -> None:
    judgement = judged(asks("out_of_scope"), observed)
    assert (judgement.refused, judgement.behaviour) == (refused, refused)
    assert judged(asks("answer", A), observed).refused is None


@pytest.mark.parametrize(
    ("said", "exact", "covered"),
    [({"fee"}, True, True), ({"fee", "time"}, False, True), ({"time"}, False, False), (set(), False, False)],
)
def test_aspects(said: set[str], exact: bool, covered: bool) -> None:
    judgement = judged(asks("answer", A, aspects=frozenset({"fee"})), seen("answer", A, aspects=frozenset(said)))
    assert (judgement.aspects, judgement.aspects_covered) == (exact, covered)
    assert judged(asks("answer", A), seen("answer", A)).aspects is None


def test_strings_are_found_however_they_are_spaced() -> None:
    text = "Đạt 80 % hồ sơ, giai đoạn 2026 – 2030, theo Nghị quyết 05 - NQ/TU"
    question = asks(None, must_mention=(("80%",), ("2026-2030", "2026 đến 2030"), ("90%",)), must_cite=("05-NQ/TU",))
    judgement = judged(question, seen(text=text))
    assert (judgement.mentions, judgement.cited) == ((2, 3), True)
    assert judged(asks(None, must_cite=("06-NQ/TU",)), seen(text=text)).cited is False
    assert judged(asks(None), seen(text=text)).cited is None


def test_a_link_where_one_is_due() -> None:
    assert judged(asks(None, must_link=True), seen(links=("https://a.vn",))).linked is True
    assert judged(asks(None, must_link=True), seen()).linked is False
    assert judged(asks(None), seen()).linked is None


@pytest.mark.parametrize(
    ("text", "place", "kinds"),
    [
        ("làm giấy khai sinh", 0, ("all", "accented")),
        ("lam giay khai sinh", 0, ("all", "unaccented")),
        ("lam giay khai sinh", 1, ("all", "unaccented", "follow-up")),
        ("?", 0, ("all", "unaccented")),
    ],
)
def test_kinds_of_questions(text: str, place: int, kinds: tuple[str, ...]) -> None:
    assert judged(Question(text), seen(), place).kinds == kinds


class Parrot:
    """Remembers what it was asked in this conversation."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ask(self, text: str, before: str = "") -> Observed:
        self.heard.append(f"{before}{text}")
        return seen("answer", A, text=" | ".join(self.heard), latency_ms=float(len(self.heard)))


def test_every_case_is_a_conversation_of_its_own_and_every_turn_is_asked() -> None:
    later = Question("c", before="Nào? ")
    cases = [Case("1", (Question("a", judged=False), Question("b"))), Case("2", (later,))]
    done: list[None] = []
    judgements = run(cases, Parrot, lambda: done.append(None))
    assert [(j.case, j.question, j.observed.text) for j in judgements] == [("1", "b", "a | b"), ("2", "c", "Nào? c")]
    assert len(done) == 2


def test_figures_and_their_table() -> None:
    judgements = [
        judged(asks("answer", A), seen("answer", A)),
        judged(asks("answer", A), seen("ask_back", B), place=1),
        judged(asks(None, must_mention=(("80%",),)), seen(text="80 %")),
    ]
    sums = figures(judgements)
    assert (sums["all"].turns, sums["all"].shares["first"], sums["all"].mentions) == (3, (1, 2), (1, 1))
    assert sums["follow-up"].shares["over_asked"] == (1, 1)
    lines = table(sums).splitlines()
    assert lines[0] == "| | all (3) | accented (3) | follow-up (1) |"
    assert "| right first | 50.0 % (1/2) | 50.0 % (1/2) | 0.0 % (0/1) |" in lines
    assert "| must-mention strings | 100.0 % (1/1) | 100.0 % (1/1) | – |" in lines
    assert lines[-1] == "| ended as ask_back | 33.3 % (1/3) | 33.3 % (1/3) | 100.0 % (1/1) |"
    assert not any("out of scope" in line for line in lines)


def test_latencies() -> None:
    times = [judged(asks(None), seen(latency_ms=float(number))) for number in range(1, 101)]
    assert latencies(times) == (50.5, 96.0)
    assert latencies([]) == (0.0, 0.0)


def test_judgements_are_plain_json() -> None:
    observed = seen("answer", A, aspects=frozenset({"time", "fee"}))
    (row,) = json.loads(json.dumps(as_json([judged(asks("answer", A), observed)])))
    assert (row["case"], row["first"], row["observed"]["aspects"]) == ("x", True, ["fee", "time"])


def test_a_right_first_candidate_is_no_answer_while_asking_back() -> None:
    judgement = judged(asks("answer", A), seen("ask_back", A))
    assert (judgement.first, judgement.answered) == (True, False)
    assert judged(asks("answer", A), seen("answer", A)).answered is True
    assert judged(asks("answer", A, in_data=False), seen("answer", A)).answered is None
