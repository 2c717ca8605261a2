"""What a conversation tells of its wordings: picks, other words for the same, and what must not be concluded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.evidence import SOON, Evidence, Wording, meanings
from feed.trails import Step

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BIRTH, COPY, DEATH = "1.001193", "2.000635", "1.000656"


def read(text: str) -> Wording:
    """A stand-in: all words name the matter, but for "không phải" and a "còn" at the beginning."""
    words = [word for word in text.replace("không phải", "").split() if word != "còn"]
    return Wording(" ".join(words), tuple(words), True, "không phải" in text, text.startswith("còn"))


def step(text: str, outcome: str = "answer", code: str | None = None, minute: float = 0, **more: object) -> Step:
    made = Step(1, text, NOW + timedelta(minutes=minute), False, outcome, code)
    return replace(made, **more)  # type: ignore[arg-type]


def asked(text: str, *offered: str) -> Step:
    return step(text, "ask_back", offered=frozenset(offered), candidates=frozenset(offered))


def wrong(text: str, code: str | None, *candidates: str, **more: object) -> Step:
    outcome = "answer" if code else "out_of_scope"
    return step(text, outcome, code, candidates=frozenset(candidates), **more)


@pytest.mark.parametrize(
    "taken",
    [
        step("Bản sao", code=COPY, tapped=True),
        step("2", code=COPY),
        step("bản sao thôi", code=COPY),
        step("Bản sao", "booking", code=COPY, tapped=True),
    ],
    ids=["button", "number", "words", "booked"],
)
def test_what_is_taken_up_after_asking_back_was_meant(taken: Step) -> None:
    trail = [asked("làm lại giấy", BIRTH, COPY), taken]
    assert meanings(trail, read) == {0: (COPY, True)}


def test_a_button_counts_later_too_and_the_last_one_is_what_was_sought() -> None:
    trail = [
        asked("làm lại giấy", BIRTH, COPY),
        step("khác", code=DEATH),
        step("Đăng ký lại", code=BIRTH, tapped=True),
        step("Bản sao", code=COPY, tapped=True),
    ]
    assert meanings(trail, read) == {0: (COPY, True)}


@pytest.mark.parametrize(
    "after",
    [
        [step("báo tử", code=DEATH)],
        [step("cảm ơn", "small_talk"), step("bản sao", code=COPY)],
        [step("Bản sao", code=COPY, tapped=True, useful=False)],
        [],
    ],
    ids=["something else", "later, typed", "voted down", "nothing"],
)
def test_no_pick(after: list[Step]) -> None:
    assert meanings([asked("làm lại giấy", BIRTH, COPY), *after], read) == {}


@pytest.mark.parametrize("before", [BIRTH, None], ids=["answered wrongly", "not understood"])
def test_other_words_for_the_same_tell_what_the_first_meant(before: str | None) -> None:
    trail = [wrong("giấy cho cháu", before, BIRTH, COPY), step("bản sao khai sinh", code=COPY, minute=1)]
    assert meanings(trail, read) == {0: (COPY, False)}


def test_a_chain_of_attempts_leads_to_the_last() -> None:
    trail = [
        wrong("giấy cho cháu", BIRTH, COPY, DEATH),
        step("giấy cũ cho cháu", code=DEATH, minute=1, candidates=frozenset({COPY})),
        step("bản sao khai sinh", code=COPY, minute=2),
    ]
    assert meanings(trail, read) == {0: (COPY, False), 1: (COPY, False)}


def test_a_correction_that_is_asked_back_about_leads_to_the_pick() -> None:
    trail = [
        wrong("giấy cho cháu", DEATH),
        asked("không phải giấy cũ", BIRTH, COPY),
        step("Bản sao", code=COPY, tapped=True, minute=1),
    ]
    assert meanings(trail, read) == {0: (COPY, False), 1: (COPY, True)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (wrong("khai sinh", BIRTH), step("báo tử", code=DEATH, minute=1)),
        (wrong("khai sinh", BIRTH, DEATH), step("còn báo tử", code=DEATH, minute=1)),
        (wrong("khai sinh", BIRTH, DEATH), step("báo tử", code=DEATH, minute=SOON.seconds / 60 + 0.1)),
        (wrong("khai sinh", BIRTH, DEATH), step("khai sinh", code=DEATH, minute=1)),
        (wrong("khai sinh", BIRTH, DEATH), step("lệ phí", code=BIRTH, minute=1)),
        (wrong("khai sinh", BIRTH, DEATH), step("báo tử", code=DEATH, minute=1, useful=False)),
        (wrong("khai sinh", BIRTH, DEATH), step("Báo tử", code=DEATH, minute=1, tapped=True)),
        (step("xin chào", "small_talk", candidates=frozenset({DEATH})), step("báo tử", code=DEATH, minute=1)),
    ],
    ids=["another matter", "goes on", "too late", "same words", "same answer", "voted down", "tapped", "a greeting"],
)
def test_no_rephrasing(before: Step, after: Step) -> None:
    assert meanings([before, after], read) == {}


@pytest.mark.parametrize("text", ["không phải báo tử", "báo tử"])
def test_an_objection_makes_it_a_correction(text: str) -> None:
    before = wrong("khai sinh", BIRTH, useful=None if text.startswith("không") else False)
    assert meanings([before, step(text, code=DEATH, minute=1)], read) == {0: (DEATH, False)}


def test_each_conversation_counts_once() -> None:
    evidence = Evidence()
    trail = [asked("làm lại giấy", BIRTH, COPY), step("2", code=COPY)]
    evidence.add([*trail, *trail], read)
    evidence.add([replace(item, conversation_id=2) for item in trail], read)
    assert {key: list(meant) for key, meant in evidence.meant.items()} == {("làm", "lại", "giấy"): [1, 2]}
    assert evidence.asked == {COPY: 2}


def test_what_was_not_meant_counts_for_no_prior() -> None:
    evidence = Evidence()
    evidence.add([wrong("giấy cho cháu", BIRTH, COPY), step("bản sao", code=COPY, minute=1)], read)
    evidence.add([step("khai tử", code=DEATH, useful=False)], read)
    assert evidence.asked == {COPY: 1}


def test_votes_are_counted_by_answer() -> None:
    evidence = Evidence()
    for useful in (True, False, False, None):
        evidence.add([step("khai sinh", code=BIRTH, aspects=("fee",), useful=useful)], read)
    assert evidence.votes == {(BIRTH, ("fee",)): {True: 1, False: 2}}


@pytest.mark.parametrize("text", ["giấy của [họ tên]", "còn giấy"])
def test_personal_and_dependent_wordings_are_nobody_elses(text: str) -> None:
    evidence = Evidence()
    evidence.add([asked(text, BIRTH, COPY), step("2", code=COPY)], read)
    assert evidence.meant == {}


steps = st.builds(
    Step,
    conversation_id=st.just(1),
    text=st.sampled_from(["khai sinh", "không phải khai tử", "còn khai tử", "giấy", "2", ""]),
    at=st.integers(0, 20).map(lambda minute: NOW + timedelta(minutes=minute)),
    tapped=st.booleans(),
    outcome=st.sampled_from(["answer", "ask_back", "out_of_scope", "small_talk", "booking"]),
    code=st.sampled_from([None, BIRTH, COPY]),
    candidates=st.frozensets(st.sampled_from([BIRTH, COPY])),
    offered=st.frozensets(st.sampled_from([BIRTH, COPY])),
    useful=st.sampled_from([None, True, False]),
)


@given(st.lists(steps, max_size=8))
def test_a_meaning_was_answered_later_and_never_voted_down(trail: list[Step]) -> None:
    for place, (code, _) in meanings(trail, read).items():
        assert not trail[place].tapped
        assert code != trail[place].code or trail[place].outcome == "ask_back"
        assert any(after.code == code and after.useful is not False for after in trail[place + 1 :])
