"""What the tests of the knowledge room share: records of the portal made by hand, and the full export."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.models import Procedure

Raw = dict[str, Any]


@pytest.fixture
def raw_record() -> Callable[..., Raw]:
    """A record as the portal exports it; keyword arguments change or add keys, None takes one away."""

    def make(**changes: Any) -> Raw:
        record: Raw = {
            "code": "1.000001",
            "name": "Thủ tục cấp giấy thử",
            "field": "Hộ tịch",
            "level": ["Cấp Xã"],
            "agency": "Ủy ban nhân dân cấp xã",
            "subjects": "Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)",
            "steps": "Nộp hồ sơ.\nNhận kết quả.",
            "methods": [
                {
                    "channel": "Trực tiếp",
                    "time_limit": "3 ngày làm việc",
                    "fee": "0 VNĐ ()",
                    "description": "",
                }
            ],
            "documents": [
                {"case": "", "name": "- Tờ khai theo mẫu;", "form": "", "originals": 1, "copies": 0}
            ],
            "result": "Giấy thử",
            "legal_basis": [{"code": "1/2025/QH15", "name": "Luật Thử"}],
            "decision_no": "1/QĐ-BTP",
            "crawl_date": "2026-07-18",
            "source_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1",
        }
        record.update(changes)
        return {key: value for key, value in record.items() if value is not None}

    return make


@pytest.fixture
def export_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes an export; a record may also be a raw line."""

    def write(*records: Raw | str | bytes, name: str = "export.jsonl") -> Path:
        path = tmp_path / name
        texts = [json.dumps(record) if isinstance(record, dict) else record for record in records]
        lines = [text.encode() if isinstance(text, str) else text for text in texts]
        path.write_bytes(b"\n".join(lines) + b"\n")
        return path

    return write


@pytest.fixture
def procedure() -> Callable[..., Procedure]:
    """A procedure with little more than it must have."""

    def make(code: str = "1.000001", **fields: Any) -> Procedure:
        source = fields.pop("source", {"date": "2026-07-18", "decision": "1/QĐ-BTP"})
        return Procedure.model_validate(
            {"code": code, "name": "Thủ tục", "field": "Hộ tịch", "source": source, **fields}
        )

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that lies outside the repository."""
    folder = Path(os.environ.get("BANHOI_SHARED") or Path(__file__).parents[3] / "shared")
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
