"""Writes the open data, whole or not at all: a folder a day with a SQLite file for Datasette, CSV, a dictionary."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlite_utils import Database

from api.pages import VIETNAM
from api.texts import open_data_texts
from api.ways_out.tables import as_csv
from feed import open_data
from feed.anonymity import K
from feed.open_data import ANSWER_COLUMNS, COUNT_COLUMNS
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import read
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.open_data")
LATEST = "latest"
"""A link to the newest folder."""
DATABASE = "banhoi.db"
_HOUR = 2
"""By a clock in Vietnam, when the night's snapshot is due."""
_SECONDS = 900.0
_KEPT = 7
"""Snapshots."""
_DICTIONARY = ("table", "column", "type", "meaning")

Rows = Sequence[Mapping[str, Any]]


async def snapshot(engine: AsyncEngine, folder: Path, now: datetime) -> Path:
    """Writes the snapshot of today into `folder` and returns its own folder. Raises OSError, StoreUnavailable."""
    async with read(engine) as connection:
        counted = await open_data.weekly_counts(connection, now)
        answers = await open_data.open_answers(connection, now)
    counts = [asdict(count) | {"week": count.week.isoformat()} for count in counted]
    return await asyncio.to_thread(_write, folder, now.astimezone(VIETNAM).date(), counts, answers)


def _write(folder: Path, today: date, counts: Rows, answers: Rows) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / today.isoformat()
    waiting = folder / f".{uuid.uuid4().hex}"
    waiting.mkdir()
    try:
        _fill(waiting, today, counts, answers)
        _take_place(waiting, target)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    _point(folder / LATEST, target.name)
    _tidy(folder)
    return target


def _fill(folder: Path, today: date, counts: Rows, answers: Rows) -> None:
    tables = (("counts", counts, COUNT_COLUMNS), ("answers", answers, ANSWER_COLUMNS))
    dictionary = _dictionary()
    texts = open_data_texts()
    database = Database(folder / DATABASE)
    for name, rows, columns in (*tables, ("dictionary", dictionary, _DICTIONARY)):
        database.table(name).create({column: int if column == "messages" else str for column in columns})
        database.table(name).insert_all({column: row[column] for column in columns} for row in rows)
        (folder / f"{name}.csv").write_text(as_csv(rows, columns), encoding="utf-8", newline="")
    database.table("counts").create_index(["dimension", "value", "week"])
    database.table("answers").create_index(["field"])
    database.close()
    about = {
        key: texts[key].format(k=K, date=today.isoformat()) for key in ("title", "description", "source", "license")
    }
    described = {name: {"description": texts[f"table_{name}"].format(k=K)} for name, _, _ in tables}
    metadata = about | {"databases": {Path(DATABASE).stem: {"tables": described}}}
    (folder / "metadata.json").write_text(json.dumps(metadata, ensure_ascii=False, indent=2), encoding="utf-8")


def _dictionary() -> list[dict[str, str]]:
    texts = open_data_texts()
    return [
        {
            "table": table,
            "column": column,
            "type": "integer" if column == "messages" else "text",
            "meaning": texts[f"{table}_{column}"].format(k=K),
        }
        for table, columns in (("counts", COUNT_COLUMNS), ("answers", ANSWER_COLUMNS))
        for column in columns
    ]


def _take_place(waiting: Path, target: Path) -> None:
    """A folder of the same day makes room; readers of `latest` see the former one until the end."""
    former = target.with_name(f".{uuid.uuid4().hex}")
    try:
        target.rename(former)
    except FileNotFoundError:
        waiting.rename(target)
        return
    try:
        waiting.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _point(link: Path, name: str) -> None:
    waiting = link.with_name(f".{uuid.uuid4().hex}")
    waiting.symlink_to(name, target_is_directory=True)
    os.replace(waiting, link)  # noqa: PTH105 - Path.replace follows the link on some systems


def _tidy(folder: Path) -> None:
    for old in _snapshots(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _snapshots(folder: Path) -> list[Path]:
    """Folders that we made, by day."""
    found = []
    for path in folder.iterdir() if folder.exists() else ():
        try:
            date.fromisoformat(path.name)
        except ValueError:
            continue
        found.append(path)
    return sorted(found)


class NightlySnapshot:
    """Writes each night's snapshot, once, at whatever time after two in the morning the service runs."""

    def __init__(self, engine: AsyncEngine, folder: Path, clock: Clock = utc_now, *, wait: Waiter = wait_for) -> None:
        self._engine = engine
        self._folder = folder
        self._clock = clock
        self._wait = wait
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Looks every quarter of an hour until it is cancelled."""
        while not self._stopped.is_set():
            try:
                await self.run_once()
            except (OSError, StoreUnavailable) as error:
                _log.error("open_data_failed", error=type(error).__name__)
            await self._wait(self._stopped, _SECONDS)

    async def run_once(self) -> Path | None:
        """Today's snapshot where it is due and not there yet."""
        now = self._clock()
        local = now.astimezone(VIETNAM)
        if local.hour < _HOUR or (self._folder / local.date().isoformat()).exists():
            return None
        return await snapshot(self._engine, self._folder, now)
