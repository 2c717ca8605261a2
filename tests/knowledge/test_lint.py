"""The linter: content that fits its models and is still wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.query import bare_words
from knowledge.content import CONTENT_DIR, Content, load_content
from knowledge.findings import Severity
from knowledge.lint import lint

Raw = dict[str, Any]

SOUND: Raw = {
    "code": "1.000001",
    "name": "Thủ tục cấp giấy thử",
    "field": "Hộ tịch",
    "level": ["commune"],
    "agency": "Ủy ban nhân dân cấp xã",
    "place": "Trung tâm Phục vụ hành chính công xã.",
    "steps": ["Nộp giấy tờ."],
    "dossier": [{"name": "Tờ khai"}, {"name": "Giấy phép", "case": "shop"}],
    "cases": [{"id": "shop", "when": "Mở tiệm", "then": "Nộp thêm giấy phép."}],
    "time_limits": [{"value": 3, "unit": "working_day"}],
    "fees": [{"status": "fixed", "amount": 20000, "per": "lần"}],
    "channels": [{"kind": "in_person"}],
    "result": ["Giấy thử"],
    "legal_basis": [{"number": "1/2025/QH15"}],
    "aliases": ["giấy thử", "xin tờ thử", "làm bản thử", "thử lần đầu", "thẻ thử"],
    "situations": ["mở tiệm thử", "nhà em cần thử", "mệ muốn thử"],
    "popularity": 2,
    "source": {"url": "https://dichvucong.gov.vn/thu-tuc/1", "date": "2026-07-18"},
}
GROUP: Raw = {
    "id": "thu",
    "asks": ["chuyện thử"],
    "question": "Thử gì?",
    "variants": [
        {"code": "1.000001", "label": "Thử một", "hints": ["một"]},
        {"code": "1.000002", "label": "Thử hai", "hints": ["hai"]},
    ],
}

Write = Callable[..., Content]


def sibling(**changes: Any) -> Raw:
    """A second sound card that shares no name with the first."""
    names = ["phiếu đo", "xin phiếu đo", "làm sổ đo", "đo lần đầu", "thẻ đo"]
    return SOUND | {"code": "1.000002", "aliases": names} | changes


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes cards, groups and entries of `elsewhere` into a folder and reads them."""

    def written(*cards: Raw, groups: list[Raw] | None = None, elsewhere: list[Raw] | None = None) -> Content:
        for card in cards:
            _dump(tmp_path / "procedures" / f"{card['code']}.yaml", card)
        _dump(tmp_path / "groups/all.yaml", groups or [])
        _dump(tmp_path / "elsewhere/all.yaml", elsewhere or [])
        return load_content(tmp_path)

    return written


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def test_the_shipped_content_has_no_finding_but_links_to_what_only_the_official_data_holds() -> None:
    findings = lint(load_content(CONTENT_DIR), bare_words)
    assert [str(finding) for finding in findings if not finding.message.endswith("không có thẻ nào")] == []


def test_sound_content_has_no_finding(write: Write) -> None:
    assert lint(write(SOUND, sibling(), groups=[GROUP]), bare_words) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"dossier": []}, "dossier", "thiếu giấy tờ"),
        ({"time_limits": []}, "time_limits", "thiếu thời hạn"),
        ({"fees": []}, "fees", "thiếu lệ phí"),
        ({"place": None}, "place", "thiếu nơi nộp"),
        ({"steps": []}, "steps", "thiếu các bước"),
        ({"legal_basis": []}, "legal_basis", "thiếu căn cứ"),
        ({"agency": None}, "agency", "thiếu cơ quan"),
        ({"level": []}, "level", "thiếu cấp"),
        ({"unknown": ["steps"]}, "unknown", "các bước"),
        ({"time_limits": [{"value": 3}]}, "time_limits.0.unit", "3 gì?"),
        ({"time_limits": [{"value": 3, "unit": "unknown"}]}, "time_limits.0.text", "không rõ đơn vị"),
        ({"fees": [{"status": "fixed", "amount": 20000}]}, "fees.0.per", "20000 đồng cho mỗi cái gì?"),
        ({"fees": [{"status": "fixed", "amount": 20, "per": "bản"}]}, "fees.0.amount", "20 đồng"),
        ({"cases": []}, "dossier.1.case", "shop"),
        ({"aliases": SOUND["aliases"][:4]}, "aliases", "mới có 4"),
        ({"situations": ["một", "hai lần"]}, "situations", "mới có 2"),
        ({"steps": [f"Bước {n}." for n in range(8)]}, "steps", "8 bước"),
        ({"steps": ["Nộp giấy tờ.", "Nộp giấy tờ."]}, "steps", "hai lần"),
        ({"aliases": [*SOUND["aliases"], "cho em hỏi giấy thử"]}, "aliases", "“giấy thử” = “cho em hỏi giấy thử”"),
        ({"situations": [*SOUND["situations"], "mở tiệm thử ạ"]}, "situations", "hai lần"),
        ({"summary": "Xem www.dichvucong.gov.vn để biết."}, "summary", "www.dichvucong"),
        ({"warnings": ["Xem https://dichvucong.gov.vn."]}, "warnings.0", "đường dẫn hỏng"),
        ({"source": SOUND["source"] | {"url": "https://dich vu"}}, "source.url", "đường dẫn"),
        ({"not_for": [{"when": "Khác", "code": "1.000001"}]}, "not_for.0.code", "chính nó"),
    ],
)
def test_faults_of_one_card(write: Write, changes: Raw, field: str, said: str) -> None:
    findings = lint(write(SOUND | changes), bare_words)
    found = [finding for finding in findings if finding.field == field and said in finding.message]
    assert found, findings
    assert found[0].path.name == "1.000001.yaml"
    assert found[0].ident == "1.000001"
    assert found[0].severity is Severity.ERROR


