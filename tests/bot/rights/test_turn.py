"""What the engine asks for and says about a citizen's data, without any database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from booking.types import Appointment, Share, State
from bot.engine import Engine
from bot.rights import choices
from bot.rights.requests import (
    DataDeleted,
    DataKept,
    DataRefused,
    DeleteData,
    KeptAppointment,
    PrepareDeletion,
    RetentionRules,
    ShowData,
)
from bot.types import Message, Outcome, Turn
from bot.types import State as Memory
from knowledge.database import KnowledgeBase
from tests.bot.conftest import START, Dialogue


@pytest.fixture
def visit(shipped: KnowledgeBase) -> KeptAppointment:
    """An appointment to come."""
    view = Appointment(
        uid="u",
        reference="K7-3MHP",
        sequence=0,
        office_id=next(iter(shipped.offices)),
        group_id="ho_tich",
        procedure_code=None,
        state=State.CONFIRMED,
        share=Share.ONLINE,
        starts_at=datetime(2026, 11, 26, 1, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 26, 2, 0, tzinfo=UTC),
        name=None,
        phone=None,
        for_other=False,
        channel="web",
        conversation_id=1,
        expires_at=None,
        number=None,
        counter=None,
        checked_in_at=None,
        called_at=None,
        finished_at=None,
        changed_at=START,
    )
    return KeptAppointment(view, date(2026, 12, 26), to_come=True)


@pytest.fixture
def kept(visit: KeptAppointment) -> DataKept:
    """Some data of every kind."""
    recent = ("phí 50.000 đồng hả", "số tôi là [số điện thoại]")
    return DataKept(date(2026, 11, 20), 12, recent, 3, (visit,), 1, True, RetentionRules(90, 730))


def resumed(engine: Engine, turn: Turn, result: DataKept | DataDeleted | DataRefused) -> Turn:
    return engine.resume(turn, Message(at=START), result)


def test_seeing_names_all_that_is_kept_and_until_when(dialogue: Dialogue, kept: DataKept) -> None:
    turn = dialogue.say("xem du lieu cua toi")
    assert turn.request == ShowData()
    ended = resumed(dialogue.engine, turn, kept)
    assert ended.outcome is Outcome.RIGHTS
    assert ended.request is None
    for words in (
        "phí 50.000 đồng hả", "[số điện thoại]", "K7-3MHP", "thứ bảy 26/12/2026", "8 giờ 30, thứ năm 26/11/2026",
        "đã ghi: 12", "câu trả lời: 3", "90 ngày", "730 ngày", "thứ sáu 20/11/2026", "91/2025/QH15",
    ):  # fmt: skip
        assert words in ended.reply.text
    assert [choice.id for choice in ended.reply.choices] == [choices.ASK]


def test_nothing_is_said_to_be_kept_where_nothing_is(dialogue: Dialogue, kept: DataKept) -> None:
    nothing = replace(kept, messages=0, recent=(), votes=0, appointments=(), waiting=0, confided=False)
    ended = resumed(dialogue.engine, dialogue.say("/dulieucuatoi"), nothing)
    assert "Chưa lưu" in ended.reply.text
    assert "K7-3MHP" not in ended.reply.text


def test_a_figure_that_nobody_told_is_withheld(dialogue: Dialogue, kept: DataKept) -> None:
    turn = dialogue.say("/dulieucuatoi")
    ended = resumed(dialogue.engine, turn, kept)
    assert dialogue.engine._guard.check(ended.reply, ended.sources, dialogue.engine._library().knowledge)
    other = replace(kept, messages=13, appointments=())
    found = dialogue.engine._guard.check(ended.reply, (), dialogue.engine._library().knowledge, (other,))
    assert {claim.kind for claim in found} >= {"number", "date"}


def test_deleting_is_asked_once_and_names_what_it_cancels(dialogue: Dialogue, kept: DataKept) -> None:
    turn = dialogue.say("/xoadulieu")
    assert turn.request == PrepareDeletion()
    asked = resumed(dialogue.engine, turn, kept)
    assert "K7-3MHP" in asked.reply.text
    assert [choice.id for choice in asked.reply.choices][:2] == [choices.DELETE, choices.KEEP]
    dialogue.state = asked.state
    assert dialogue.tap(choices.DELETE).request == DeleteData()


@pytest.mark.parametrize("words", ["1", "xóa hết", "có", "dong y"])
def test_yes_may_be_typed(dialogue: Dialogue, kept: DataKept, words: str) -> None:
    dialogue.state = resumed(dialogue.engine, dialogue.say("/xoadulieu"), kept).state
    assert dialogue.say(words).request == DeleteData()


@pytest.mark.parametrize("words", ["2", "không", "thôi"])
def test_no_may_be_typed(dialogue: Dialogue, kept: DataKept, words: str) -> None:
    dialogue.state = resumed(dialogue.engine, dialogue.say("/xoadulieu"), kept).state
    turn = dialogue.say(words)
    assert turn.request is None
    assert "không xóa" in turn.reply.text


@pytest.mark.parametrize("between", ["làm khai sinh cần gì", "cảm ơn"])
def test_the_button_deletes_only_right_after_the_question(dialogue: Dialogue, kept: DataKept, between: str) -> None:
    dialogue.state = resumed(dialogue.engine, dialogue.say("/xoadulieu"), kept).state
    dialogue.say(between)
    assert dialogue.tap(choices.DELETE).request == PrepareDeletion()
    dialogue.state = Memory()
    assert dialogue.tap(choices.DELETE).request == PrepareDeletion()


def test_nothing_is_remembered_after_the_deletion(dialogue: Dialogue, visit: KeptAppointment) -> None:
    dialogue.say("làm khai sinh cần gì")
    turn = dialogue.say("/xoadulieu")
    done = DataDeleted(9, 1, (visit.appointment,), (visit,))
    ended = resumed(dialogue.engine, turn, done)
    assert ended.outcome is Outcome.ERASED
    assert ended.state == Memory(last_outcome=Outcome.ERASED, last_at=START)
    assert "Đã xóa 9 tin nhắn" in ended.reply.text
    assert "Đã hủy lịch hẹn" in ended.reply.text
    assert "26/12/2026" in ended.reply.text


def test_without_such_a_service_it_is_said(dialogue: Dialogue) -> None:
    ended = resumed(dialogue.engine, dialogue.say("/xoadulieu"), DataRefused())
    assert "chưa xem và xóa dữ liệu được" in ended.reply.text
    assert ended.request is None


def test_procedures_are_still_answered(start: Callable[[], Dialogue]) -> None:
    for words in ("xóa đăng ký thường trú", "xoa dang ky tam tru", "xóa án tích thì làm sao"):
        assert start().say(words).outcome not in (Outcome.RIGHTS, Outcome.ERASED)


def test_an_unknown_choice_leads_nowhere(dialogue: Dialogue) -> None:
    assert dialogue.tap("r:everything").outcome is Outcome.OUT_OF_SCOPE
