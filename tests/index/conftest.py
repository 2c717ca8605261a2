"""A small content folder, a build of it with vectors, and data directories to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.artefact import current_build, open_library
from index.build import build
from index.library import Library
from index.restore import Restorer
from tests.index.support import HASHING_PROJECTION, HashingEmbedder, copy_content


@pytest.fixture(scope="session")
def small_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six cards, their group, one plan, one file of things handled elsewhere. Read it, change only copies."""
    return copy_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def small_build(small_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a build of the small content and vectors. Open it, change only copies."""
    data_dir = tmp_path_factory.mktemp("small")
    build(data_dir, HashingEmbedder(), content_dir=small_content)
    return data_dir


@pytest.fixture(scope="session")
def library(small_build: Path) -> Library:
    """The small build, opened with its embedder."""
    return open_library(current_build(small_build), HashingEmbedder(), HASHING_PROJECTION)


@pytest.fixture(scope="session")
def small_words(small_build: Path) -> Library:
    """The small build, opened without embedder."""
    return open_library(current_build(small_build))


@pytest.fixture(scope="session")
def shipped_library(shipped_build: Path) -> Library:
    """The shipped content, opened without embedder."""
    return open_library(current_build(shipped_build))


@pytest.fixture(scope="session")
def restorer(shipped_library: Library) -> Restorer:
    """The restorer of the shipped content."""
    return shipped_library.restorer


@pytest.fixture
def content(small_content: Path, tmp_path: Path) -> Path:
    """A copy of the small content, to change."""
    return Path(shutil.copytree(small_content, tmp_path / "content"))


@pytest.fixture
def data_dir(small_build: Path, tmp_path: Path) -> Path:
    """A copy of the small build's data directory, to change or break."""
    return Path(shutil.copytree(small_build, tmp_path / "data"))


@pytest.fixture
def fresh_dir(small_build: Path, tmp_path: Path) -> Path:
    """A data directory without a build, its caches filled, so that a build is quick."""
    shutil.copytree(small_build / "cache", tmp_path / "fresh" / "cache")
    return tmp_path / "fresh"
