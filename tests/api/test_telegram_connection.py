"""Long polling and the webhook's registration: stored before forgotten, through every kind of failure."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, DeleteWebhook, SetWebhook, TelegramMethod
from aiogram.methods.base import Response
from aiogram.types import ResponseParameters
from structlog.testing import capture_logs
from teremok import MockBot

from api.intake import Incoming
from api.metrics import Metrics
from api.pipeline import Receipt
from api.settings import load_settings
from api.telegram_connection import keep_webhook, open_telegram, run_polling, webhook_url
from bot.catalog import say
from bot.channels.telegram.client import BadToken, GetRawUpdates
from store.errors import Cause, StoreUnavailable

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TOKEN = "123456789:AAemulatoremulatoremulatoremulator"
SECRET = "s3cret-of-the-webhook_0123456789"


class Over(Exception):
    """The test has seen enough."""


class Desk:
    """A bot to poll with, an inbox, and a watch that only notes how long it was asked to wait."""

    def __init__(self) -> None:
        self.bot = MockBot(strict=False)
        self.kept: list[Incoming] = []
        self.pauses: list[float] = []
        self.failures: list[Exception] = []

    async def receive(self, incoming: Incoming) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.append(incoming)
        return Receipt(len(self.kept), duplicate=False)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def batch(self, *updates: Any) -> None:
        """The next request for updates gives these."""
        answer: Any = Response[Any](ok=True, result=list(updates))
        self.bot.mock_session.add_result(GetRawUpdates, answer)

    def refuse(self, method: type[TelegramMethod[Any]], code: int, text: str, **parameters: int) -> None:
        """The next call of `method` gets this answer."""
        told = ResponseParameters(**parameters) if parameters else None
        answer: Any = Response[Any](ok=False, error_code=code, description=text, parameters=told)
        self.bot.mock_session.add_result(method, answer)

    async def poll(self) -> None:
        """Polls until Telegram has nothing left to give."""
        with pytest.raises(AssertionError, match="GetRawUpdates"):  # teremok's word for an empty queue
            await run_polling(self.bot, self.receive, clock=lambda: NOW, sleep=self.sleep)

    @property
    def offsets(self) -> list[int | None]:
        """The offset of each request for updates."""
        return [call.offset for call in self.bot.requests.all if isinstance(call, GetRawUpdates)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def text(number: int, words: str = "mất mấy ngày") -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": 9, "type": "private"}, "text": words}}


def tap(number: int, choice: str = "p:1") -> dict[str, Any]:
    message = {"chat": {"id": 9, "type": "private"}}
    return {"update_id": number, "callback_query": {"id": "55", "data": choice, "message": message}}


async def test_updates_are_stored_in_their_order_and_then_confirmed(desk: Desk) -> None:
    desk.batch(text(5, "một"), text(6, "hai"))
    desk.batch(text(9, "ba"))
    await desk.poll()
    assert [incoming.text for incoming in desk.kept] == ["một", "hai", "ba"]
    assert desk.offsets == [None, 7, 10]


async def test_polling_takes_a_webhook_away_but_drops_nothing(desk: Desk) -> None:
    desk.batch()
    await desk.poll()
    assert desk.bot.requests.delete_webhook[0].drop_pending_updates is False
    request = next(call for call in desk.bot.requests.all if isinstance(call, GetRawUpdates))
    assert list(request.allowed_updates) == ["message", "callback_query"]


async def test_an_update_that_cannot_be_stored_is_tried_again_and_not_confirmed(desk: Desk) -> None:
    desk.failures = [StoreUnavailable(Cause.LOCKED), StoreUnavailable(Cause.FULL)]
    desk.batch(text(5, "một"), text(6, "hai"))
    await desk.poll()
    assert [incoming.text for incoming in desk.kept] == ["một", "hai"]
    assert desk.pauses == [1.0, 2.0]
    assert desk.offsets == [None, 7]


async def test_a_stop_in_the_middle_leaves_the_rest_with_telegram(desk: Desk) -> None:
    stored = asyncio.Event()

    async def receive(incoming: Incoming) -> Receipt:
        if incoming.text == "hai":
            stored.set()
            await asyncio.Event().wait()
        return await desk.receive(incoming)

    desk.batch(text(5, "một"), text(6, "hai"))
    polling = asyncio.create_task(run_polling(desk.bot, receive, sleep=desk.sleep))
    async with asyncio.timeout(10):
        await stored.wait()
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert [incoming.text for incoming in desk.kept] == ["một"]
    assert desk.offsets == [None]


@pytest.mark.parametrize(
    ("code", "description"),
    [(502, "Bad Gateway"), (409, "Conflict: terminated by other getUpdates request"), (418, "?")],
)
async def test_telegrams_bad_days_are_sat_out(desk: Desk, code: int, description: str) -> None:
    for _ in range(8):
        desk.refuse(GetRawUpdates, code, description)
    desk.batch(text(5))
    await desk.poll()
    assert len(desk.kept) == 1
    assert desk.pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_pause_that_telegram_asks_for_is_kept(desk: Desk) -> None:
    desk.refuse(GetRawUpdates, 429, "Too Many Requests: retry after 30", retry_after=30)
    desk.batch(text(5))
    await desk.poll()
    assert desk.pauses == [30]


@pytest.mark.parametrize(("code", "description"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_refused_token_ends_polling_with_a_word_in_the_log(desk: Desk, code: int, description: str) -> None:
    desk.refuse(DeleteWebhook, code, description)
    with capture_logs() as lines:
        await run_polling(desk.bot, desk.receive, sleep=desk.sleep)
    assert [line["event"] for line in lines] == ["telegram_token_refused"]


async def test_one_odd_update_does_not_hide_the_others(desk: Desk) -> None:
    odd = {"update_id": 6, "message": {"chat": "?"}}
    group = {"update_id": 7, "message": {"chat": {"id": -1, "type": "group"}, "text": "a"}}
    desk.batch(text(5, "một"), odd, group, {"no": "id"}, text(8, "hai"))
    desk.batch()
    await desk.poll()
    assert [incoming.text for incoming in desk.kept] == ["một", "hai"]
    assert desk.offsets == [None, 9, 9]


async def test_updates_without_ids_do_not_make_it_spin(desk: Desk) -> None:
    desk.batch({"no": "id"})
    desk.batch("junk")
    desk.batch(text(5))
    await desk.poll()
    assert desk.pauses == [1, 2]
    assert len(desk.kept) == 1


async def test_a_tap_is_stored_and_acknowledged(desk: Desk) -> None:
    desk.batch(tap(5))
    await desk.poll()
    assert desk.kept == [Incoming("telegram", "5", "9", NOW, choice="p:1")]
    (acknowledged,) = desk.bot.requests.answer_callback_query
    assert (acknowledged.callback_query_id, acknowledged.text) == ("55", None)


async def test_a_vote_is_thanked_over_the_chat(desk: Desk) -> None:
    desk.batch(tap(5, "v:up:3"))
    await desk.poll()
    assert desk.kept == [Incoming("telegram", "5", "9", NOW, choice="v:up:3")]
    assert desk.bot.requests.answer_callback_query[0].text == say("voted_up")


async def test_a_tap_that_is_too_old_to_acknowledge_is_answered_all_the_same(desk: Desk) -> None:
    desk.refuse(AnswerCallbackQuery, 400, "Bad Request: query is too old")
    desk.batch(tap(5), text(6))
    await desk.poll()
    assert [incoming.external_id for incoming in desk.kept] == ["5", "6"]
    assert desk.pauses == []


async def test_the_webhook_is_registered_with_its_secret_however_long_it_takes(desk: Desk) -> None:
    desk.refuse(SetWebhook, 502, "Bad Gateway")
    await keep_webhook(desk.bot, "https://hoi.example.vn/telegram/webhook", SECRET, sleep=desk.sleep)
    asked = desk.bot.requests.set_webhook[-1]
    assert (asked.url, asked.secret_token) == ("https://hoi.example.vn/telegram/webhook", SECRET)
    assert asked.allowed_updates == ["message", "callback_query"]
    assert not asked.drop_pending_updates
    assert desk.pauses == [1]


def settings(**values: str) -> Any:
    names = {f"BANHOI_TELEGRAM_{name.upper()}": value for name, value in values.items() if name != "public_url"}
    public = {"BANHOI_PUBLIC_URL": values["public_url"]} if "public_url" in values else {}
    return load_settings(names | public)


def test_switched_off_there_is_no_channel(desk: Desk) -> None:
    assert open_telegram(settings(), desk.receive, Metrics()) is None
    assert open_telegram(settings(token=TOKEN), desk.receive, Metrics()) is None


def test_polling_opens_no_door(desk: Desk) -> None:
    channel = open_telegram(settings(mode="polling", token=TOKEN), desk.receive, Metrics())
    assert channel is not None
    assert channel.routers == ()


def test_a_malformed_token_is_refused_at_the_start(desk: Desk) -> None:
    with pytest.raises(BadToken):
        open_telegram(settings(mode="polling", token="abc"), desk.receive, Metrics())


def test_the_webhook_is_where_the_public_reaches_the_service() -> None:
    public = settings(mode="webhook", token=TOKEN, webhook_secret=SECRET, public_url="https://hoi.quangtri.gov.vn")
    assert webhook_url(public) == "https://hoi.quangtri.gov.vn/telegram/webhook"
    local = settings(mode="webhook", token=TOKEN, webhook_secret=SECRET, api_base="http://127.0.0.1:9")
    assert webhook_url(local) == "http://127.0.0.1:8000/telegram/webhook"
