"""A citizen deletes the data of the web chat: the whole service, with and without script."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.compose import compose_app
from api.retention import Retention
from bot.rights.requests import RetentionRules
from tests.api.site_support import running, settings_in

QUESTION = "đăng ký kết hôn cần giấy tờ gì"


@pytest.fixture
async def client(shipped_build: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before the whole service."""
    shutil.copytree(shipped_build, tmp_path / "data")
    settings = settings_in(tmp_path / "data", embedder="none")
    async with running(compose_app(settings, None)) as opened:
        yield opened


async def post(client: httpx.AsyncClient, *, script: bool = False, **fields: str) -> httpx.Response:
    """A sent form, as htmx or as a browser without script sends it."""
    return await client.post("/hoi", data=fields, headers={"HX-Request": "true"} if script else {})


async def page(client: httpx.AsyncClient) -> str:
    return (await client.get("/")).text


async def test_the_data_are_shown_and_deleted_without_script(client: httpx.AsyncClient) -> None:
    await post(client, text=QUESTION)
    await post(client, text="/dulieucuatoi")
    assert "Dữ liệu đang lưu về cuộc trò chuyện này" in await page(client)
    await post(client, text="xóa dữ liệu của tôi")
    shown = await page(client)
    assert re.search(r'name="choice" value="r:delete"', shown)
    assert QUESTION in shown
    assert (await post(client, choice="r:delete")).status_code == 303
    left = await page(client)
    assert "Đã xóa dữ liệu của cuộc trò chuyện này" in left
    assert QUESTION not in left
    assert "Dữ liệu đang lưu" not in left


async def test_with_script_what_was_deleted_goes_from_the_screen(client: httpx.AsyncClient) -> None:
    await post(client, text=QUESTION, script=True)
    asked = await post(client, text="/xoadulieu", script=True)
    assert "hx-refresh" not in asked.headers
    done = await post(client, choice="r:delete", script=True)
    assert done.headers["hx-refresh"] == "true"


async def test_rest_shows_and_deletes_too(client: httpx.AsyncClient) -> None:
    first = (await client.post("/api/v1/ask", json={"text": QUESTION})).json()
    same = {"conversation_id": first["conversation_id"]}
    asked = (await client.post("/api/v1/ask", json={"text": "/xoadulieu"} | same)).json()
    assert asked["outcome"] == "rights"
    done = (await client.post("/api/v1/ask", json={"choice": "r:delete"} | same)).json()
    assert (done["outcome"], done["conversation_id"]) == ("erased", first["conversation_id"])


def test_the_service_sweeps_by_its_settings(tmp_path: Path) -> None:
    app = compose_app(settings_in(tmp_path, embedder="none", keep_messages_days="30"), None)
    workers = [getattr(run, "__self__", None) for run in app.state.services.background]
    (sweep,) = (worker for worker in workers if isinstance(worker, Retention))
    assert sweep._rules == RetentionRules(30, 730)
