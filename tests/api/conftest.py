"""Fixtures of the HTTP side: the shipped knowledge, a started site for each test, and a browser with a site."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from api.catalogue import Catalogue, catalogue_of
from index.artefact import LibraryHolder
from index.library import Library
from tests.api.browser_support import launch, served
from tests.api.site_support import Site, open_site


@pytest.fixture(scope="session")
def library(shipped_build: Path) -> Library:
    """The shipped content, opened."""
    return LibraryHolder(shipped_build)()


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The shipped content as pages show it."""
    return catalogue_of(library)


@pytest.fixture
async def site(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Site]:
    """A started site with default settings."""
    async with open_site(tmp_path, catalogue) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. Closed after each file: while it is open, no event loop can run beside it."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[str]:
    """The address of a site that echoes questions, for the browser."""
    with served(tmp_path_factory.mktemp("site"), catalogue) as address:
        yield address
