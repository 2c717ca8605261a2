"""The whole service with Telegram beside it: a running application whose webhook an emulator knows, and one citizen."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, text
from telemelya.client import TelegramTestClient

from api.compose import compose_app
from api.settings import load_settings
from tests.api.serving import free_socket, serving
from tests.api.telegram_emulator import API_KEY, TOKEN, Front

SECRET = "s3cret_of_the_webhook-0123456789"
_SECONDS = 30.0


@dataclass
class World:
    """The service, Telegram and one citizen."""

    url: str
    front: Front
    citizen: TelegramTestClient
    chat_id: int
    database_url: str
    http: httpx.AsyncClient

    async def say(self, words: str) -> dict[str, Any]:
        """Types a message; returns how its delivery to the bot went."""
        report = await asyncio.to_thread(self.citizen.send_message, self.chat_id, words)
        return dict(report["delivery"])

    async def tap(self, answer: dict[str, Any], label: str) -> dict[str, Any]:
        """Taps the button `label` below an answer."""
        data = buttons(answer)[label]
        number = answer["message_id"]
        report = await asyncio.to_thread(self.citizen.send_callback_query, self.chat_id, data, number)
        return dict(report["delivery"])

    async def hear(self, method: str = "sendMessage") -> dict[str, Any]:
        """The bot's next call of `method`; others before it are skipped."""
        async with asyncio.timeout(_SECONDS):
            while True:
                answer = await asyncio.to_thread(self.citizen.wait_for_response, 2.0)
                if answer is not None and answer["method"] == method:
                    return answer

    async def ask(self, words: str) -> dict[str, Any]:
        """Types a message and waits for the answer."""
        await self.say(words)
        return await self.hear()

    async def knock(self, body: bytes, **headers: str) -> int:
        """Calls the webhook as anybody could."""
        return (await self.http.post(f"{self.url}/telegram/webhook", content=body, headers=headers)).status_code

    async def metric(self, name: str, **labels: str) -> float:
        """A figure that Prometheus would read; 0 when it is not there."""
        wanted = ",".join(f'{key}="{value}"' for key, value in labels.items())
        lines = (await self.http.get(f"{self.url}/metrics")).text.splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name}{{{wanted}}}")), 0.0)

    def questions(self) -> list[tuple[str, str | None, str]]:
        """The question log on SQLite: text, procedure, outcome."""
        engine = create_engine(self.database_url.replace("+aiosqlite", ""))
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT text, procedure_code, outcome FROM questions ORDER BY id")).all()
        engine.dispose()
        return [tuple(row) for row in rows]


def buttons(answer: dict[str, Any]) -> dict[str, str]:
    """Callback data by label."""
    markup = answer["reply_markup"]
    keyboard = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in keyboard for button in row}


@asynccontextmanager
async def open_world(emulator: str, knowledge: Path, database_url: str) -> AsyncIterator[World]:
    """A running service whose webhook Telegram knows."""
    async with httpx.AsyncClient(timeout=_SECONDS) as http:
        front = Front(emulator, http)
        async with serving(front.app, free_socket()) as front_url:
            front.url = front_url
            bound = free_socket()
            settings = load_settings(
                {
                    "BANHOI_DATA_DIR": str(knowledge),
                    "BANHOI_DATABASE_URL": database_url,
                    "BANHOI_EMBEDDER": "none",
                    "BANHOI_PORT": str(bound.getsockname()[1]),
                    "BANHOI_TELEGRAM_MODE": "webhook",
                    "BANHOI_TELEGRAM_TOKEN": TOKEN,
                    "BANHOI_TELEGRAM_WEBHOOK_SECRET": SECRET,
                    "BANHOI_TELEGRAM_API_BASE": front_url,
                }
            )
            async with serving(compose_app(settings, None), bound) as url:
                await asyncio.wait_for(front.registered.wait(), _SECONDS)
                chat_id = random.randrange(10**6, 10**9)
                with TelegramTestClient(emulator, API_KEY, TOKEN) as citizen:
                    yield World(url, front, citizen, chat_id, database_url, http)
