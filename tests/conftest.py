"""For all tests: the shipped knowledge, built once, and data outside; BANHOI_NO_SKIPS=1, as in CI, forbids to skip."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from index.build import build

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)

_SET = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("BANHOI_")}
"""Taken out of the environment: what the caller has set for a service of its own is no part of any test."""

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def shipped_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a build of the shipped content, searched by words alone. Change only copies of it."""
    data_dir = tmp_path_factory.mktemp("shipped")
    build(data_dir, None)
    return data_dir


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that lies outside the repository."""
    folder = Path(_SET.get("BANHOI_SHARED") or Path(__file__).parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip("no shared data: set BANHOI_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def full_export(shared: Path) -> Path:
    """The portal's export of 4,577 procedures."""
    path = shared / "data" / "procedures.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no full export at {path}")
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself."""
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file that skips itself."""
    return _without_skips((yield))


def _without_skips(report: R) -> R:
    """Turns a skip into a failure. A missing GPU excuses, and so does an expected failure."""
    if report.skipped and not hasattr(report, "wasxfail") and _SET.get("BANHOI_NO_SKIPS") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "GPU" not in reason:
            report.outcome = "failed"
            report.longrepr = f"{reason} (BANHOI_NO_SKIPS=1 forbids to skip)"
    return report
