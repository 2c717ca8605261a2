"""Votes: offered under answers alone, taken without touching the conversation, readable on every channel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import render
from bot.engine import Engine
from bot.render import plain, unaccented
from bot.types import Choice, Message, Outcome, Reply, State, Turn, Vote
from bot.votes import thanks, vote_of
from tests.bot.conftest import START

PLAN = "chỉ tiêu độ phủ 5G của tỉnh Quảng Trị đến cuối năm 2026 là bao nhiêu phần trăm dân cư"


def say(engine: Engine, text: str, state: State | None = None, ident: int | None = 7) -> Turn:
    return engine.respond(state or State(), Message(text=text, at=START, id=ident))


def tap(engine: Engine, choice: str, state: State) -> Turn:
    return engine.respond(state, Message(choice=choice, at=START + timedelta(minutes=1), id=8))


def votes(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices if choice.is_vote]


@pytest.mark.parametrize("question", ["đăng ký kết hôn cần giấy tờ gì", PLAN])
def test_an_answer_ends_with_the_two_votes(engine: Engine, question: str) -> None:
    reply = say(engine, question).reply
    assert votes(reply) == ["v:up:7", "v:down:7"]
    assert [choice.id for choice in reply.choices[-2:]] == votes(reply)


@pytest.mark.parametrize(
    "question", ["xin chào", "làm lại giấy khai sinh", "tỷ giá đồng yên hôm nay thế nào", "đặt lịch hẹn làm căn cước"]
)
def test_nothing_else_is_voted_on(engine: Engine, question: str) -> None:
    turn = say(engine, question)
    assert turn.outcome is not Outcome.ANSWER
    assert votes(turn.reply) == []


def test_a_message_without_a_name_gets_no_votes(engine: Engine) -> None:
    assert votes(say(engine, "đăng ký kết hôn cần giấy tờ gì", ident=None).reply) == []


@pytest.mark.parametrize(("choice", "useful"), [("v:up:7", True), ("v:down:7", False), ("v:up:3", True)])
def test_a_vote_leaves_the_conversation_as_it_was(engine: Engine, choice: str, useful: bool) -> None:
    before = say(engine, "đăng ký kết hôn cần giấy tờ gì").state
    turn = tap(engine, choice, before)
    assert turn.outcome is Outcome.VOTE
    assert turn.vote is not None
    assert (turn.vote.message, turn.vote.useful) == (int(choice[-1]), useful)
    assert turn.state == before
    assert turn.reply.text == thanks(turn.vote)
    follow_up = say(engine, "lệ phí bao nhiêu?", turn.state)
    assert follow_up.procedures[0].code == "1.000894"


def test_a_vote_between_a_question_back_and_its_answer_does_not_disturb(engine: Engine) -> None:
    asked = say(engine, "làm lại giấy khai sinh")
    assert asked.outcome is Outcome.ASK_BACK
    picked = say(engine, "2", tap(engine, "v:up:3", asked.state).state)
    assert picked.procedures[0].code == asked.reply.choices[1].code


def test_a_vote_can_be_typed_by_its_number(engine: Engine) -> None:
    answered = say(engine, "đăng ký kết hôn cần giấy tờ gì")
    turn = say(engine, str(len(answered.reply.choices)), answered.state)
    assert turn.vote == Vote(message=7, useful=False)
    assert turn.state == answered.state


def test_plain_channels_list_the_votes_last_and_sms_spells_them_out(engine: Engine) -> None:
    reply = say(engine, "đăng ký kết hôn cần giấy tờ gì").reply
    count = len(reply.choices)
    assert plain(reply).endswith(f"{count - 1}. 👍 Đúng ý\n{count}. 👎 Chưa đúng")
    assert unaccented(reply).endswith(f"{count - 1}.  Dung y\n{count}.  Chua dung")


def test_telegram_shows_them_in_a_row_of_their_own_and_never_numbered(engine: Engine) -> None:
    answered = say(engine, "đăng ký kết hôn cần giấy tờ gì").reply
    long = Choice(id="p:1.000894", label="Thủ tục đăng ký kết hôn có yếu tố nước ngoài tại khu vực biên giới")
    for reply in (answered, answered.model_copy(update={"choices": (long, *answered.choices[-2:])})):
        rendered = render(reply)
        assert rendered.keyboard is not None
        last = rendered.keyboard.inline_keyboard[-1]
        assert [button.callback_data for button in last] == ["v:up:7", "v:down:7"]
        assert [button.text for button in last] == ["👍 Đúng ý", "👎 Chưa đúng"]
        assert "👍" not in "".join(rendered.messages)


@pytest.mark.parametrize("choice", ["v:", "v:up", "v:up:", "v:maybe:1", "v:up:-1", "v:up:1:2", "v:up:" + "9" * 30])
def test_an_odd_vote_is_an_old_button(engine: Engine, choice: str) -> None:
    assert vote_of(choice) is None
    assert tap(engine, choice, State()).outcome is Outcome.OUT_OF_SCOPE


@given(st.integers(0, 10**18 - 1), st.booleans())
def test_every_vote_is_read_back(message: int, useful: bool) -> None:
    assert vote_of(f"v:{'up' if useful else 'down'}:{message}") == Vote(message=message, useful=useful)
