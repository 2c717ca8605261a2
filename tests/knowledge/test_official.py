"""One record of the portal becomes a procedure; what it lacks stays unknown, what is odd is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import ChannelKind, FeeStatus, LegalBasis, Level, OnlineLevel, TimeLimit
from knowledge.official import MISSING_AGENCY, MISSING_LEVEL, MalformedRecordError, read_record, read_steps

Make = Callable[..., dict[str, Any]]


def test_a_plain_record(raw_record: Make) -> None:
    procedure, suspicions = read_record(raw_record())
    assert suspicions == ()
    assert procedure.code == "1.000001"
    assert procedure.level == (Level.COMMUNE,)
    assert procedure.subjects == ("Công dân Việt Nam", "Tổ chức (không bao gồm doanh nghiệp, HTX)")
    assert procedure.steps == ("Nộp hồ sơ.", "Nhận kết quả.")
    assert procedure.time_limits == (TimeLimit(value=3),)
    assert [fee.status for fee in procedure.fees] == [FeeStatus.UNKNOWN]
    assert [channel.kind for channel in procedure.channels] == [ChannelKind.IN_PERSON]
    assert procedure.dossier[0].name == "Tờ khai theo mẫu"
    assert procedure.result == ("Giấy thử",)
    assert procedure.legal_basis == (LegalBasis(number="1/2025/QH15", name="Luật Thử"),)
    assert procedure.source.as_of == date(2026, 7, 18)
    assert procedure.source.decision == "1/QĐ-BTP"
    assert procedure.warnings == ()


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Cấp Bộ/Trung ương", Level.MINISTRY),
        ("Cấp Tỉnh", Level.PROVINCE),
        ("Cấp Xã", Level.COMMUNE),
        ("Cơ quan khác", Level.OTHER),
    ],
)
def test_levels(raw_record: Make, name: str, level: Level) -> None:
    assert read_record(raw_record(level=[name]))[0].level == (level,)


def test_an_unknown_level_is_suspect(raw_record: Make) -> None:
    procedure, suspicions = read_record(raw_record(level=["Cấp Huyện"]))
    assert procedure.level == ()
    assert [suspicion.field for suspicion in suspicions] == ["level"]


def test_what_is_missing_is_said(raw_record: Make) -> None:
    procedure, _ = read_record(raw_record(agency=None, level=None))
    assert procedure.warnings == (MISSING_AGENCY, MISSING_LEVEL)


def test_the_competent_authority_stands_in_for_the_agency(raw_record: Make) -> None:
    procedure, _ = read_record(raw_record(agency=None, competent_authority="Sở Tư pháp"))
    assert procedure.agency == "Sở Tư pháp"
    assert procedure.warnings == ()


def test_former_bodies_are_warned_of(raw_record: Make) -> None:
    assert read_record(raw_record(agency="Ủy ban nhân dân cấp huyện"))[0].warnings


def test_former_bodies_are_warned_of_in_fees_and_in_headings_of_papers_too(raw_record: Make) -> None:
    method = {"channel": "Trực tiếp", "time_limit": "", "fee": "0 VNĐ (Nộp ở UBND huyện)", "description": ""}
    paper = {"case": "Khi nộp ở UBND huyện", "name": "Tờ khai", "form": "", "originals": 1, "copies": 0}
    assert read_record(raw_record(methods=[method]))[0].warnings
    assert read_record(raw_record(documents=[paper]))[0].warnings


def test_a_former_ministry_is_renamed(raw_record: Make) -> None:
    procedure, _ = read_record(raw_record(issued_by="Bộ xây dựng (Giao thông vận tải cũ)"))
    assert procedure.issued_by == "Bộ Xây dựng"


@pytest.mark.parametrize(
    ("full", "channel", "online"),
    [
        (None, "Trực tuyến", OnlineLevel.UNKNOWN),
        (True, "Trực tuyến", OnlineLevel.FULL),
        (False, "Trực tuyến", OnlineLevel.PARTIAL),
        (False, "Trực tiếp", OnlineLevel.NONE),
    ],
)
def test_online_level(raw_record: Make, full: bool | None, channel: str, online: OnlineLevel) -> None:
    methods = [{"channel": channel, "time_limit": "1 ngày", "fee": "", "description": ""}]
    procedure, _ = read_record(raw_record(online_full_process=full, methods=methods))
    assert procedure.online is online


@pytest.mark.parametrize(("given_value", "known"), [(True, True), (False, None), (None, None)])
def test_non_territorial_is_known_only_when_true(
    raw_record: Make, given_value: bool | None, known: bool | None
) -> None:
    assert read_record(raw_record(non_territorial=given_value))[0].non_territorial is known


def test_a_description_that_copies_the_conditions_is_no_summary(raw_record: Make) -> None:
    copied, _ = read_record(raw_record(conditions="- Đủ 18 tuổi", description="- Đủ 18 tuổi"))
    own, _ = read_record(raw_record(conditions="Không", description="Cấp giấy cho người đủ tuổi."))
    assert (copied.summary, copied.conditions) == (None, ("Đủ 18 tuổi",))
    assert (own.summary, own.conditions) == ("Cấp giấy cho người đủ tuổi.", ())


def test_results_are_split_but_not_their_commas(raw_record: Make) -> None:
    text = "Giấy phép xuất khẩu, Văn bản từ chối; Quyết định chia, tách; sáp nhập hội"
    assert read_record(raw_record(result=text))[0].result == (
        "Giấy phép xuất khẩu",
        "Văn bản từ chối",
        "Quyết định chia, tách; sáp nhập hội",
    )


def test_a_result_that_says_nothing_is_none(raw_record: Make) -> None:
    assert read_record(raw_record(result="Không quy định, Giấy phép xuất khẩu"))[0].result == ("Giấy phép xuất khẩu",)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("Nghị định số 131/2021/NĐ-CP", "131/2021/NĐ-CP"),
        ("Luật 46/2014/QH13", "46/2014/QH13"),
        ("Nghị quyết số 66.7/2025/NQ-CP", "66.7/2025/NQ-CP"),
        ("66.7/2025/NQ-CP", "66.7/2025/NQ-CP"),
        ("08.a/2010/TT-BTP", "08.a/2010/TT-BTP"),
        ("131/2021/ NĐ-CP", "131/2021/NĐ-CP"),
    ],
)
def test_numbers_of_legal_documents_stand_alone(raw_record: Make, code: str, number: str) -> None:
    procedure, _ = read_record(raw_record(legal_basis=[{"code": code, "name": ""}]))
    assert [law.number for law in procedure.legal_basis] == [number]


def test_legal_basis_takes_its_number_from_the_name(raw_record: Make) -> None:
    laws = [
        {"code": "", "name": "Thông tư sửa đổi (15/2026/TT-NHNN)"},
        {"code": " 60/2014/QH13", "name": "60/2014/QH13"},
        {"code": "60/2014/QH13", "name": "Luật Hộ tịch"},
        {"code": "", "name": "Luật nào đó"},
    ]
    procedure, suspicions = read_record(raw_record(legal_basis=laws))
    assert [law.number for law in procedure.legal_basis] == ["15/2026/TT-NHNN", "60/2014/QH13"]
    assert procedure.legal_basis[1].name is None
    assert [suspicion.field for suspicion in suspicions] == ["legal_basis"]


def test_steps_one_per_line() -> None:
    assert read_steps("- Nộp hồ sơ;\n\n+ Nhận kết quả.\n-") == ("Nộp hồ sơ;", "Nhận kết quả.")


def test_counted_steps_keep_their_lines() -> None:
    text = "Bước 1: Nộp hồ sơ\n- Trực tiếp;\n- Trực tuyến.\nb) Bước 2. Nhận kết quả."
    assert read_steps(text) == ("Nộp hồ sơ\n- Trực tiếp;\n- Trực tuyến.", "Nhận kết quả.")


def test_text_before_the_first_counted_step_is_a_step() -> None:
    assert read_steps("Chuẩn bị.\nBước 1: Nộp.\nBước 2: Nhận.") == ("Chuẩn bị.", "Nộp.", "Nhận.")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": None}, "code: thiếu"),
        ({"code": "khai sinh"}, "code: sai kiểu hoặc sai mẫu"),
        ({"name": " "}, "name: sai kiểu hoặc sai mẫu"),
        ({"methods": "Trực tiếp"}, "methods: sai kiểu hoặc sai mẫu"),
        ({"crawl_date": "hôm qua"}, "crawl_date: “hôm qua” không phải là ngày"),
        ({"source_url": "ftp://x"}, "url: sai kiểu hoặc sai mẫu"),
    ],
)
def test_malformed_records_name_the_field(raw_record: Make, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        read_record(raw_record(**change))


def test_every_fault_is_named(raw_record: Make) -> None:
    with pytest.raises(MalformedRecordError, match="name: thiếu; field: thiếu"):
        read_record(raw_record(name=None, field=None))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = [
    "code",
    "name",
    "level",
    "methods",
    "documents",
    "legal_basis",
    "steps",
    "crawl_date",
    "agency",
    "result",
]


@given(st.dictionaries(st.sampled_from(_KEYS), _JSON))
def test_any_json_is_read_or_rejected(changes: dict[str, Any]) -> None:
    base = {
        "code": "1.000001",
        "name": "a",
        "field": "b",
        "crawl_date": "2026-07-18",
        "source_url": "https://x",
    }
    with suppress(MalformedRecordError):
        assert read_record({**base, **changes})[0].code
