"""The built artefact: opened only when whole, and swapped under a running service."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

from index.dense import read_vectors
from index.lexical import LexicalIndex
from index.library import Library
from index.places import Places
from index.plans import PlanIndex
from index.popularity import read_popularity
from index.projection import Projection, load_projection
from index.ranker import RankerUnusable, load_rankers
from index.restore import Restorer
from index.search import QueryEmbedder, Searcher
from index.unit_table import read_units
from index.verdict import Families, load_verdict
from knowledge.database import KnowledgeUnavailable, open_database

FORMAT = 2
"""Raised when the files of an artefact change their meaning."""
MANIFEST = "manifest.json"
KNOWLEDGE_DB, SEARCH_DB, RESTORER = "knowledge.db", "search.db", "restorer.npz"
UNIT_VECTORS = "units.faiss"

_VERSION = re.compile(r"[0-9a-f]{12}")
_log = logging.getLogger(__name__)


class ArtefactUnusable(Exception):
    """There is no usable build; the message says why and what to do, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build says of itself."""

    version: str
    built_at: str
    embedder: str | None
    files: Mapping[str, str]
    """SHA-256 of each file."""
    counts: Mapping[str, int]


class NamedEmbedder(QueryEmbedder, Protocol):
    """An embedder that can tell whether it made the vectors of a build."""

    @property
    def name(self) -> str:
        """Model and version."""
        ...


def current_build(data_dir: Path) -> Path:
    """The folder of the build in force.

    Raises `ArtefactUnusable` when nothing was built yet.
    """
    try:
        name = (data_dir / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ArtefactUnusable("Chưa có dữ liệu đã dựng; hãy chạy “banhoi build”.") from None
    except OSError as error:
        raise ArtefactUnusable(f"Không đọc được {data_dir / 'current'}: {error.strerror}.") from error
    except UnicodeDecodeError:
        name = ""
    if not _VERSION.fullmatch(name):
        raise ArtefactUnusable(f"Tệp {data_dir / 'current'} bị hỏng; hãy chạy lại “banhoi build”.")
    return data_dir / "builds" / name


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a build, its files checked against their checksums.

    Raises `ArtefactUnusable` when a file is missing or damaged.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(
            data["version"], data["built_at"], data["embedder"], data["files"], data["counts"]
        )
        if data["format"] != FORMAT:
            raise ArtefactUnusable(f"Bản dựng {folder.name} thuộc phiên bản khác; hãy chạy lại “banhoi build”.")
        missing = {KNOWLEDGE_DB, SEARCH_DB, RESTORER} - manifest.files.keys()
        damaged = [name for name, digest in manifest.files.items() if file_hash(folder / name) != digest]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactUnusable(f"Bản dựng {folder.name} bị thiếu hoặc hỏng; hãy chạy lại “banhoi build”.") from error
    if damaged or missing:
        names = ", ".join(sorted({*damaged, *missing}))
        raise ArtefactUnusable(f"Bản dựng {folder.name} bị hỏng ({names}); hãy chạy lại “banhoi build --force”.")
    return manifest


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_library(
    folder: Path, embedder: NamedEmbedder | None = None, projection: Projection | None = None
) -> Library:
    """Open a build. Without embedder, or with another one than it was built with, it is searched by words alone.

    `projection`: another one than the shipped. Raises `ArtefactUnusable`.
    """
    manifest = read_manifest(folder)
    projection = projection or load_projection()
    usable = _usable(embedder, manifest, projection)
    try:
        knowledge = open_database(folder / KNOWLEDGE_DB)
        lexical = LexicalIndex(read_units(folder / SEARCH_DB))
        encoded = read_vectors(folder / UNIT_VECTORS, len(lexical.units)) if usable is not None else None
        searcher = Searcher(
            lexical,
            read_popularity(folder / SEARCH_DB),
            knowledge.groups.values(),
            encoded,
            usable,
            projection,
            load_rankers(),
        )
        plans = PlanIndex(list(knowledge.plans.values()))
        restorer = Restorer.load(folder / RESTORER)
        verdicts = load_verdict()
    except (KnowledgeUnavailable, RankerUnusable) as error:
        raise ArtefactUnusable(f"Không mở được bản dựng {folder.name}: {error}") from error
    except (OSError, ValueError, KeyError, RuntimeError, sqlite3.Error, BadZipFile) as error:
        raise ArtefactUnusable(f"Không mở được bản dựng {folder.name}: {error}") from error
    return Library(
        manifest.version,
        knowledge,
        searcher,
        plans,
        restorer,
        usable,
        Families(knowledge.groups),
        verdicts,
        Places(knowledge.offices.values()),
    )


def _usable(
    embedder: NamedEmbedder | None, manifest: Manifest, projection: Projection
) -> NamedEmbedder | None:
    """The embedder, where the build has vectors of it and the projection was trained for it."""
    if embedder is None:
        return None
    if embedder.name != manifest.embedder:
        _log.warning("searching by words: the build has vectors of %s, not %s", manifest.embedder, embedder.name)
        return None
    if not projection.fits(embedder.name):
        _log.warning("searching by words: nothing was trained for the vectors of %s", embedder.name)
        return None
    return embedder


class LibraryHolder:
    """The library in force. `refresh` swaps in a newer build; the old one serves until then, or when it is damaged."""

    def __init__(self, data_dir: Path, embedder: NamedEmbedder | None = None) -> None:
        self._data_dir = data_dir
        self._embedder = embedder
        self._lock = threading.Lock()
        folder = current_build(data_dir)
        self._seen = _stamp(folder)
        self._complaint = ""
        self._library = open_library(folder, embedder)

    def __call__(self) -> Library:
        """The library in force."""
        return self._library

    def refresh(self) -> bool:
        """Open the build that is current now, if it was not seen before. Returns whether it was swapped in.

        A build that is not usable is tried and logged once; made again in the same place, it counts as another.
        """
        with self._lock:
            try:
                folder = current_build(self._data_dir)
                stamp = _stamp(folder)
                if stamp == self._seen:
                    return False
                self._seen = stamp
                self._library = open_library(folder, self._embedder)
            except ArtefactUnusable as error:
                self._complain(str(error))
                return False
            self._complaint = ""
            return True

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _log.error("the new build is not usable, the old one keeps serving: %s", complaint)
        self._complaint = complaint


def _stamp(folder: Path) -> tuple[Path, int, int]:
    """Tells one build from another, also from one that took its place."""
    try:
        status = (folder / MANIFEST).stat()
    except OSError:
        return folder, 0, 0
    return folder, status.st_ino, status.st_mtime_ns
