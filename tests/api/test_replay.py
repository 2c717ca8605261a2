"""A recorded conversation goes on from what its own assistant had said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.replay import replayed
from bot.engine import Engine
from bot.types import Message, Outcome, State, Topic
from index.library import Library

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BIRTH, STAY, MARRIAGE = "1.001193", "1.004194", "1.000894"
NAMES = ("Đăng ký khai sinh", "Đăng ký tạm trú", "Đăng ký kết hôn")


def after(library: Library, before: str, state: State | None = None) -> State:
    return replayed(state or State(), before, library, AT)


@pytest.mark.parametrize(
    "before",
    [
        "Bà con hỏi việc nào: 1) {0} 2) {1} 3) {2}",
        "Bà con hỏi việc nào?\n1) {0}\n2) {1}\n3) {2}",
        "Bà con hỏi việc nào?\n1) {0}\n2) {1}\n3) {2}\nBà con trả lời bằng số.",
        "Bà con hỏi việc nào?\n\n  1) {0}\n\n  2) {1}\n\n  3) {2}\n\nXin cảm ơn.",
        "1) {0} 2) {1} 3) {2}",
    ],
)
def test_a_numbered_list_is_offered_in_its_order(library: Library, before: str) -> None:
    state = after(library, before.format(*NAMES))
    assert [choice.code for choice in state.offered] == [BIRTH, STAY, MARRIAGE]
    assert [choice.id for choice in state.offered] == [f"p:{code}" for code in (BIRTH, STAY, MARRIAGE)]
    assert state.last_outcome is Outcome.ASK_BACK


def test_a_name_in_quotation_marks_is_talked_about(library: Library) -> None:
    state = after(library, "Thủ tục «Đăng ký kết hôn» làm ở Ủy ban nhân dân xã, không mất phí.")
    assert [(topic.kind, topic.id, topic.at) for topic in state.topics] == [("procedure", MARRIAGE, AT)]
    assert (state.last_outcome, state.offered) == (Outcome.ANSWER, ())


def test_what_was_talked_about_before_stays_known(library: Library) -> None:
    state = State(topics=(Topic(kind="procedure", id=BIRTH, at=AT),))
    later = after(library, "«Đăng ký kết hôn» thì không mất phí.", state)
    assert [topic.id for topic in later.topics] == [BIRTH, MARRIAGE]


@pytest.mark.parametrize(
    "before",
    ["", "Xin chào bà con.", "Việc này mất 3) ngày.", "«»", "«???»", "1) ??? 2) !!!", "1) Đăng ký khai sinh"],
)
def test_what_names_nothing_changes_nothing(library: Library, before: str) -> None:
    state = State(topics=(Topic(kind="procedure", id=BIRTH, at=AT),), last_outcome=Outcome.ANSWER)
    assert after(library, before, state) == state


def test_the_next_turn_goes_on_from_there(library: Library) -> None:
    engine = Engine(lambda: library)
    listed = after(library, "1) {} 2) {} 3) {}".format(*NAMES))
    assert engine.respond(listed, Message(text="2", at=AT)).procedures[0].code == STAY
    assert engine.respond(listed, Message(text="cái thứ ba", at=AT)).procedures[0].code == MARRIAGE
    named = after(library, "«Đăng ký tạm trú» làm trong ngày.")
    assert engine.respond(named, Message(text="lệ phí bao nhiêu", at=AT)).procedures[0].code == STAY
