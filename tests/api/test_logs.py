"""Log lines: no token, no citizen's words, no personal number, whoever writes them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from api.logs import configure_logging, hide_secrets

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; the logging of the test run is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    into = io.StringIO()
    configure_logging("json", "debug", into)
    yield into
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_vietnamese_left_readable(stream: io.StringIO) -> None:
    structlog.get_logger("api").info("đã trả lời", outcome="answer", ms=12.5)
    assert "đã trả lời" in stream.getvalue()
    (line,) = lines(stream)
    assert (line["outcome"], line["ms"], line["level"]) == ("answer", 12.5, "info")


def test_what_a_citizen_wrote_is_dropped(stream: io.StringIO) -> None:
    structlog.get_logger("api").info("asked", text="tôi tên Lan", chat_id="42", nested={"phone": "1", "n": 2})
    (line,) = lines(stream)
    assert line["nested"] == {"n": 2}
    assert not {"text", "chat_id"} & line.keys()


def test_the_request_id_is_bound(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("api").info("x")
        logging.getLogger("elsewhere").warning("y")
    assert [line["request_id"] for line in lines(stream)] == ["abc", "abc"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", TOKEN),
        ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ("https://x/y?access_token=abcdef&b=1", "abcdef"),
        ('{"app_secret": "qwertyuiop"}', "qwertyuiop"),
        ("postgresql+asyncpg://banhoi:hunter2@db:5432/x", "hunter2"),
        ("gọi 0912 345 678 nhé", "345 678"),
        ("số căn cước 045099001234", "045099001234"),
        ("+84912345678", "12345678"),
    ],
)
def test_secrets_and_personal_numbers_are_hidden(text: str, secret: str) -> None:
    assert secret not in hide_secrets(text)


@pytest.mark.parametrize("text", ["1.001193", "61cafd8536df", "2026-11-22T03:40:39", "15.000 đồng", "163/QĐ-BTP"])
def test_figures_of_our_own_stay(text: str) -> None:
    assert hide_secrets(text) == text


def test_an_error_is_told_without_its_message(stream: io.StringIO) -> None:
    try:
        raise ValueError("Nguyễn Thị Lan, 0912345678")
    except ValueError:
        structlog.get_logger("api").exception("broke")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    for line in lines(stream):
        assert line["error"] == "ValueError"
        assert "test_logs.py" in line["where"][0]
    assert "Lan" not in stream.getvalue()


async def test_a_bot_token_in_a_url_never_appears(stream: io.StringIO) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json={"ok": True}))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("httpx").warning("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("aiogram.event").warning("failed to fetch bot%s", TOKEN)
    logging.getLogger("uvicorn.access").info("GET /bot%s", TOKEN)
    assert TOKEN.split(":")[1] not in stream.getvalue()
    assert "/bot[hidden]/getMe" in stream.getvalue()
    assert len(lines(stream)) == 2


def test_the_console_form_is_for_people(stream: io.StringIO) -> None:
    into = io.StringIO()
    configure_logging("console", "info", into)
    structlog.get_logger("api").info("hello", n=1)
    structlog.get_logger("api").debug("not shown")
    assert "hello" in into.getvalue()
    assert "n=1" in into.getvalue()
    assert "not shown" not in into.getvalue()
