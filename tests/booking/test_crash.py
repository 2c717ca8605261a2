"""kill -9 between any two steps: after the restart nothing is lost or doubled, and reminders came once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def torment(url: str, folder: Path, every: int, offset: int) -> list[str]:
    """What the child printed, line by line."""
    command = [sys.executable, "-m", "tests.booking.crash_child", url, str(folder), str(every), str(offset)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_killed_at_some_points(database_url: str, tmp_path: Path) -> None:
    (last,) = torment(database_url, tmp_path, every=37, offset=5)
    assert int(last.removeprefix("points ")) >= 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_many_points(database_url: str, tmp_path: Path) -> None:
    """Every third; `python -m tests.booking.crash_child URL FOLDER 1 1` takes all of them, some minutes long."""
    (last,) = torment(database_url, tmp_path, every=3, offset=1)
    assert int(last.removeprefix("points ")) >= 30
