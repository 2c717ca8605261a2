"""A site served on a real port, and a real browser to look at it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Playwright

from api.app import create_app
from api.catalogue import Catalogue
from bot.types import Assistant
from store.clock import Clock, utc_now
from tests.api.serving import free_socket
from tests.api.site_support import make_services, settings_in

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = (360, 740), (1280, 900)
SHOTS = os.environ.get("SHOTS")
"""A folder for pictures of every page, to be looked at."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium. Skips the test where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium")
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)


@contextmanager
def served(
    folder: Path, catalogue: Catalogue | None, assistant: Assistant | None = None, clock: Clock = utc_now
) -> Iterator[str]:
    """The address of a site that a thread serves."""
    settings = settings_in(folder, rate_limit="1000/minute")
    with served_app(create_app(settings, make_services(settings, catalogue, assistant, clock))) as address:
        yield address


@contextmanager
def served_app(app: FastAPI) -> Iterator[str]:
    """The address of an application that a thread serves."""
    bound = free_socket()
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2)
    server = _Announcing(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])))
    thread.start()
    try:
        assert server.ready.wait(30), "the server did not start"
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        bound.close()


class _Announcing(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        self.ready.set()


@dataclass
class Visitor:
    """A browser window of one size and setting."""

    home: str
    context: BrowserContext
    page: Page
    scheme: str
    complaints: list[str]
    """What the browser's console had to say."""

    def open(self, path: str = "/") -> None:
        """Goes to a page."""
        self.page.goto(self.home + path)

    def ask(self, text: str) -> None:
        """Types a question, sends it, and waits for its answer."""
        shown = self.page.locator(".turn").count()
        self.page.get_by_label("Câu hỏi của bà con").fill(text)
        self.page.get_by_role("button", name="Gửi").click()
        self.page.locator(".turn").nth(shown).locator(".bot").first.wait_for()

    def follow(self, link: Locator) -> None:
        """Clicks what leads to another page, and waits until that is there."""
        with self.page.expect_navigation():
            link.click()

    def said(self) -> list[str]:
        """The citizen's bubbles, in order."""
        return self.page.locator(".said").all_inner_texts()

    def look(self, name: str, *, axe: bool = True) -> None:
        """No violation, nothing wider than the window; a picture of the page where one is wanted."""
        if SHOTS:
            width = self.page.viewport_size["width"] if self.page.viewport_size else 0
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{self.scheme}.png", full_page=True)
        assert self.overflow() <= 0, name
        if axe:
            assert self.violations() == "", name

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return wide

    def violations(self) -> str:
        """What axe-core finds against WCAG 2.2 AA; empty when nothing."""
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        results = Axe().run(self.page, options=options)
        return "\n".join(
            f"{item['id']}: {node['html']}" for item in results.response["violations"] for node in item["nodes"]
        )


def _refuse(dialog: Dialog, complaints: list[str]) -> None:
    complaints.append(f"dialog: {dialog.message}")
    dialog.dismiss()


@contextmanager
def visiting(
    browser: Browser, home: str, size: tuple[int, int] = DESK, *, script: bool = True, scheme: str = "light"
) -> Iterator[Visitor]:
    """A fresh window without cookies."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=script,
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
        locale="vi-VN",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: _refuse(dialog, complaints))
    try:
        yield Visitor(home, context, page, scheme, complaints)
    finally:
        context.close()
