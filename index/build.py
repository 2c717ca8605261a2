"""`banhoi build`: content and imports become an immutable, checksummed artefact, swapped in as a whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile

from index.artefact import (
    FORMAT,
    KNOWLEDGE_DB,
    MANIFEST,
    RESTORER,
    SEARCH_DB,
    UNIT_VECTORS,
    ArtefactUnusable,
    file_hash,
    read_manifest,
)
from index.corpus import corpus_hash, sentences
from index.dense import write_vectors
from index.popularity import popularity_of, write_popularity
from index.restore import Restorer
from index.unit_table import WordedUnit, worded_units, write_units
from index.units import Unit, UnitKind, other_units, outside_units, procedure_units, searched
from index.vectors import CacheDamaged, PassageEmbedder, embed_cached
from knowledge.assemble import Knowledge, assemble
from knowledge.content import CONTENT_DIR, load_content
from knowledge.database import write_database
from knowledge.import_errors import WriteFailedError

Report = Callable[[str, int, int], None]
"""Called with the name of a stage, how much of it is done, and how much there is."""
KEPT_BUILDS = 2
READINGS = Path(__file__).parent / "data"
"""Its text files say how texts are read and what is asked from outside; the weights beside them are in no build."""


class BuildFailed(Exception):
    """The build could not be made; the former one keeps serving. The message is for the operator, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build led to."""

    version: str
    folder: Path
    fresh: bool
    """False when the build in force was already of this knowledge."""
    remarks: tuple[str, ...]


def build(
    data_dir: Path,
    embedder: PassageEmbedder | None,
    *,
    content_dir: Path = CONTENT_DIR,
    force: bool = False,
    report: Report = lambda _stage, _done, _total: None,
) -> Built:
    """Build from the content and what was imported into `data_dir`, and make it current.

    Raises `BuildFailed` when it cannot be written, `ContentError` for faults in the content, and
    `DataImportError` for damaged imports. Whatever fails, the current build stays as it is.
    """
    try:
        with _locked(data_dir):
            knowledge = _read(content_dir, data_dir, report)
            version = _version(knowledge, embedder)
            folder = data_dir / "builds" / version
            fresh = force or not _whole(folder)
            if fresh:
                _write(knowledge, embedder, data_dir, folder, version, report)
            _make_current(data_dir, version)
            _prune(data_dir, version)
    except (OSError, sqlite3.Error, WriteFailedError, CacheDamaged) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise BuildFailed(
            f"Không dựng được dữ liệu trong {data_dir}: {reason}. Bản đang dùng không thay đổi."
        ) from error
    return Built(version, folder, fresh, knowledge.remarks)


def _read(content_dir: Path, data_dir: Path, report: Report) -> Knowledge:
    report("Đọc nội dung", 0, 1)
    knowledge = assemble(load_content(content_dir), data_dir)
    if not knowledge.procedures:
        raise BuildFailed(f"Không có thủ tục nào trong {content_dir} và {data_dir}. Bản đang dùng không thay đổi.")
    report("Đọc nội dung", 1, 1)
    return knowledge


def _version(knowledge: Knowledge, embedder: PassageEmbedder | None) -> str:
    name = embedder.name if embedder else "words"
    parts = f"{FORMAT}:{knowledge.content_hash}:{corpus_hash(knowledge)}:{_readings_hash()}:{name}"
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def _readings_hash() -> str:
    files = sorted(path for path in READINGS.iterdir() if path.suffix in (".txt", ".yaml"))
    return hashlib.sha256(b"".join(map(Path.read_bytes, files))).hexdigest()


def _whole(folder: Path) -> bool:
    try:
        read_manifest(folder)
    except ArtefactUnusable:
        return False
    return True


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """One build at a time in a data directory."""
    (data_dir / "builds").mkdir(parents=True, exist_ok=True)
    with (data_dir / "builds" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(
    knowledge: Knowledge,
    embedder: PassageEmbedder | None,
    data_dir: Path,
    folder: Path,
    version: str,
    report: Report,
) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    temporary.chmod(0o755)  # the service may run as another user than the builder
    try:
        restorer = _write_restorer(temporary, knowledge, data_dir / "cache", report)
        units = worded_units(_units(knowledge), restorer)
        _write_databases(temporary, knowledge, units, report)
        if embedder is not None:
            _write_all_vectors(temporary, units, embedder, data_dir / "cache", report)
        _write_manifest(temporary, knowledge, units, embedder, version)
        _replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _units(knowledge: Knowledge) -> list[Unit]:
    own = [unit for procedure in knowledge.procedures.values() for unit in procedure_units(procedure)]
    others = other_units(knowledge.groups.values(), knowledge.elsewhere.values(), knowledge.faqs.values())
    return [*own, *others, *outside_units()]


def _write_databases(folder: Path, knowledge: Knowledge, units: Sequence[WordedUnit], report: Report) -> None:
    report("Ghi dữ liệu", 0, 2)
    write_database(folder / KNOWLEDGE_DB, knowledge)
    report("Ghi dữ liệu", 1, 2)
    write_units(folder / SEARCH_DB, units)
    write_popularity(folder / SEARCH_DB, popularity_of(knowledge.procedures.values()))
    report("Ghi dữ liệu", 2, 2)


def _write_restorer(folder: Path, knowledge: Knowledge, cache_dir: Path, report: Report) -> Restorer:
    report("Học cách thêm dấu", 0, 1)
    cached = cache_dir / f"restorer-{FORMAT}-{corpus_hash(knowledge)}.npz"
    if not _loadable(cached):
        cache_dir.mkdir(parents=True, exist_ok=True)
        for outdated in cache_dir.glob("restorer-*.npz"):
            outdated.unlink()
        temporary = cache_dir / "restorer-new.npz"
        Restorer.train(sentences(knowledge)).save(temporary)
        temporary.replace(cached)
    shutil.copyfile(cached, folder / RESTORER)
    report("Học cách thêm dấu", 1, 1)
    return Restorer.load(folder / RESTORER)


def _loadable(restorer: Path) -> bool:
    """Whether the cached restorer is there and whole: a power cut may have left half of it."""
    try:
        Restorer.load(restorer)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return False
    return True


def _write_all_vectors(
    folder: Path,
    units: Sequence[WordedUnit],
    embedder: PassageEmbedder,
    cache_dir: Path,
    report: Report,
) -> None:
    texts = [_embedded(units[number]) for number in searched([item.unit for item in units])]
    stage = "Tính vectơ"
    vectors = embed_cached(embedder, texts, cache_dir, lambda done, total: report(stage, done, total))
    write_vectors(folder / UNIT_VECTORS, vectors)


def _embedded(item: WordedUnit) -> str:
    return " ".join(item.words) if item.unit.kind is UnitKind.EXAMPLE else item.unit.text


def _write_manifest(
    folder: Path, knowledge: Knowledge, units: Sequence[WordedUnit], embedder: PassageEmbedder | None, version: str
) -> None:
    files = {path.name: file_hash(path) for path in sorted(folder.iterdir())}
    manifest = {
        "format": FORMAT,
        "version": version,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "embedder": embedder.name if embedder else None,
        "files": files,
        "counts": {
            "procedures": len(knowledge.procedures),
            "cards": len(knowledge.with_card),
            "groups": len(knowledge.groups),
            "plans": len(knowledge.plans),
            "statements": sum(len(plan.statements) for plan in knowledge.plans.values()),
            "offices": len(knowledge.offices),
            "units": len(units),
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _replace(temporary: Path, folder: Path) -> None:
    """Put a finished build in its place; a damaged one of the same version goes first."""
    for path in temporary.iterdir():
        _sync(path)
    if folder.exists():
        shutil.rmtree(folder)
    temporary.replace(folder)
    _sync(folder.parent)


def _make_current(data_dir: Path, version: str) -> None:
    pointer = data_dir / "current"
    if pointer.exists() and pointer.read_bytes().strip() == version.encode():
        return
    temporary = data_dir / ".current-new"
    temporary.write_text(version + "\n", encoding="utf-8")
    _sync(temporary)
    temporary.replace(pointer)
    _sync(data_dir)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(data_dir: Path, current: str) -> None:
    """Remove old builds, all but the newest ones, and leftovers of builds that were killed."""
    folders = [path for path in (data_dir / "builds").iterdir() if path.is_dir() and path.name != current]
    whole = sorted(
        (path for path in folders if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in (*whole[KEPT_BUILDS - 1 :], *(path for path in folders if path.name.startswith("."))):
        shutil.rmtree(path, ignore_errors=True)
