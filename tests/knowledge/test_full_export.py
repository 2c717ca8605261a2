"""The whole export of the portal, where it is at hand: every record is read, in time, its faults known."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.importing import import_procedures, load_procedures
from knowledge.models import FeeStatus, Level, Procedure, Unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def imported(full_export: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Procedure]:
    data = tmp_path_factory.mktemp("data")
    started = time.process_time()
    report = import_procedures(full_export, data)
    assert time.process_time() - started < 20
    assert (report.total, len(report.added), len(report.rejected)) == (4577, 4577, 0)
    assert report.fee_statuses == {"fixed": 682, "free": 131, "none": 12, "provincial": 82, "unknown": 3748}
    assert len({suspect.code for suspect in report.suspects}) == 676
    return load_procedures(data)


def test_levels(imported: dict[str, Procedure]) -> None:
    assert sum(Level.COMMUNE in procedure.level for procedure in imported.values()) == 785
    assert sum(not procedure.level for procedure in imported.values()) == 51


def test_former_bodies_are_warned_of(imported: dict[str, Procedure]) -> None:
    warned = [p for p in imported.values() if any("còn nhắc" in warning for warning in p.warnings)]
    district = [p for p in warned if any("cấp huyện" in warning for warning in p.warnings)]
    assert (len(warned), len(district)) == (152, 84)


def test_every_fixed_fee_is_plausible(imported: dict[str, Procedure]) -> None:
    fees = [fee for p in imported.values() for fee in [*p.fees, *(f for c in p.channels for f in c.fees)]]
    amounts = [fee.amount for fee in fees if fee.status is FeeStatus.FIXED]
    assert all(amount is not None and 1_000 <= amount <= 1_000_000_000 for amount in amounts)


def test_units_of_time(imported: dict[str, Procedure]) -> None:
    limits = [
        limit
        for p in imported.values()
        for limit in [*p.time_limits, *(x for c in p.channels for x in c.time_limits)]
    ]
    assert all(limit.text for limit in limits if limit.unit is Unit.UNKNOWN)


@pytest.mark.parametrize(
    ("code", "status"),
    [("1.001193", FeeStatus.UNKNOWN), ("1.004884", FeeStatus.PROVINCIAL), ("1.001928", FeeStatus.UNKNOWN)],
)
def test_known_fees(imported: dict[str, Procedure], code: str, status: FeeStatus) -> None:
    procedure = imported[code]
    fees = [*procedure.fees, *(fee for channel in procedure.channels for fee in channel.fees)]
    assert status in {fee.status for fee in fees}


def test_no_paper_keeps_a_bullet(imported: dict[str, Procedure]) -> None:
    names = [paper.name for p in imported.values() for paper in p.dossier]
    assert not [name for name in names if name.startswith(("-", "+", "*")) or name.endswith((";", ","))]
