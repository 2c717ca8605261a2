"""For all tests: with BANHOI_NO_SKIPS=1, as in CI, a test that cannot run has failed."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


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
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("BANHOI_NO_SKIPS") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "GPU" not in reason:
            report.outcome = "failed"
            report.longrepr = f"{reason} (BANHOI_NO_SKIPS=1 forbids to skip)"
    return report
