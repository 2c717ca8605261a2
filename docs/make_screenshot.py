"""Takes the README's picture: a real chat, served by the real service, in Debian's Chromium.

    python docs/make_screenshot.py [docs/images/chat.png]

Needs the `dev` extra and /usr/bin/chromium. Builds the knowledge in `BANHOI_DATA_DIR` where that is missing.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from api.compose import compose_app
from api.settings import load_settings
from api.terminal import open_embedder_or_none
from index.build import build

QUESTIONS = ("lam giay khai sinh cho con can nhung giay to gi",)
SIZE = {"width": 860, "height": 1370}


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The address of the service, with a database of its own."""
    settings = load_settings(os.environ | {"BANHOI_DATABASE_URL": f"sqlite+aiosqlite:///{database}"})
    embedder = open_embedder_or_none(settings.embedder, settings.data_dir)
    build(settings.data_dir, embedder)
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(compose_app(settings, embedder), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


def take(home: str, target: Path) -> None:
    """Asks the questions as a citizen would and saves what is seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE, device_scale_factor=0.9, locale="vi-VN")  # type: ignore[arg-type]
        page.goto(home)
        for number, question in enumerate(QUESTIONS):
            page.get_by_label("Câu hỏi của bà con").fill(question)
            page.get_by_role("button", name="Gửi").click()
            page.locator(".turn").nth(number).locator(".bot").wait_for()
        page.evaluate("window.scrollTo(0, 0)")
        page.mouse.move(0, 0)
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        browser.close()


def main() -> None:
    """Serves, asks, saves."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images/chat.png")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "chat.db") as home:
        take(home, target)


if __name__ == "__main__":
    main()
