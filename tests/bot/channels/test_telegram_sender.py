"""Sending to Telegram: what goes out, and what each failure means for the next attempt."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
)
from aiogram.methods import SendMessage
from aiogram.methods.base import Response
from aiogram.types import ResponseParameters
from teremok import MockBot

from bot.channels.errors import DeliveryError, PermanentError, RateLimited, TransientError
from bot.channels.telegram.client import BadToken, make_bot
from bot.channels.telegram.sender import TelegramSender, failure
from bot.types import Block, Reply
from tests.bot.replies import BIRTH

LONG = Reply(blocks=tuple(Block(kind="text", text=f"{number} {'giấy ' * 700}") for number in range(3)))


def refuse(bot: MockBot, code: int, description: str, **parameters: int) -> None:
    """The next message gets this answer of Telegram."""
    answer: Any = Response[Any](
        ok=False,
        error_code=code,
        description=description,
        parameters=ResponseParameters(**parameters) if parameters else None,
    )
    bot.mock_session.add_result(SendMessage, answer)


async def test_an_answer_goes_out_as_html_with_its_buttons_and_without_a_preview() -> None:
    bot = MockBot()
    assert await TelegramSender(bot).send("42", BIRTH) == "1"
    sent = bot.requests.send_message[0]
    assert (sent.chat_id, sent.parse_mode) == (42, "HTML")
    assert sent.text.startswith("<b>Đăng ký khai sinh</b>")
    assert sent.link_preview_options.is_disabled is True
    assert [button.text for button in sent.reply_markup.inline_keyboard[0]] == ["Thời hạn", "Phí, lệ phí"]


async def test_only_the_last_of_several_messages_has_buttons() -> None:
    bot = MockBot()
    last = await TelegramSender(bot).send("42", LONG.model_copy(update={"choices": BIRTH.choices}))
    assert last == "3"
    assert [sent.reply_markup is not None for sent in bot.requests.send_message] == [False, False, True]


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "blocked"),
        (400, "Bad Request: chat not found", "chat_gone"),
        (400, "Bad Request: can't parse entities", "refused"),
        (400, "Bad Request: BUTTON_DATA_INVALID", "refused"),
    ],
)
async def test_what_never_will_be_delivered(code: int, description: str, kind: str) -> None:
    bot = MockBot()
    refuse(bot, code, description)
    with pytest.raises(PermanentError) as failed:
        await TelegramSender(bot).send("42", BIRTH)
    assert failed.value.kind == kind


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (500, "Internal Server Error", "server"),
        (502, "Bad Gateway", "server"),
        (401, "Unauthorized", "token"),
        (404, "Not Found", "token"),
        (409, "Conflict: terminated by other getUpdates request", "conflict"),
        (418, "I'm a teapot", "unexpected"),
    ],
)
async def test_what_may_be_delivered_later(code: int, description: str, kind: str) -> None:
    bot = MockBot()
    refuse(bot, code, description)
    with pytest.raises(TransientError) as failed:
        await TelegramSender(bot).send("42", BIRTH)
    assert failed.value.kind == kind


@pytest.mark.parametrize(
    ("description", "parameters", "seconds"),
    [
        ("Too Many Requests: retry after 7", {"retry_after": 7}, 7.0),
        ("Too Many Requests: retry after 9", {}, 9.0),
        ("Too Many Requests", {}, 5.0),
    ],
)
async def test_a_pause_that_telegram_asks_for(description: str, parameters: dict[str, int], seconds: float) -> None:
    bot = MockBot()
    refuse(bot, 429, description, **parameters)
    with pytest.raises(RateLimited) as failed:
        await TelegramSender(bot).send("42", BIRTH)
    assert failed.value.retry_after == seconds


_METHOD = SendMessage(chat_id=1, text="x")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TelegramNetworkError(_METHOD, "ClientConnectorError"), TransientError),
        (TelegramEntityTooLarge(_METHOD, "Request Entity Too Large"), PermanentError),
        (TelegramMigrateToChat(_METHOD, "migrated", migrate_to_chat_id=-5), PermanentError),
        (ClientDecodeError("Failed to decode object", ValueError(), "<html>"), TransientError),
        (TelegramAPIError(_METHOD, "?"), TransientError),
        (ConnectionResetError(), TransientError),
    ],
)
def test_other_failures(error: AiogramError | OSError, expected: type[DeliveryError]) -> None:
    assert type(failure(error)) is expected


async def test_after_a_failure_half_way_only_the_rest_is_sent() -> None:
    bot = MockBot()
    sender = TelegramSender(bot)
    bot.add_result(SendMessage, {"message_id": 1, "date": 1, "chat": {"id": 42, "type": "private"}})
    refuse(bot, 502, "Bad Gateway")
    with pytest.raises(TransientError):
        await sender.send("42", LONG)
    await sender.send("42", LONG)
    texts = [sent.text[0] for sent in bot.requests.send_message]
    assert texts == ["0", "1", "1", "2"]


async def test_the_same_answer_asked_for_twice_is_sent_twice() -> None:
    bot = MockBot()
    sender = TelegramSender(bot)
    await sender.send("42", LONG)
    await sender.send("42", LONG)
    assert len(bot.requests.send_message) == 6


async def test_half_sent_replies_of_other_chats_do_not_matter() -> None:
    bot = MockBot()
    sender = TelegramSender(bot)
    refuse(bot, 502, "Bad Gateway")
    with pytest.raises(TransientError):
        await sender.send("42", LONG)
    await sender.send("43", LONG)
    assert [sent.chat_id for sent in bot.requests.send_message] == [42, 43, 43, 43]


async def test_a_reply_without_words_is_refused_here() -> None:
    bot = MockBot()
    with pytest.raises(PermanentError):
        await TelegramSender(bot).send("42", Reply(blocks=()))
    assert len(bot.requests) == 0


async def test_nobody_at_the_other_end_is_a_failure_of_the_network(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    bot = make_bot("42:s3cret", f"http://127.0.0.1:{port}")
    try:
        with pytest.raises(TransientError) as failed:
            await TelegramSender(bot).send("42", BIRTH)
    finally:
        await bot.session.close()
        server.close()
        await server.wait_closed()
    assert failed.value.kind == "network"
    assert "s3cret" not in caplog.text + str(failed.value) + str(failed.value.__cause__)


@pytest.mark.parametrize("token", ["", "abc", "12:", "no colon", "12:a b"])
def test_a_malformed_token_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(BadToken) as refused:
        make_bot(token)
    assert refused.value.__cause__ is None
    assert not token or token not in str(refused.value)


def test_another_server_can_be_named() -> None:
    bot: Bot = make_bot("42:abc", "http://127.0.0.1:8081")
    assert bot.session.api.base == "http://127.0.0.1:8081/bot{token}/{method}"
