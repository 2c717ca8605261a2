"""The webhook on its own: who gets in, what Telegram is told, what is kept before that."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from api.guard import WEBHOOK_LIMIT
from api.intake import Incoming
from api.metrics import Metrics
from api.pipeline import Receipt
from api.telegram import PATH, webhook_router
from bot.catalog import say
from store.errors import Cause, StoreUnavailable

SECRET = "s3cret-of-the-webhook_0123456789"
SECRET_HEADER = b"X-Telegram-Bot-Api-Secret-Token"
HEADERS = {SECRET_HEADER.decode(): SECRET}
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CHAT = {"id": 4711, "type": "private"}
PRIVATE = "Nguyễn Văn A 0912345678"


class Inbox:
    """Stands for `Pipeline.receive`."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.failing: Cause | None = None

    async def receive(self, incoming: Incoming) -> Receipt:
        if self.failing:
            raise StoreUnavailable(self.failing)
        self.kept.append(incoming)
        return Receipt(len(self.kept), duplicate=False)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def door(inbox: Inbox, metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(webhook_router(inbox.receive, SECRET, metrics, lambda: NOW))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def rejected(metrics: Metrics, reason: str) -> float:
    labels = {"channel": "telegram", "reason": reason}
    return metrics.registry.get_sample_value("banhoi_webhook_rejects_total", labels) or 0.0


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"update_id": 7, "message": {"chat": CHAT, "text": text, **more}}


async def test_a_message_is_kept_before_telegram_is_told(door: httpx.AsyncClient, inbox: Inbox) -> None:
    answer = await door.post(PATH, json=message("mất mấy ngày"), headers=HEADERS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert inbox.kept == [Incoming("telegram", "7", "4711", NOW, "mất mấy ngày")]


async def test_a_tap_is_kept_and_acknowledged_in_the_same_breath(door: httpx.AsyncClient, inbox: Inbox) -> None:
    tap = {"update_id": 8, "callback_query": {"id": "55", "data": "p:1.001193", "message": {"chat": CHAT}}}
    answer = await door.post(PATH, json=tap, headers=HEADERS)
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "55"}
    assert inbox.kept == [Incoming("telegram", "8", "4711", NOW, choice="p:1.001193")]


async def test_a_vote_is_thanked_over_the_chat(door: httpx.AsyncClient, inbox: Inbox) -> None:
    tap = {"update_id": 8, "callback_query": {"id": "55", "data": "v:down:3", "message": {"chat": CHAT}}}
    answer = await door.post(PATH, json=tap, headers=HEADERS)
    assert answer.json()["text"] == say("voted_down")
    assert len(answer.json()["text"]) <= 200, "Telegram refuses longer ones"
    assert inbox.kept == [Incoming("telegram", "8", "4711", NOW, choice="v:down:3")]


@pytest.mark.parametrize("cause", list(Cause))
async def test_what_cannot_be_kept_is_sent_again_by_telegram(
    door: httpx.AsyncClient, inbox: Inbox, cause: Cause
) -> None:
    inbox.failing = cause
    assert (await door.post(PATH, json=message("mất mấy ngày"), headers=HEADERS)).status_code == 503


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "missing_secret"),
        (b"", "wrong_secret"),
        (b"wrong", "wrong_secret"),
        (b"\xff\xe1", "wrong_secret"),
    ],
)
async def test_strangers_are_refused_and_counted(
    door: httpx.AsyncClient, inbox: Inbox, metrics: Metrics, given: bytes | None, reason: str
) -> None:
    headers = [] if given is None else [(SECRET_HEADER, given)]
    answer = await door.post(PATH, json=message("mất mấy ngày"), headers=headers)
    assert answer.status_code == 401
    assert rejected(metrics, reason) == 1
    assert inbox.kept == []


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "149.154.167.197"}])
async def test_a_stranger_learns_nothing_from_how_the_body_is_treated(
    door: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for body in (b"{", b"{}", b" " * (WEBHOOK_LIMIT + 1)):
        assert (await door.post(PATH, content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"9" * 5_000,
        b"null",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": 1, "message": {"chat": {}}}',
    ],
    ids=["empty", "cut", "binary", "deep", "huge number", "null", "no id", "odd id", "no chat"],
)
async def test_junk_is_counted_and_does_not_come_again(
    door: httpx.AsyncClient, inbox: Inbox, metrics: Metrics, body: bytes
) -> None:
    assert (await door.post(PATH, content=body, headers=HEADERS)).status_code == 200
    assert rejected(metrics, "malformed") == 1
    assert inbox.kept == []


async def test_half_an_emoji_is_not_the_end_of_a_message(door: httpx.AsyncClient, inbox: Inbox) -> None:
    body = b'{"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}, "text": "\\ud83d khai sinh"}}'
    assert (await door.post(PATH, content=body, headers=HEADERS)).status_code == 200
    assert inbox.kept[0].text.endswith("khai sinh")


async def test_the_largest_update_that_telegram_can_send_is_taken(door: httpx.AsyncClient, inbox: Inbox) -> None:
    text = "ệ" * 4096
    entities = [{"type": "text_link", "offset": 0, "length": 9, "url": "https://example.vn/" + "a" * 100}] * 100
    quoted = {"chat": CHAT, "text": text, "entities": entities}
    body = json.dumps(message(text, entities=entities, reply_to_message=quoted)).encode()
    assert len(body) > 64 * 1024
    assert (await door.post(PATH, content=body, headers=HEADERS)).status_code == 200
    assert inbox.kept[0].text == text


async def test_more_than_that_is_refused_without_reading_on(
    door: httpx.AsyncClient, inbox: Inbox, metrics: Metrics
) -> None:
    asked_for = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked_for
        for _ in range(1000):
            asked_for += 1
            yield b" " * 65536

    answer = await door.post(PATH, content=endless(), headers=HEADERS)
    assert answer.status_code == 413
    assert rejected(metrics, "too_large") == 1
    assert inbox.kept == []


async def test_groups_are_told_nothing(door: httpx.AsyncClient, inbox: Inbox) -> None:
    group = {"update_id": 1, "message": {"chat": {"id": -5, "type": "group"}, "text": "lệ phí?"}}
    answer = await door.post(PATH, json=group, headers=HEADERS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert inbox.kept == []


async def test_the_log_names_no_person_no_words_and_no_secret(door: httpx.AsyncClient, inbox: Inbox) -> None:
    inbox.failing = Cause.FULL
    with capture_logs() as lines:
        await door.post(PATH, json=message(PRIVATE), headers=HEADERS)
        await door.post(PATH, json={"update_id": 1, "message": {"chat": CHAT, "text": [PRIVATE]}}, headers=HEADERS)
        await door.post(PATH, content=PRIVATE.encode(), headers=HEADERS)
        await door.post(PATH, json=message(PRIVATE), headers=[(SECRET_HEADER, PRIVATE.encode())])
    told = str(lines)
    assert "telegram_update_unreadable" in told
    assert not any(secret in told for secret in ("Nguyễn", "0912345678", "4711", SECRET))


def test_a_webhook_without_a_secret_is_never_opened() -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_router(Inbox().receive, "", Metrics())


def test_counters_are_the_applications_own() -> None:
    assert REGISTRY.get_sample_value("banhoi_webhook_rejects_total") is None
