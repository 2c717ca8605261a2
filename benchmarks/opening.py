"""The build that a benchmark measures, opened as the service opens it and described; and the questions put to it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.settings import load_settings
from api.terminal import open_embedder_or_none
from benchmarks.memory import settled_mb
from index.artefact import ArtefactUnusable, NamedEmbedder, current_build, open_library, read_manifest
from index.evaluation.sets import Case, Question, SetUnreadable, known_only, read_set
from index.library import Library

OWN_QUESTIONS = Path(__file__).parents[1] / "index" / "training" / "questions"
"""Questions of our own: `dev.jsonl` to tune by, `blind.jsonl` for figures only."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A build and what it was opened with."""

    folder: Path
    library: Library
    embedder: NamedEmbedder | None
    embedder_mb: float
    """By how much the process grew when the embedder was opened."""
    library_mb: float
    """By how much it grew when the build was opened."""

    @property
    def data_dir(self) -> Path:
        """The data directory that the build lies in."""
        return self.folder.parents[1]


def open_build() -> Opened:
    """The build in force in `BANHOI_DATA_DIR`; ends the program where there is none."""
    settings = load_settings(os.environ)
    sizes = [settled_mb()]
    embedder = open_embedder_or_none(settings.embedder, settings.data_dir)
    sizes.append(settled_mb())
    try:
        folder = current_build(settings.data_dir)
        library = open_library(folder, embedder)
    except ArtefactUnusable as error:
        raise SystemExit(f"no usable build in BANHOI_DATA_DIR: {error}") from error
    sizes.append(settled_mb())
    return Opened(folder, library, embedder, sizes[1] - sizes[0], sizes[2] - sizes[1])


def describe(folder: Path) -> str:
    """What was measured on what."""
    manifest = read_manifest(folder)
    counts = json.dumps(dict(manifest.counts)).strip("{}").replace('"', "")
    return (
        f"Build {manifest.version} ({counts}; embedder {manifest.embedder or 'none'}), "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}."
    )


def read_cases(path: Path, library: Library) -> list[Case]:
    """The cases of a set, the right procedure judged only where the library holds it.

    Ends the program when the file is no set.
    """
    try:
        return known_only(read_set(path), frozenset(library.knowledge.codes()))
    except SetUnreadable as error:
        raise SystemExit(str(error)) from error


def single_turns(cases: Sequence[Case]) -> Iterator[Case]:
    """The cases of one message that say what to expect."""
    for case in cases:
        first = case.questions[0]
        if len(case.questions) == 1 and first.judged and (first.behaviour or first.codes):
            yield case


def due(question: Question) -> bool:
    """Whether a procedure that the data holds is to be answered about at once."""
    return question.behaviour in ("answer", None) and question.in_data and bool(question.codes)


def percent(right: int, judged: int) -> str:
    """A share, one decimal."""
    return f"{100 * right / judged:.1f}" if judged else "–"
