"""What Telegram sends is read for what it says, whatever else is in it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from teremok import (
    MockCallbackQuery,
    MockChat,
    MockMessagePhoto,
    MockMessageText,
    MockMessageVoice,
    MockUpdate,
)

from bot.channels.telegram.updates import GREETING, Ignored, Kind, Said, Unreadable, read
from bot.reports.choices import PHOTO


def update(**parts: Any) -> dict[str, Any]:
    """An update as it travels, made by a library that knows Telegram's types."""
    return dict(json.loads(MockUpdate(**parts).model_dump_json(by_alias=True, exclude_none=True)))


def test_a_text_in_a_private_chat() -> None:
    raw = update(message=MockMessageText("mất mấy ngày"))
    assert read(raw) == Said(raw["update_id"], "12345", Kind.TEXT, "mất mấy ngày")


def test_a_tap_on_a_button() -> None:
    tap = MockCallbackQuery("a:1.001193:fee")
    raw = update(callback_query=tap)
    expected = Said(raw["update_id"], "12345", Kind.TAP, choice="a:1.001193:fee", callback_id=tap.id)
    assert read(raw) == expected


def test_a_tap_under_a_message_that_telegram_no_longer_shows() -> None:
    message = {"message_id": 1, "date": 0, "chat": {"id": 9, "type": "private"}}
    said = read({"update_id": 1, "callback_query": {"id": "7", "data": "p:1", "message": message}})
    assert said == Said(1, "9", Kind.TAP, choice="p:1", callback_id="7")


def test_what_cannot_be_read_is_noticed_all_the_same() -> None:
    said = read(update(message=MockMessageVoice()))
    assert isinstance(said, Said)
    assert (said.kind, said.text) == (Kind.UNSUPPORTED, "")


@pytest.mark.parametrize(("caption", "choice"), [(None, PHOTO), ("đèn đường hỏng", None)])
def test_a_photo_is_named_in_its_largest_size(caption: str | None, choice: str | None) -> None:
    sizes = [{"file_id": "small"}, {"file_id": "large"}]
    message = {"message_id": 1, "chat": {"id": 9, "type": "private"}, "photo": sizes, "caption": caption}
    expected = Said(1, "9", Kind.PHOTO, caption or "", choice=choice, photo="large")
    assert read({"update_id": 1, "message": message}) == expected


@pytest.mark.parametrize("photo", [[], [{}], [{"file_id": "a b"}], [{"file_id": "x" * 201}], {"file_id": "x"}, [7]])
def test_a_photo_without_a_name_is_only_noticed(photo: Any) -> None:
    message = {"message_id": 1, "chat": {"id": 9, "type": "private"}, "photo": photo}
    assert read({"update_id": 1, "message": message}) == Said(1, "9", Kind.UNSUPPORTED)


@pytest.mark.parametrize("kind", ["sticker", "location", "contact", "video_note", "document", "poll"])
def test_other_contents_too(kind: str) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, kind: {"any": "thing"}}
    assert read({"update_id": 1, "message": message}) == Said(1, "9", Kind.UNSUPPORTED)


def test_the_words_under_a_photo_are_the_question() -> None:
    said = read(update(message=MockMessagePhoto(caption="giấy này làm ở đâu")))
    assert isinstance(said, Said)
    assert said.text == "giấy này làm ở đâu"


@pytest.mark.parametrize("text", ["/start", "/help", "/start@hoi_bot", "/start tt_1"])
def test_opening_the_chat_is_a_greeting(text: str) -> None:
    said = read(update(message=MockMessageText(text)))
    assert isinstance(said, Said)
    assert said.text == GREETING


@pytest.mark.parametrize("text", ["/xoadulieu", "/", "//start", "/starting", "làm sao /start"])
def test_other_commands_stay_what_they_are(text: str) -> None:
    said = read(update(message=MockMessageText(text)))
    assert isinstance(said, Said)
    assert said.text == text


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_groups_are_left_alone(kind: str) -> None:
    chat = MockChat(chat_id=-100, type=kind, title="Thôn 3")
    message = MockMessageText("lệ phí bao nhiêu", chat=chat)
    assert read(update(message=message)) is Ignored.GROUP
    assert read(update(callback_query=MockCallbackQuery("p:1", message=message))) is Ignored.GROUP


def test_other_bots_and_service_messages_get_no_answer() -> None:
    chat = {"id": 9, "type": "private"}
    bot = {"update_id": 1, "message": {"chat": chat, "from": {"id": 1, "is_bot": True}, "text": "xin chào"}}
    timer = {"update_id": 2, "message": {"chat": chat, "message_auto_delete_timer_changed": {}}}
    assert (read(bot), read(timer)) == (Ignored.BOT, Ignored.SERVICE)


@pytest.mark.parametrize(
    "part",
    [{"edited_message": {}}, {"kind_of_next_year": {"a": 1}}, {}, {"callback_query": {"id": "1"}}],
)
def test_kinds_that_were_not_asked_for_are_left(part: dict[str, Any]) -> None:
    assert read({"update_id": 1, **part}) is Ignored.OTHER


def test_a_field_that_changes_its_form_elsewhere_costs_nothing() -> None:
    raw = update(message=MockMessageText("mất mấy ngày"))
    raw["message"] |= {"entities": "new form", "date": "soon", "reply_to_message": 7, "from": {"id": "x"}}
    said = read(raw)
    assert isinstance(said, Said)
    assert said.text == "mất mấy ngày"


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (None, "update"),
        ([], "update"),
        ({}, "update_id"),
        ({"update_id": True}, "update_id"),
        ({"update_id": "1"}, "update_id"),
        ({"update_id": -1}, "update_id"),
        ({"update_id": 2**70}, "update_id"),
        ({"update_id": 1, "message": "hello"}, "message"),
        ({"update_id": 1, "message": {"text": "a"}}, "message.chat"),
        ({"update_id": 1, "message": {"chat": {"id": "9"}, "text": "a"}}, "message.chat.id"),
        ({"update_id": 1, "message": {"chat": {"id": 9}, "text": ["a"]}}, "message.text"),
    ],
)
def test_what_telegram_would_not_send_is_refused_by_naming_the_field(raw: Any, at: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(raw)
    assert refused.value.at == at


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["update_id", "message", "callback_query", "chat", "id", "type", "text", "from", "data"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_json)
def test_nothing_else_than_a_refusal_ever_comes_of_junk(raw: Any) -> None:
    with suppress(Unreadable):
        assert isinstance(read(raw), Said | Ignored)


def test_a_shared_location_is_a_choice_that_tells_it_roughly() -> None:
    place = {"latitude": 16.715678, "longitude": 107.234567}
    message = {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "location": place}
    assert read({"update_id": 1, "message": message}) == Said(1, "9", Kind.LOCATION, choice="k:p:1672:10724")
