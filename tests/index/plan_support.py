"""Two small plan documents, of a commune and of its province, and one from elsewhere."""

from __future__ import annotations

from typing import Any

from index.plans import PlanIndex
from knowledge.models import Plan

STATEMENTS: list[dict[str, Any]] = [
    {"id": "t27", "section": "II", "kind": "target", "text": "Năm 2027, 80% hồ sơ nộp trực tuyến.",
     "subject": "Tỷ lệ hồ sơ nộp trực tuyến", "value": "80%", "period": "2027"},
    {"id": "t30", "section": "II", "kind": "target", "text": "Đến năm 2030, 95% hồ sơ nộp trực tuyến.",
     "subject": "Tỷ lệ hồ sơ nộp trực tuyến", "value": "95%", "period": "2028-2030"},
    {"id": "train", "section": "III", "kind": "task", "text": "Tập huấn kỹ năng số cho cán bộ xã.",
     "lead": ["Phòng Văn hóa - Xã hội xã"], "coordinating": ["Công an xã"], "deadline": "Quý IV năm 2026"},
    {"id": "network", "section": "III", "kind": "task", "text": "Phủ sóng 5G ở các thôn.",
     "lead": ["Phòng Kinh tế xã"], "keywords": ["mạng di động"]},
    {"id": "safety", "section": "III", "kind": "task", "text": "Bảo vệ hệ thống khỏi tấn công mạng.",
     "lead": ["Công an xã"]},
    {"id": "online", "section": "III", "kind": "other", "text": "Tuyên truyền để người dân nộp hồ sơ trực tuyến."},
    {"id": "signed", "section": "III", "kind": "other", "text": "Kế hoạch do ông Nguyễn Văn Thử ký.",
     "keywords": ["người ký", "ai ký"]},
]  # fmt: skip


def plan(ident: str = "xa", **fields: Any) -> Plan:
    """The commune's plan, or another by what differs."""
    record = {
        "id": ident, "title": "Kế hoạch chuyển đổi số", "short": "Kế hoạch 12", "number": "12/KH-UBND", "kind": "plan",
        "place": "xã Vĩnh Thử", "source": {"date": "2026-07-01"}, "statements": STATEMENTS,
        "sections": [{"id": "II", "heading": "Mục tiêu"}, {"id": "III", "heading": "Nhiệm vụ"}],
    }  # fmt: skip
    return Plan.model_validate({**record, **fields})


PROVINCE = {
    "place": "tỉnh Quảng Trị", "short": "Nghị quyết 05", "number": "05-NQ/TU", "kind": "resolution",
    "issuer": "Sở Thử nghiệm tỉnh Quảng Trị", "aliases": ["nghị quyết đột phá"],
    "source": {"title": "Nghị quyết đột phá", "date": "2026-04-03"},
}  # fmt: skip
ABROAD = {"place": "tỉnh Quảng Thử", "short": "Thông báo 7", "number": "7/TB", "kind": "notice"}
ONE = PlanIndex([plan()])
TWO = PlanIndex([plan(), plan("tinh", **PROVINCE)])
THREE = PlanIndex([plan(), plan("tinh", **PROVINCE), plan("xa-la", **ABROAD)])
