"""What the tests of the knowledge room share: records of the portal made by hand."""

from __future__ import annotations

import json
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


@pytest.fixture
def tiny_pdf() -> Callable[[list[list[str]]], bytes]:
    """Makes a PDF with the given lines on each page; its font maps codes to Unicode as they are."""
    return _tiny_pdf


_TO_UNICODE = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def"
    b" 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    b" 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
)


def _tiny_pdf(pages: list[list[str]]) -> bytes:
    kids = " ".join(f"{10 + 2 * index} 0 R" for index in range(len(pages)))
    objects: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type0/BaseFont/T/Encoding/Identity-H/DescendantFonts[4 0 R]"
        b"/ToUnicode 6 0 R>>",
        4: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/T/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor 5 0 R/DW 500>>",
        5: b"<</Type/FontDescriptor/FontName/T/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 1/Descent 0"
        b"/CapHeight 1/StemV 1>>",
        6: _stream(_TO_UNICODE),
    }
    for index, lines in enumerate(pages):
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -14 Td " for line in lines)
        objects[10 + 2 * index] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {11 + 2 * index} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        ).encode()
        objects[11 + 2 * index] = _stream(f"BT /F 12 Tf 40 760 Td {shown}ET".encode())
    return _pdf_file(objects)


def _stream(content: bytes) -> bytes:
    return f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _pdf_file(objects: dict[int, bytes]) -> bytes:
    output = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(output)
        output += f"{number} 0 obj".encode() + content + b"endobj\n"
    start = len(output)
    output += b"xref\n" + b"".join(
        f"{number} 1\n{offset:010} 00000 n \n".encode() for number, offset in offsets.items()
    )
    output += f"trailer<</Size {max(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(output)
