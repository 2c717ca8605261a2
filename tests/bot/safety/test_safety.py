"""Words of danger are heard, answered with the numbers of the content file, and no other number passes the guard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.engine import Engine
from bot.guard import Guard
from bot.safety.turn import alarm, blocks, emergency_numbers
from bot.types import Block, Message, Outcome, Reply, State
from knowledge.database import KnowledgeBase

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def message(text: str, *flags: str) -> Message:
    return Message(text=text, at=AT, flags=frozenset(flags))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cứu với có người đang đánh tôi", "danger"),
        ("cuu voi chay nha roi", "danger"),
        ("con không muốn sống nữa", "self_harm"),
        ("toi muon chet cho roi, doi giet toi", "self_harm"),
        ("đăng ký khai tử cho người tự tử cần giấy tờ gì", None),
        ("thủ tục khai tử cho người chết cháy", None),
        ("cứu trợ bão lụt", None),
        ("", None),
    ],
)
def test_what_is_heard(text: str, kind: str | None) -> None:
    assert alarm(message(text)) == kind


@pytest.mark.parametrize(
    ("flags", "kind"), [(("danger",), "danger"), (("bribery",), None), (("danger", "self_harm"), "self_harm")]
)
def test_labels_are_heeded(flags: tuple[str, ...], kind: str | None) -> None:
    assert alarm(message("bà con ơi", *flags)) == kind


def test_a_flagged_question_is_answered_after_the_numbers(engine: Engine) -> None:
    turn = engine.respond(State(), message("nhà bị cháy sập, đăng ký kết hôn cần giấy tờ gì", "danger"))
    assert turn.outcome is Outcome.ANSWER
    assert turn.reply.blocks[:2] == blocks("danger")
    assert "Hồ sơ cần có" in turn.reply.text


def test_numbers_have_their_source_and_each_alarm_has_some() -> None:
    assert {number.number for number in emergency_numbers()} == {"111", "113", "114", "115"}
    assert all(number.source and number.as_of for number in emergency_numbers())
    assert all(any(kind in number.helps for number in emergency_numbers()) for kind in ("danger", "self_harm"))


@pytest.mark.parametrize("kind", ["danger", "self_harm"])
def test_the_guard_lets_the_numbers_pass(kind: str, shipped: KnowledgeBase) -> None:
    assert Guard().check(Reply(blocks=blocks(kind)), (), shipped) == ()


@pytest.mark.parametrize("line", ["116 – Công an", "113 – Cấp cứu y tế", "Gọi 119 ngay", "0911 111 113"])
def test_the_guard_stops_every_other(line: str, shipped: KnowledgeBase) -> None:
    assert Guard().check(Reply(blocks=(Block(kind="text", text=line),)), (), shipped)
