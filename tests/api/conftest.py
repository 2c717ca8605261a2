"""Fixtures of the HTTP side: the shipped knowledge built once, and a started site for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.catalogue import Catalogue, catalogue_of
from index.artefact import LibraryHolder
from index.build import build
from index.library import Library
from tests.api.site_support import Site, open_site


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a build of the shipped content, searched by words alone."""
    folder = tmp_path_factory.mktemp("built")
    build(folder, None)
    return folder


@pytest.fixture(scope="session")
def library(built: Path) -> Library:
    """The shipped content, opened."""
    return LibraryHolder(built)()


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The shipped content as pages show it."""
    return catalogue_of(library)


@pytest.fixture
async def site(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Site]:
    """A started site with default settings."""
    async with open_site(tmp_path, catalogue) as opened:
        yield opened
