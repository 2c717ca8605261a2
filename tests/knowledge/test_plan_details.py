"""Number, date, title, issuer and place, from the head of a document."""

from __future__ import annotations

from datetime import date

from knowledge.plan_details import read_details
from knowledge.plan_readers import Block

HEAD = [
    Block("UBND TỈNH QUẢNG TRỊ"),
    Block("Số: 1724/TB-VP"),
    Block("Quảng Trị, ngày 07 tháng 8 năm 2024"),
]


def test_a_full_head() -> None:
    details = read_details(
        [*HEAD, Block("THÔNG BÁO Kết luận của Chủ tịch UBND tỉnh Võ Văn Hưng", rank=6), Block("Nội dung.")]
    )
    assert details.title == "Thông báo Kết luận của Chủ tịch UBND tỉnh Võ Văn Hưng"
    assert (details.kind, details.type_name, details.number) == ("notice", "Thông báo", "1724/TB-VP")
    assert details.signed == date(2024, 8, 7)
    assert details.issuer == "UBND TỈNH QUẢNG TRỊ"
    assert details.place == "tỉnh Quảng Trị"
    assert details.body == 4


def test_blanks_left_open_are_noted_not_filled() -> None:
    details = read_details(
        [
            Block("Số: /KH-UBND"),
            Block("Vĩnh Thủy, ngày tháng 7 năm 2026"),
            Block("KẾ HOẠCH", rank=2),
            Block("Chuyển đổi số xã Vĩnh Thủy giai đoạn 2026-2030", rank=3),
            Block("I. MỤC TIÊU", rank=4),
        ]
    )
    assert (details.number, details.signed) == (None, None)
    assert details.notes == ["Số văn bản để trống trong bản gốc.", "Ngày ban hành để trống trong bản gốc."]
    assert details.title == "Kế hoạch Chuyển đổi số xã Vĩnh Thủy giai đoạn 2026-2030"
    assert (details.place, details.period, details.kind) == ("xã Vĩnh Thủy", "2026-2030", "plan")


def test_the_line_below_a_bare_type_belongs_to_the_title() -> None:
    details = read_details(
        [Block("KẾ HOẠCH HÀNH ĐỘNG", rank=2), Block("Thực hiện Kế hoạch số 02"), Block("Nội dung.")]
    )
    assert details.title == "Kế hoạch hành động Thực hiện Kế hoạch số 02"
    assert details.body == 2


def test_dates_and_numbers_in_the_body_are_not_the_documents() -> None:
    details = read_details(
        [Block("NGHỊ QUYẾT", rank=6), Block("Căn cứ."), Block("Số: 5/KH-X"), Block("ngày 1 tháng 2 năm 2020")]
    )
    assert (details.number, details.signed) == (None, None)


def test_an_impossible_date_is_no_date() -> None:
    assert read_details([Block("X, ngày 31 tháng 2 năm 2026"), Block("KẾ HOẠCH", rank=1)]).signed is None


def test_a_title_in_capitals_keeps_the_name_of_its_place() -> None:
    details = read_details([Block("PHƯƠNG HƯỚNG CHUYỂN ĐỔI SỐ TỈNH QUẢNG TRỊ", rank=1)])
    assert details.title == "Phương hướng chuyển đổi số tỉnh Quảng Trị"


def test_any_heading_is_a_title_where_no_type_stands() -> None:
    assert (
        read_details([Block("Chuyển đổi số cấp xã", rank=1), Block("Nội dung.")]).title
        == "Chuyển đổi số cấp xã"
    )


def test_nothing_found_nothing_said() -> None:
    details = read_details([Block("Nội dung.")])
    assert (details.title, details.place, details.number, details.signed, details.body) == (
        None,
        None,
        None,
        None,
        0,
    )
