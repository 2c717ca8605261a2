"""On Telegram: asked, before officials within a second, answered, given to others, withdrawn, never given again."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from feed.answers import approve, submit, withdraw
from store.clock import utc_now
from store.engine import read
from store.feed_tables import cases
from tests.api.telegram_emulator import telemelya  # noqa: F401 - a fixture
from tests.api.telegram_world import World, open_world
from tests.feed.review_support import LATER, Desk, draft
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    engine,
    postgres,
    sqlite_template,
)

QUESTION = "Chợ phiên Ba Lòng họp vào ngày nào trong tháng?"
PARAPHRASE = "cho phien ba long hop ngay nao trong thang vay"
TEXT = "Chợ phiên Ba Lòng họp ngày mùng 5, 15 và 25 hằng tháng."
_MOST_SECONDS = 30.0


@pytest.fixture
async def world(telemelya: str, shipped_build: Path, database_url: str, tmp_path: Path) -> AsyncIterator[World]:  # noqa: F811
    shutil.copytree(shipped_build, tmp_path / "data")
    async with open_world(telemelya, tmp_path / "data", database_url) as opened:
        yield opened


async def until(found: Callable[[], Awaitable[Any]]) -> tuple[Any, float]:
    """What `found` gives once it gives something, and after how many seconds."""
    began = time.monotonic()
    while not (value := await found()):
        assert time.monotonic() - began < _MOST_SECONDS
    return value, time.monotonic() - began


async def test_one_answer_serves_all_who_ask_until_it_is_withdrawn(world: World, engine: AsyncEngine) -> None:  # noqa: F811
    async def in_the_inbox() -> Any:
        async with read(engine) as connection:
            return (await connection.execute(select(cases))).one_or_none()

    unknown = await world.ask(QUESTION)
    assert "chưa có trong dữ liệu" in unknown["text"]
    case, seconds = await until(in_the_inbox)
    assert seconds < 1.0
    assert case.status == "new"

    desk = Desk(engine, utc_now())
    async with desk.by("lan") as change:
        await submit(change, case.id, case.version, draft(question=QUESTION, text=TEXT, sources=()))
    async with desk.by("minh") as change:
        assert await approve(change, case.id, case.version + 1) == 1
    given = await world.hear()
    assert TEXT in given["text"]
    assert case.code in given["text"]

    source = f"Nguồn: Ủy ban nhân dân xã Vĩnh Thủy trả lời, mã {case.code}"

    async def answered_to_another() -> Any:
        world.chat_id += 1
        answer = await world.ask(PARAPHRASE)
        return answer if source in answer["text"] else None

    answer, seconds = await until(answered_to_another)
    assert seconds < 10.0
    assert TEXT in answer["text"]

    async with desk.by("minh") as change:
        case = await in_the_inbox()
        receivers = await withdraw(change, case.id, case.version, "Lịch chợ đã đổi.", LATER)
    assert receivers >= 2
    world.chat_id += 1
    await world.say(PARAPHRASE)
    heard = [await world.hear() for _ in range(receivers + 1)]
    assert sum("rút lại" in message["text"] for message in heard) == receivers
    assert not any(TEXT in message["text"] for message in heard)
