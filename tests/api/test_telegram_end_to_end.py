"""A citizen asks on Telegram: the whole service and the shipped content, against an emulator not of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index.build import build
from tests.api.telegram_emulator import (
    SECRET_HEADER,
    TOKEN,
    telemelya,  # noqa: F401 - a fixture
)
from tests.api.telegram_world import SECRET, World, open_world

QUESTION = "lam giay khai sinh cho con can nhung giay to gi"


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the shipped content, found by its words alone."""
    folder = tmp_path_factory.mktemp("knowledge")
    build(folder, None)
    return folder


@pytest.fixture
async def world(telemelya: str, knowledge: Path, tmp_path: Path) -> AsyncIterator[World]:  # noqa: F811
    """A running service on SQLite."""
    async with open_world(telemelya, knowledge, f"sqlite+aiosqlite:///{tmp_path / 'banhoi.db'}") as opened:
        yield opened


async def test_a_question_without_accents_gets_the_dossier_with_its_source_and_date(world: World) -> None:
    answer = await world.ask(QUESTION)
    assert "Đăng ký khai sinh" in answer["text"]
    assert "Giấy chứng sinh" in answer["text"]
    assert "Nguồn: Cổng Dịch vụ công quốc gia – thủ tục 1.001193" in answer["text"]
    assert "dữ liệu ngày 18/07/2026" in answer["text"]
    assert answer["raw"]["parse_mode"] == "HTML"
    assert world.questions() == [(QUESTION, "1.001193", "answer")]


async def test_a_button_answers_what_it_says(world: World) -> None:
    answer = await world.ask(QUESTION)
    delivery = await world.tap(answer, "Phí, lệ phí")
    assert delivery["status_code"] == 200
    fee = await world.hear()
    assert "<b>Phí, lệ phí</b>" in fee["text"]
    assert "Đăng ký khai sinh" in fee["text"]


async def test_a_tapped_button_stops_spinning(world: World) -> None:
    answer = await world.ask(QUESTION)
    await world.tap(answer, "Phí, lệ phí")
    answered = await world.hear("answerCallbackQuery")
    assert answered["callback_query_id"] == json.loads(world.front.updates[-1])["callback_query"]["id"]


async def test_a_vote_is_kept_and_thanked_without_a_message(world: World) -> None:
    answer = await world.ask(QUESTION)
    await world.tap(answer, "👎 Chưa đúng")
    assert "Cảm ơn" in (await world.hear("answerCallbackQuery"))["text"]
    assert "<b>Thời hạn giải quyết</b>" in (await world.ask("mất mấy ngày"))["text"], "the next message, none between"
    assert [outcome for _, _, outcome in world.questions()] == ["answer", "vote", "answer"]


async def test_a_citizen_sees_and_deletes_the_data_of_the_chat(world: World) -> None:
    await world.ask(QUESTION)
    assert QUESTION in (await world.ask("/dulieucuatoi"))["text"]
    asked = await world.ask("/xoadulieu")
    assert len(world.questions()) == 3
    await world.tap(asked, "Xóa hết")
    assert "Đã xóa 3 tin nhắn" in (await world.hear())["text"]
    assert world.questions() == [("Xóa hết", None, "erased")]
    assert "Giấy chứng sinh" in (await world.ask(QUESTION))["text"], "the chat goes on"


async def test_a_follow_up_is_understood(world: World) -> None:
    await world.ask(QUESTION)
    answer = await world.ask("mất mấy ngày")
    assert "<b>Thời hạn giải quyết</b>" in answer["text"]
    assert "thủ tục 1.001193" in answer["text"]


async def test_opening_the_chat_is_greeted(world: World) -> None:
    answer = await world.ask("/start")
    assert answer["text"].startswith("Xin chào!")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing_secret"),
        ({SECRET_HEADER: "wrong"}, "wrong_secret"),
        ({SECRET_HEADER: ""}, "wrong_secret"),
        ({SECRET_HEADER: SECRET + "x"}, "wrong_secret"),
    ],
)
async def test_nobody_but_telegram_gets_in(world: World, headers: dict[str, str], reason: str) -> None:
    forged = {"update_id": 1, "message": {"chat": {"id": world.chat_id, "type": "private"}, "text": QUESTION}}
    assert await world.knock(json.dumps(forged).encode(), **headers) == 401
    assert await world.metric("banhoi_webhook_rejects_total", channel="telegram", reason=reason) == 1
    assert world.questions() == []


async def test_the_emulator_itself_knows_no_secret_and_is_refused(world: World) -> None:
    path = f"{world.front.emulator}/bot{TOKEN}/setWebhook"
    await world.http.post(path, json={"url": f"{world.url}/telegram/webhook"})
    assert (await world.say(QUESTION))["status_code"] == 401
    assert world.questions() == []


async def test_an_update_that_telegram_sends_again_is_one_question_and_one_reply(world: World) -> None:
    await world.ask(QUESTION)
    update = world.front.updates[-1]
    again = await asyncio.gather(*(world.front.deliver(update) for _ in range(3)))
    assert [response.status_code for response in again] == [200, 200, 200]
    assert "Thời hạn" in (await world.ask("mất mấy ngày"))["text"]  # a second reply would have come before this
    assert [question[0] for question in world.questions()] == [QUESTION, "mất mấy ngày"]
    assert await world.metric("banhoi_duplicates_total", channel="telegram") == 3


async def test_a_pause_that_telegram_asks_for_is_kept_and_the_reply_arrives(world: World) -> None:
    parameters = {"retry_after": 1}
    world.front.refusals.append(
        {"error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": parameters}
    )
    began = asyncio.get_running_loop().time()
    answer = await world.ask(QUESTION)
    assert asyncio.get_running_loop().time() - began >= 1
    assert "Giấy chứng sinh" in answer["text"]
    assert [end for method, end in world.front.sent if method == "sendMessage"] == [
        "Too Many Requests: retry after 1",
        "ok",
    ]


async def test_junk_with_the_right_secret_is_taken_off_telegrams_hands_and_the_next_message_is_answered(
    world: World,
) -> None:
    junk = [b"", b"{", b"\xff\xfe\x00", b"[" * 50_000, b"null", b"{}", b'{"update_id": 1, "message": []}']
    answers = [await world.knock(body, **{SECRET_HEADER: SECRET}) for body in junk]
    assert answers == [200] * len(junk)
    assert await world.metric("banhoi_webhook_rejects_total", channel="telegram", reason="malformed") == len(junk)
    assert "Giấy chứng sinh" in (await world.ask(QUESTION))["text"]


async def test_a_photo_and_an_overlong_text_get_a_polite_answer(world: World) -> None:
    chat = {"id": world.chat_id, "type": "private"}
    photo = {"update_id": 1, "message": {"chat": chat, "photo": [{"file_id": "x"}]}}
    assert (await world.front.deliver(json.dumps(photo).encode())).status_code == 200
    await world.say("giấy tờ " * 512)
    answers = [(await world.hear())["text"], (await world.hear())["text"]]
    assert "Bà con gõ giúp điều muốn hỏi" in answers[0]
    assert answers[1]
