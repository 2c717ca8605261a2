"""The snapshot: complete or absent, openable, without a citizen's words; written once a night."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.ways_out import open_data
from api.ways_out.open_data import LATEST, NightlySnapshot, snapshot
from store.engine import write
from store.tables import questions
from tests.api.site_support import Site
from tests.api.test_public_answers import QUESTION, published
from tests.api.ways_out.support import ask

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
SECRET = "chuyện riêng của bà con"


def days_in(folder: Path) -> list[str]:
    """Its snapshots."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("2026-"))


async def log(site: Site) -> None:
    """Twelve people in a week that is over, one of them from another field."""
    for person in range(12):
        await ask(site, SECRET, at=NOW - timedelta(days=6, minutes=person))
    async with write(site.services.database) as connection:
        await connection.execute(questions.update().where(questions.c.id <= 11).values(field="Đất đai"))


async def test_it_opens_and_says_what_it_holds(site: Site, tmp_path: Path) -> None:
    await log(site)
    await published(site, text="=1+1")
    folder = await snapshot(site.services.database, tmp_path / "open", NOW)
    assert folder == tmp_path / "open" / "2026-11-25"
    assert (tmp_path / "open" / LATEST).resolve() == folder.resolve()
    with sqlite3.connect(folder / "banhoi.db") as database:
        counts = set(database.execute("SELECT week, dimension, value, messages FROM counts"))
        answers = list(database.execute("SELECT code, question, answer FROM answers"))
        described = {(row[0], row[1]) for row in database.execute('SELECT "table", "column" FROM dictionary')}
        columns = {
            (table, column[1])
            for table in ("counts", "answers")
            for column in database.execute(f"PRAGMA table_info({table})")
        }
    assert ("2026-11-16", "total", "total", 12) in counts
    assert {row[2:] for row in counts if row[1] == "field"} == {("(rest)", 12)}, "eleven and one would tell the one"
    assert answers == [("HD-AB2CD3", QUESTION, "=1+1")]
    assert described == columns
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["answer"] == "'=1+1"
    assert "tables" in json.loads((folder / "metadata.json").read_text("utf-8"))["databases"]["banhoi"]
    assert all(SECRET.encode() not in path.read_bytes() for path in folder.iterdir())


async def test_a_failure_leaves_the_former_one(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = await snapshot(site.services.database, tmp_path / "open", NOW)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def broken(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(open_data, "as_csv", broken)
    with pytest.raises(OSError, match="no space"):
        await snapshot(site.services.database, tmp_path / "open", NOW)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in (tmp_path / "open").iterdir()) == ["2026-11-25", LATEST]


async def test_once_a_night_and_the_old_ones_go(site: Site, tmp_path: Path) -> None:
    moments = [NOW.replace(hour=18, minute=59) - timedelta(days=1)]
    nightly = NightlySnapshot(site.services.database, tmp_path, clock=lambda: moments[-1])
    assert await nightly.run_once() is None, "one minute before two in Vietnam"
    for day in range(9):
        moments.append(NOW.replace(hour=19, minute=1) + timedelta(days=day))
        assert await nightly.run_once() is not None
        assert await nightly.run_once() is None
    days = days_in(tmp_path)
    assert len(days) == 7
    assert days[-1] == "2026-12-04"
    assert (tmp_path / LATEST / "banhoi.db").is_file()
