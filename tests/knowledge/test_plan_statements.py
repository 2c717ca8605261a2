"""Targets, tasks and the rest, as plan documents state them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import Statement, StatementKind
from knowledge.plan_outline import read_outline
from knowledge.plan_readers import Block
from knowledge.plan_statements import read_statements


def statements(*texts: str | Block) -> list[Statement]:
    blocks = [Block(text) if isinstance(text, str) else text for text in texts]
    return read_statements(read_outline(blocks))


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        ("Tỷ lệ số hóa kết quả đạt 100%.", "Tỷ lệ số hóa kết quả", "100%"),
        (
            "+ 100% hồ sơ công việc được xử lý trên môi trường số.",
            "hồ sơ công việc được xử lý trên môi trường số",
            "100%",
        ),
        ("Chỉ số DTI cấp tỉnh đạt ≥ 0,75; vào Top 20 cả nước.", "Chỉ số DTI cấp tỉnh", "≥ 0,75; Top 20"),
        (
            "Bồi dưỡng kỹ năng số: Cấp xã đạt ≥ 80%; cấp tỉnh đạt 100%.",
            "Bồi dưỡng kỹ năng số: Cấp xã",
            "≥ 80%; 100%",
        ),
        ("Tỷ lệ hồ sơ đúng hạn đạt từ 98% trở lên", "Tỷ lệ hồ sơ đúng hạn", "từ 98% trở lên"),
        (
            "Ứng dụng Công dân số đạt trên 300.000 tài khoản.",
            "Ứng dụng Công dân số",
            "trên 300.000 tài khoản",
        ),
        ("Mỗi thôn xây dựng ít nhất 01 mô hình.", "Mỗi thôn xây dựng", "ít nhất 01 mô hình"),
        ("Cắt giảm 30% thời gian giải quyết.", "Cắt giảm thời gian giải quyết", "30%"),
    ],
)
def test_targets(text: str, subject: str, value: str) -> None:
    (target,) = statements("I. MỤC TIÊU", text)
    assert (target.kind, target.subject, target.value) == (StatementKind.TARGET, subject, value)


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2023 đạt 9,03% và đứng thứ 26.",
        "Nhận thức số ước đạt 85%.",
        "Theo Quyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng.",
        "Đẩy mạnh tuyên truyền.",
    ],
)
def test_what_was_reached_or_cited_is_no_target(text: str) -> None:
    assert [statement.kind for statement in statements("I. NHIỆM VỤ", text)] == [StatementKind.OTHER]


def test_results_are_no_targets() -> None:
    assert statements("I. KẾT QUẢ ĐẠT ĐƯỢC", "Tỷ lệ đạt 90%.")[0].kind is StatementKind.OTHER


def test_the_period_comes_from_the_sentence_or_the_nearest_heading() -> None:
    first, second = statements(
        "I. MỤC TIÊU NĂM 2026",
        "1. Giai đoạn 2028 – 2030",
        "Tỷ lệ đạt 90%.",
        "Đến cuối năm 2027, tỷ lệ đạt 80%.",
    )
    assert (first.period, second.period) == ("Giai đoạn 2028 - 2030", "Đến cuối năm 2027")


def test_sentences_with_a_figure_stand_apart() -> None:
    kinds = statements(
        "I. NHIỆM VỤ", "Mở rộng mạng. Xây dựng trạm. Phủ sóng 5G đạt tối thiểu 80% dân cư. Kết nối vệ tinh."
    )
    assert [(one.kind, one.text) for one in kinds] == [
        (StatementKind.OTHER, "Mở rộng mạng. Xây dựng trạm"),
        (StatementKind.TARGET, "Phủ sóng 5G đạt tối thiểu 80% dân cư"),
        (StatementKind.OTHER, "Kết nối vệ tinh."),
    ]


def test_a_task_with_who_and_when() -> None:
    (task,) = statements(
        "I. NHIỆM VỤ",
        "a) Số hóa hồ sơ của xã.",
        "- Đơn vị chủ trì: Phòng Văn hóa - Xã hội xã;",
        "- Đơn vị phối hợp: Công an xã; Các thôn;",
        "- Thời gian thực hiện: Hằng năm.",
    )
    assert task.kind is StatementKind.TASK
    assert task.text == "Số hóa hồ sơ của xã."
    assert task.lead == ("Phòng Văn hóa - Xã hội xã",)
    assert task.coordinating == ("Công an xã", "Các thôn")
    assert task.deadline == "Hằng năm"


def test_duties_belong_to_the_whole_item_and_to_no_other() -> None:
    first, second, third, other = statements(
        "I. NHIỆM VỤ",
        "a) Bảo đảm an toàn.",
        "- Giám sát mạng.",
        "- Thời gian hoàn thành: Trước ngày 31/12/2025.",
        "b) Diễn tập.",
        "- Thời hạn: Quý I.",
        "c) Tuyên truyền.",
    )
    assert [first.deadline, second.deadline, third.deadline] == ["Trước ngày 31/12/2025"] * 2 + ["Quý I"]
    assert (other.kind, other.deadline) == (StatementKind.OTHER, None)


def test_duties_right_below_a_heading_make_it_a_task() -> None:
    (task,) = statements("1. Xây dựng kho dữ liệu", "Cơ quan chủ trì: Sở Khoa học và Công nghệ")
    assert (task.text, task.lead) == ("Xây dựng kho dữ liệu", ("Sở Khoa học và Công nghệ",))


def test_who_leads_may_stand_in_the_sentence_or_the_heading() -> None:
    first, second = statements(
        "I. TỔ CHỨC THỰC HIỆN",
        "3. Sở Nội vụ chủ trì, phối hợp với các sở theo dõi kết quả.",
        Block("4. Công an xã", rank=6),
        "Chủ trì, hướng dẫn bảo đảm an ninh.",
    )
    assert (first.lead, second.lead) == (("Sở Nội vụ",), ("Công an xã",))


def test_rows_of_a_table() -> None:
    header = Block("TT | Chỉ tiêu", cells=("TT", "Chỉ tiêu", "Đơn vị", "Hiện nay", "Năm tới"))
    row = Block("Hàng của bảng", cells=("1", "Tỷ lệ hồ sơ trực tuyến", "%", "82", "≥98"))
    (target,) = statements("I. CHỈ TIÊU NĂM 2026", header, row)
    assert (target.kind, target.subject, target.value) == (
        StatementKind.TARGET,
        "Tỷ lệ hồ sơ trực tuyến",
        "≥98%",
    )
    assert target.text == "TT: 1; Chỉ tiêu: Tỷ lệ hồ sơ trực tuyến; Đơn vị: %; Hiện nay: 82; Năm tới: ≥98"
    assert target.period == "NĂM 2026"


def test_a_row_without_header_keeps_its_cells() -> None:
    (row,) = statements(Block("Hàng của bảng", cells=("Hạ tầng", "Tốt")))
    assert (row.kind, row.text) == (StatementKind.OTHER, "Hạ tầng – Tốt")


def test_lines_that_only_announce_others_are_left_out() -> None:
    assert [
        one.text for one in statements("I. MỤC TIÊU", "- Về chính quyền số:", "+ Nâng cao chất lượng.")
    ] == ["Nâng cao chất lượng."]


def test_ids_count_within_their_section() -> None:
    assert [
        one.id
        for one in statements("Mở đầu.", "I. MỘT", "Nội dung a.", "Nội dung b.", "II. HAI", "Nội dung c.")
    ] == [
        "0-1",
        "I-1",
        "I-2",
        "II-1",
    ]


_WORDS = st.lists(
    st.sampled_from(
        [
            "Tỷ lệ",
            "đạt",
            "≥",
            "80%",
            "100 %",
            "1.000 hồ sơ",
            "I.",
            "a)",
            "Đơn vị chủ trì:",
            "năm 2026",
            ".",
            ";",
            "- ",
            "Sở",
        ]
    ),
    min_size=1,
    max_size=10,
).map(" ".join)


@given(st.lists(_WORDS, min_size=1, max_size=6))
def test_never_raises_and_never_invents_a_figure(lines: list[str]) -> None:
    found = statements(*lines)
    written = set(re.findall(r"\d+", " ".join(lines)))
    for statement in found:
        assert set(re.findall(r"\d+", f"{statement.text} {statement.value or ''}")) <= written
    assert len({statement.id for statement in found}) == len(found)
