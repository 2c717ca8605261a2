# ruff: noqa: F811 - fixtures are imported by name
"""A citizen sees and deletes the data of the conversation: the whole service, both databases, shipped content."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.intake import Incoming
from api.pipeline import Answered, MessageGone, Pipeline
from booking.types import ZONE
from bot.engine import Engine
from bot.rights import choices
from bot.types import Outcome
from index.library import Library
from store.booking_tables import appointments, confided, waits
from store.engine import read
from store.tables import audit, conversations, inbox, outbox, questions, votes
from tests.api.booking_dialogue_support import Talk
from tests.api.pipeline_support import rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
BOOKING = "Đặt lịch đăng ký khai sinh cho con 8h sáng thứ năm ở Hải Lăng, tôi tên Nguyễn Văn An, 0912345678"
MARRIAGE = "đăng ký kết hôn cần giấy tờ gì"
QUESTION = "đăng ký kết hôn cần giấy tờ gì, gọi tôi số 0905 123 456"


@pytest.fixture
def talk(engine: AsyncEngine, library: Library) -> Talk:
    """A conversation in the web chat."""
    return Talk(engine, library, NOW)


async def say(talk: Talk, *texts: str) -> Answered:
    for text in texts:
        await talk.take({"say": text})
    assert talk.last is not None
    return talk.last


async def tap(talk: Talk, label: str) -> Answered:
    await talk.take({"tap": label})
    assert talk.last is not None
    return talk.last


async def everything(engine: AsyncEngine) -> str:
    """All that the database holds, but for the audit log."""
    tables = (conversations, inbox, questions, outbox, votes, appointments, confided, waits)
    async with read(engine) as connection:
        stored = [[list(row) for row in await connection.execute(select(table))] for table in tables]
    return json.dumps(stored, ensure_ascii=False, default=str)


async def booked(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    return await rows(engine, appointments, "state", "name", "phone", "conversation_id")


async def test_all_that_is_kept_is_shown_and_nothing_is_changed(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, QUESTION, BOOKING)
    before = await booked(engine)
    shown = (await say(talk, "cho tôi xem dữ liệu của tôi")).turn
    assert shown.outcome is Outcome.RIGHTS
    for words in (
        "đăng ký kết hôn cần giấy tờ gì, gọi tôi số [số điện thoại]", "đã ghi: 2",
        "thứ hai 23/11/2026", "90 ngày", "730 ngày",
        "8 giờ, thứ năm 26/11/2026", "xã Hải Lăng", "tự xóa thứ bảy 26/12/2026",
    ):  # fmt: skip
        assert words in shown.reply.text
    assert "0912345678" not in shown.reply.text
    assert await booked(engine) == before


async def test_deletion_names_the_appointment_cancels_it_and_leaves_nothing(talk: Talk, engine: AsyncEngine) -> None:
    answered = await say(talk, QUESTION, MARRIAGE)
    await tap(talk, "Đúng ý")
    await say(talk, BOOKING)
    ((reference,),) = await rows(engine, appointments, "reference")
    asked = await say(talk, "xoa du lieu cua toi")
    assert reference in asked.turn.reply.text
    assert len(await rows(engine, questions, "id")) == 5
    done = await tap(talk, "Xóa hết")
    assert done.turn.outcome is Outcome.ERASED
    assert reference in done.turn.reply.text
    assert await booked(engine) == [("cancelled", None, None, None)]
    assert await rows(engine, questions, "text", "outcome") == [("Xóa hết", "erased")]
    assert [status for (status,) in await rows(engine, outbox, "status")] == ["sent"]
    left = await everything(engine)
    for gone in ("kết hôn", "khai sinh", "Nguyễn Văn An", "0912345678", "Đúng ý"):
        assert gone not in left
    assert [text for (text,) in await rows(engine, inbox, "text")] == [""] * 6
    assert done.conversation_id == answered.conversation_id
    after = await say(talk, "/dulieucuatoi")
    assert "đã ghi: 1" in after.turn.reply.text
    assert "mã hẹn" not in after.turn.reply.text


async def test_the_audit_log_tells_of_it_and_holds_no_personal_data(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, QUESTION, BOOKING, "/xoadulieu")
    await tap(talk, "Xóa hết")
    logged = await rows(engine, audit, "actor", "action", "subject", "detail")
    ((conversation,),) = await rows(engine, conversations, "id")
    erased = ("citizen", "conversation_erased", f"conversation:{conversation}", {"messages": 3, "votes": 0})
    assert erased in logged
    assert {action for _, action, *_ in logged} >= {"appointment_cancelled", "personal_data_deleted"}
    for personal in ("An", "0912", "chat", "kết hôn"):
        assert personal not in json.dumps([entry[3] for entry in logged], ensure_ascii=False)


async def test_who_says_no_keeps_everything(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, BOOKING, "/xoadulieu")
    before = await booked(engine)
    kept = await tap(talk, "Không xóa")
    assert "không xóa" in kept.turn.reply.text
    assert await booked(engine) == before


async def test_a_booking_under_way_is_given_back(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, "hẹn giờ chứng thực sáng thứ năm 8h ở Hải Lăng", "tôi tên Nguyễn Văn An")
    assert await rows(engine, appointments, "state") == [("held",)]
    shown = await say(talk, "xem dữ liệu của tôi")
    assert "vừa cho để đặt lịch" in shown.turn.reply.text
    await say(talk, "xóa dữ liệu của tôi", "xóa hết")
    assert await booked(engine) == [("expired", None, None, None)]
    assert "Nguyễn Văn An" not in await everything(engine)


async def test_an_appointment_whose_time_has_come_is_kept_until_it_is_over(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, BOOKING)
    talk.now = datetime(2026, 11, 26, 8, 10, tzinfo=ZONE)
    await say(talk, "/xoadulieu")
    done = (await tap(talk, "Xóa hết")).turn
    assert "đang diễn ra: 8 giờ, thứ năm 26/11/2026" in done.reply.text
    assert "26/12/2026" in done.reply.text
    assert [row[:2] for row in await booked(engine)] == [("confirmed", "Nguyễn Văn An")]


async def test_the_same_tap_twice_deletes_once_and_gets_the_same_answer(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, QUESTION, "/xoadulieu")
    await tap(talk, "Xóa hết")
    await talk.take({"again": True})
    assert [entry for (entry,) in await rows(engine, audit, "action")].count("conversation_erased") == 1
    old = Incoming("web", "old", "chat", talk.now, choice=choices.DELETE)
    assert (await talk.pipeline.ask(old)).turn.outcome is Outcome.RIGHTS


async def test_a_copy_of_a_deleted_message_is_no_new_question(talk: Talk, engine: AsyncEngine) -> None:
    await say(talk, QUESTION)
    copy = talk.message
    await say(talk, "/xoadulieu")
    await tap(talk, "Xóa hết")
    with pytest.raises(MessageGone):
        await talk.pipeline.ask(copy)
    assert len(await rows(engine, questions, "id")) == 1


@pytest.mark.parametrize("broken", ["booking.privacy.forget", "store.erasure.erase", "store.erasure.confided.forget"])
async def test_what_breaks_on_the_way_leaves_all_as_it_was(
    broken: str, talk: Talk, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _nothing_is_lost(talk, engine, monkeypatch, broken, _break)


async def test_neither_does_an_answer_that_cannot_be_given(
    talk: Talk, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _nothing_is_lost(talk, engine, monkeypatch, "bot.engine.Engine.resume", lambda *_: 1 / 0)


async def _break(*_: object, **__: object) -> None:
    raise RuntimeError("killed here")


async def _nothing_is_lost(
    talk: Talk, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, broken: str, breaking: Callable[..., Any]
) -> None:
    await say(talk, QUESTION, BOOKING, "/xoadulieu")
    before, log = await booked(engine), await rows(engine, audit, "id")
    with monkeypatch.context() as patched:
        patched.setattr(broken, breaking)
        failed = await talk.pipeline.ask(Incoming("web", "tap", "chat", talk.now, choice=choices.DELETE))
    assert "trục trặc" in failed.turn.reply.text
    assert await booked(engine) == before
    assert await rows(engine, audit, "id") == log
    assert len(await rows(engine, questions, "id")) == 4


async def test_what_was_asked_meanwhile_is_answered_afterwards(talk: Talk, engine: AsyncEngine) -> None:
    talk.channel = "telegram"
    await say(talk, QUESTION, "/xoadulieu")
    for number, what in enumerate(({"choice": choices.DELETE}, {"text": "làm khai sinh cần gì"})):
        await talk.pipeline.receive(Incoming("telegram", f"late{number}", "chat", talk.now, **what))
    while await talk.pipeline.work_once():
        pass
    assert await rows(engine, questions, "outcome") == [("erased",), ("answer",)]
    assert await rows(engine, outbox, "status") == [("pending",), ("pending",)]
    assert await rows(engine, conversations, "chat_id") == [("chat",)]


async def test_another_chat_is_not_touched(talk: Talk, engine: AsyncEngine, library: Library) -> None:
    await say(talk, QUESTION)
    other = Incoming("web", "x1", "other", talk.now, text="đăng ký khai sinh cần gì")
    await talk.pipeline.ask(other)
    await say(talk, "/xoadulieu")
    await tap(talk, "Xóa hết")
    assert ("đăng ký khai sinh cần gì", "answer") in await rows(engine, questions, "text", "outcome")
    assert (await talk.pipeline.ask(other)).duplicate


async def test_after_two_hours_it_is_asked_again(talk: Talk) -> None:
    await say(talk, QUESTION, "/xoadulieu")
    talk.now += timedelta(hours=3)
    assert (await tap(talk, "Xóa hết")).turn.outcome is Outcome.RIGHTS


async def test_without_the_desk_it_is_said_plainly(engine: AsyncEngine, library: Library) -> None:
    pipeline = Pipeline(engine, Engine(lambda: library))
    answered = await pipeline.ask(Incoming("web", "m1", "chat", NOW, text="/xoadulieu"))
    assert "chưa xem và xóa dữ liệu được" in answered.turn.reply.text