def test_a_card_may_say_that_something_is_not_known(write: Write) -> None:
    assert lint(write(SOUND | {"time_limits": [], "unknown": ["time_limits"]}), bare_words) == []
    assert lint(write(SOUND | {"fees": [{"status": "unknown"}]}), bare_words) == []


def test_what_only_a_channel_says_is_said(write: Write) -> None:
    channel = {"kind": "in_person", "time_limits": SOUND["time_limits"], "fees": SOUND["fees"]}
    assert lint(write(SOUND | {"time_limits": [], "fees": [], "channels": [channel]}), bare_words) == []


def test_a_card_lies_under_its_code(write: Write, tmp_path: Path) -> None:
    write(SOUND)
    (tmp_path / "procedures/1.000001.yaml").rename(tmp_path / "procedures/1.000009.yaml")
    [finding] = lint(load_content(tmp_path), bare_words)
    assert finding.message == "tên tệp phải là 1.000001.yaml"


@pytest.mark.parametrize("alias", ["giấy thử", "Giay Thu", "cho em hỏi giấy thử với ạ", "thủ tục giấy thử"])
def test_one_name_for_two_procedures(write: Write, alias: str) -> None:
    [finding] = lint(write(SOUND, sibling(aliases=[*sibling()["aliases"], alias])), bare_words)
    assert (finding.ident, finding.field) == ("1.000002", "aliases")
    assert "của 1.000001" in finding.message


def test_names_of_groups_and_of_what_lies_elsewhere_collide_too(write: Write) -> None:
    entry = {"id": "toa", "asks": ["giấy thử", "kiện ra tòa"], "answer": "Tòa án."}
    content = write(SOUND, sibling(), groups=[GROUP | {"asks": ["kiện ra tòa"]}], elsewhere=[entry])
    assert {(finding.ident, finding.message.split(" trùng ")[0]) for finding in lint(content, bare_words)} == {
        ("toa", "“giấy thử”"),
        ("toa", "“kiện ra tòa”"),
    }


def test_an_alias_as_vague_as_the_question_of_its_group(write: Write) -> None:
    vague = sibling(aliases=[*sibling()["aliases"], "làm giấy chuyện thử"])
    [finding] = lint(write(SOUND, vague, groups=[GROUP]), bare_words)
    assert finding.ident == "1.000002"
    assert "mơ hồ như “chuyện thử” của nhóm thu" in finding.message


def test_a_vague_alias_of_a_card_outside_the_group_is_no_fault(write: Write) -> None:
    other = SOUND | {"code": "1.000003", "aliases": ["làm giấy chuyện thử", "b b", "c c", "d d", "e e"]}
    assert lint(write(SOUND, sibling(), other, groups=[GROUP]), bare_words) == []


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ([{"code": "1.000001", "label": "Lại một"}], "variants.2.code"),
        ([{"code": "1.000003", "label": "M" * 41}], "variants.2.label"),
        ([{"code": "1.000003", "label": "Ba", "hints": ["Hai"]}], "variants.2.hints"),
    ],
)
def test_faults_of_a_group(write: Write, variants: list[Raw], field: str) -> None:
    third = SOUND | {"code": "1.000003", "aliases": [f"c{n}" for n in range(5)]}
    content = write(SOUND, sibling(), third, groups=[GROUP | {"variants": [*GROUP["variants"], *variants]}])
    assert [finding.field for finding in lint(content, bare_words)] == [field]


def test_a_code_without_a_card_is_a_warning(write: Write) -> None:
    entry = {"id": "toa", "asks": ["kiện ra tòa"], "answer": "Tòa án.", "codes": ["1.000008"]}
    card = SOUND | {"not_for": [{"when": "Khác", "code": "1.000009"}]}
    findings = lint(write(card, sibling(), groups=[GROUP], elsewhere=[entry]), bare_words)
    assert [(f.ident, f.field) for f in findings] == [("toa", "codes.0"), ("1.000001", "not_for.0.code")]
    assert {finding.severity for finding in findings} == {Severity.WARNING}
