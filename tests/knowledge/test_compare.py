"""Holding a card against the official record: what differs, and what only reads otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.query import bare_words
from knowledge.compare import differences
from knowledge.content import CONTENT_DIR, Content, load_content
from knowledge.export_reader import read_export
from knowledge.lint import lint
from knowledge.models import Procedure
from knowledge.official import read_record
from knowledge.verify import verify

CARD: dict[str, Any] = {
    "name": "Thủ tục cấp giấy thử",
    "level": ["commune"],
    "agency": "Ủy ban nhân dân cấp xã",
    "dossier": [{"name": "Tờ khai", "originals": 1, "form": "Mẫu số 01"}],
    "time_limits": [{"value": 3, "unit": "working_day"}],
    "fees": [{"status": "unknown"}],
    "channels": [{"kind": "in_person"}],
    "online": "none",
    "legal_basis": [{"number": "1/2025/QH15"}],
    "source": {"url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1", "date": "2026-07-18", "decision": "1/QĐ-BTP"},
}
METHOD = {"channel": "Trực tiếp", "time_limit": "3 ngày làm việc", "fee": "0 VNĐ ()", "description": ""}
PAPER = {"case": "", "name": "- Tờ khai theo mẫu;", "form": "Mus01.docx", "originals": 1, "copies": 0}

Compare = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def compare(raw_record: Callable[..., dict[str, Any]], procedure: Callable[..., Procedure]) -> Compare:
    """What differs between a card that agrees with a record, and the record, after changes to either."""

    def compared(card: dict[str, Any] | None = None, **record: Any) -> list[tuple[str, str]]:
        official, _ = read_record(raw_record(**({"documents": [PAPER]} | record)))
        return list(differences(procedure(**(CARD | (card or {}))), official))

    return compared


def method(**changes: str) -> dict[str, Any]:
    """The record's ways to hand in, with one way."""
    return {"methods": [METHOD | changes]}


def documents(*names: str) -> dict[str, Any]:
    """The record's papers: the form and others of these names."""
    return {"documents": [PAPER, *(PAPER | {"name": name, "form": ""} for name in names)]}


def papers(*names: str) -> dict[str, Any]:
    """The card's papers: the form and others of these names."""
    return {"dossier": [*CARD["dossier"], *({"name": name, "originals": 1} for name in names)]}


def test_a_card_that_agrees(compare: Compare) -> None:
    assert compare() == []


@pytest.mark.parametrize(
    ("card", "field", "said"),
    [
        ({"name": "Thủ tục cấp giấy đo"}, "name", "cấp giấy thử"),
        ({"level": ["province"]}, "level", "thiếu cấp commune"),
        ({"level": ["commune", "ministry"]}, "level", "không nêu cấp ministry"),
        ({"agency": "Sở Tư pháp"}, "agency", "province"),
        ({"time_limits": [{"value": 5, "unit": "working_day"}]}, "time_limits", "5 ngày làm việc"),
        ({"time_limits": [{"value": 3, "unit": "day"}]}, "time_limits", "3 ngày"),
        ({"fees": [{"status": "fixed", "amount": 5000, "per": "bản"}]}, "fees", "5000 đồng"),
        ({"fees": [{"status": "free"}]}, "fees", "miễn phí"),
        ({"fees": [{"status": "provincial"}]}, "fees", "do tỉnh quy định"),
        ({"channels": [{"kind": "in_person"}, {"kind": "post"}]}, "channels", "qua bưu chính"),
        ({"channels": []}, "channels", "cho nộp trực tiếp"),
        ({"online": "full"}, "online", "toàn trình"),
        ({"legal_basis": [{"number": "2/2025/QH15"}]}, "legal_basis", "2/2025/QH15"),
        ({"dossier": [{"name": "Tờ khai", "form": "Mẫu số 02"}]}, "forms", "Mẫu số 02"),
        ({"dossier": [{"name": "Tờ khai"}]}, "forms", "không nêu mẫu nào"),
        (papers("Giấy khám thính lực"), "dossier", "Giấy khám thính lực"),
        ({"dossier": [CARD["dossier"][0] | {"originals": 2}]}, "dossier", "2 bản"),
        ({"source": CARD["source"] | {"url": "https://dichvucong.gov.vn/khac"}}, "source", "đường dẫn"),
        ({"source": CARD["source"] | {"decision": "2/QĐ-BTP"}}, "source", "1/QĐ-BTP"),
    ],
)
def test_what_the_card_says_and_the_record_does_not(
    compare: Compare, card: dict[str, Any], field: str, said: str
) -> None:
    found = compare(card)
    assert field in {where for where, _ in found}
    assert any(said in text for _, text in found)


@pytest.mark.parametrize(
    ("record", "field", "said"),
    [
        (method(time_limit="15 ngày"), "time_limits", "dữ liệu gốc ghi 15 ngày"),
        (method(fee="8000 VNĐ (8.000 đồng/bản)"), "fees", "dữ liệu gốc ghi 8000 đồng"),
        (method(fee="0 VNĐ (Không)"), "fees", "dữ liệu gốc ghi miễn phí"),
        (method(fee="0 VNĐ (Do Hội đồng nhân dân tỉnh quy định)"), "fees", "do tỉnh quy định"),
        (method(channel="Trực tuyến"), "online", "cho nộp trực tuyến"),
        (documents("Giấy chứng sinh"), "dossier", "1 trong 2 giấy tờ"),
        ({"documents": [PAPER | {"copies": 3}]}, "dossier", "3 bản"),
        ({"agency": "Bộ Tư pháp"}, "agency", "“Bộ Tư pháp”"),
        ({"decision_no": "9/QĐ-BTP"}, "source", "9/QĐ-BTP"),
    ],
)
def test_what_the_record_says_and_the_card_does_not(
    compare: Compare, record: dict[str, Any], field: str, said: str
) -> None:
    found = compare(**record)
    assert field in {where for where, _ in found}
    assert any(said in text for _, text in found)


