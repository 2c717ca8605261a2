"""Bodies that no longer exist: found where they act, not where a law is cited."""

from __future__ import annotations

import pytest

from knowledge.official_bodies import DISTRICT_WARNING, old_body_warnings


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân cấp huyện",
        "Nộp tại UBND huyện nơi cư trú",
        "nộp tại Phòng Giáo dục và Đào tạo huyện",
        "Công an huyện",
        "Bảo hiểm xã hội cấp huyện, Bảo hiểm xã hội tỉnh",
        "phòng Y tế quận, huyện, thị xã, thành phố thuộc tỉnh",
    ],
)
def test_the_district_level_is_gone(text: str) -> None:
    assert old_body_warnings([text], []) == (DISTRICT_WARNING,)
    assert old_body_warnings([], [f"Giấy xác nhận của {text}"]) == (DISTRICT_WARNING,)


@pytest.mark.parametrize("text", ["bệnh viện cấp huyện trở lên", "Ủy ban nhân dân cấp xã", "xã Hướng Lập"])
def test_no_district_body(text: str) -> None:
    assert old_body_warnings([text], [text]) == ()


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("nộp tại Sở Lao động - Thương binh và Xã hội", "Sở Lao động - Thương binh và Xã hội", "Sở Nội vụ"),
        ("Sở Thông tin và Truyền thông", "Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ"),
        ("gửi Bộ Kế hoạch và Đầu tư", "Bộ Kế hoạch và Đầu tư", "Bộ Tài chính"),
        ("Tổng cục Hải quan cấp tài khoản", "Tổng cục Hải quan", "Cục Hải quan"),
    ],
)
def test_dissolved_bodies_name_their_successor(text: str, old: str, new: str) -> None:
    (warning,) = old_body_warnings([text], [])
    assert old in warning
    assert f"nay là {new}." in warning


@pytest.mark.parametrize(
    "text",
    [
        "theo Thông tư số 01/2019/TT-BLĐTBXH của Bộ trưởng Bộ Lao động - Thương binh và Xã hội",
        "Bộ xây dựng (Giao thông vận tải cũ)",
        "Bộ Lao động - Thương binh và Xã hội (nay là Bộ Nội vụ)",
        "Sở Nông nghiệp và Môi trường",
        "Ban Tôn giáo Chính phủ - Bộ Dân tộc và Tôn giáo",
    ],
)
def test_citations_and_present_bodies_are_fine(text: str) -> None:
    assert old_body_warnings([text], []) == ()


def test_a_former_ministry_on_a_paper_is_no_fault() -> None:
    assert old_body_warnings([], ["Giấy phép do Bộ Giao thông vận tải cấp"]) == ()


def test_each_body_is_named_once() -> None:
    texts = ["Sở Giao thông vận tải", "Sở Giao thông vận tải xem xét", "UBND cấp huyện", "Công an huyện"]
    assert len(old_body_warnings(texts, texts)) == 2