@pytest.mark.parametrize(
    ("card", "record"),
    [
        ({"name": "thủ tục cấp  giấy thử."}, {}),
        ({}, {"level": [], "agency": "Ủy ban nhân dân xã, phường"}),
        ({}, {"agency": "Uỷ ban Nhân dân cấp xã, phường, thị trấn"}),
        ({}, method(time_limit="1", description="Trong thời hạn 03 ngày làm việc")),
        ({}, method(time_limit="3 ngày", description="Không quá 03 (ba) ngày làm việc.")),
        ({"time_limits": [{"value": 1, "unit": "day"}]}, method(time_limit="1", description="Ngay trong ngày.")),
        (
            {"time_limits": [*CARD["time_limits"], {"unit": "unknown", "text": "Phải xác minh thì 20 ngày."}]},
            {"methods": [METHOD, METHOD | {"time_limit": "20 ngày"}]},
        ),
        (
            {"fees": [{"status": "fixed", "amount": 15000, "per": "bản"}]},
            method(fee="0 VNĐ ()", description="Thu 15.000 đồng mỗi bản."),
        ),
        ({"channels": [{"kind": "in_person"}, {"kind": "post"}]}, {"steps": "Gửi qua dịch vụ bưu chính.\nNhận."}),
        ({"legal_basis": [{"number": "118/2025/NĐ-CP"}]}, {"legal_basis": [{"code": "118/2025/NĐ-C", "name": ""}]}),
        ({"legal_basis": [{"number": "46/2014/QH13"}]}, {"legal_basis": [{"code": "Luật 46/2014/QH13", "name": ""}]}),
        (papers("Giấy chứng sinh của trẻ"), documents("Giấy chứng sinh của cơ sở y tế nơi trẻ sinh ra")),
        (papers("Giấy chứng nhận (sổ đỏ) đã cấp"), documents("Giấy chứng nhận đã cấp")),
        (papers("Giấy chứng tử"), documents("Bản chính hoặc bản sao điện tử Giấy chứng tử khi có thiệt hại")),
        ({}, documents("Trường hợp không quy định bản chính thì nộp bản sao", "Một trong các giấy tờ sau:")),
        ({"dossier": [{"name": "Đơn", "form": "Mẫu ĐKX10/79"}]}, {"documents": [PAPER | {"form": "MauĐKX10-79.docx"}]}),
        ({"dossier": [{"name": "Đơn", "form": "Phụ lục III"}]}, documents("Đơn theo mẫu tại Phụ lục III")),
    ],
)
def test_what_only_reads_otherwise_is_no_difference(
    compare: Compare, card: dict[str, Any], record: dict[str, Any]
) -> None:
    assert compare(card, **record) == []


class TestVerify:
    """Differences against the reasons given for them."""

    @pytest.fixture
    def found(
        self, raw_record: Callable[..., dict[str, Any]], procedure: Callable[..., Procedure]
    ) -> Callable[..., list[tuple[str, str]]]:
        def verified(card: dict[str, Any], **record: Any) -> list[tuple[str, str]]:
            official, _ = read_record(raw_record(**({"documents": [PAPER]} | record)))
            content = Content(
                procedures={"1.000001": procedure(**(CARD | card))},
                files={("procedures", "1.000001"): Path("1.000001.yaml")},
            )
            return [(finding.field, finding.message) for finding in verify(content, {official.code: official})]

        return verified

    def test_a_difference_without_a_reason(self, found: Compare) -> None:
        [(field, _)] = found({"level": ["commune", "ministry"]})
        assert field == "level"

    def test_a_difference_with_its_reason(self, found: Compare) -> None:
        reasons = [{"field": "level", "reason": "Bộ cũng nhận."}]
        assert found({"level": ["commune", "ministry"], "differs": reasons}) == []

    def test_a_reason_that_has_run_out(self, found: Compare) -> None:
        [(field, message)] = found({"differs": [{"field": "level", "reason": "Bộ cũng nhận."}]})
        assert field == "differs"
        assert "level" in message

    def test_a_reason_explains_its_own_field_only(self, found: Compare) -> None:
        reasons = [{"field": "fees", "reason": "Nhầm."}]
        assert [field for field, _ in found({"level": ["commune", "ministry"], "differs": reasons})] == [
            "differs",
            "level",
        ]

    def test_what_is_unknown_no_longer(self, found: Compare) -> None:
        assert found({"unknown": ["result"]}, result="") == []
        [(field, message)] = found({"unknown": ["result"]})
        assert field == "result"
        assert "không biết" in message

    def test_a_code_that_the_data_does_not_know(self, found: Compare) -> None:
        assert found({}, code="1.000002") == [("code", "dữ liệu gốc không có mã 1.000001")]
        [(field, message)] = found({"not_for": [{"when": "Khác", "code": "1.000009"}]})
        assert field == "not_for.0.code"
        assert "1.000009" in message


@pytest.mark.slow
def test_the_shipped_cards_differ_from_the_official_data_for_a_reason_only(full_export: Path) -> None:
    content, official = load_content(CONTENT_DIR), read_export(full_export).procedures
    findings = [*verify(content, official), *lint(content, bare_words, official)]
    assert list(map(str, findings)) == []
