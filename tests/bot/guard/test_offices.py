"""Names of offices: where they begin and end, and which names are the same."""

from __future__ import annotations

import pytest

from bot.guard.claims import tidy
from bot.guard.offices import known, named, offices


def names(text: str) -> list[str]:
    return [name.text for name in offices(tidy(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nộp tại Ủy ban nhân dân cấp xã nơi cư trú.", ["Ủy ban nhân dân cấp xã"]),
        ("UBND xã, Công an xã", ["UBND xã", "Công an xã"]),
        ("Uỷ ban nhân dân tỉnh để xin", ["Ủy ban nhân dân tỉnh"]),
        ("gửi Sở Khoa học và Công nghệ; Phòng Y tế", ["Sở Khoa học và Công nghệ", "Phòng Y tế"]),
        ("công an hoặc cơ sở y tế", ["công an"]),
        ("một bộ hồ sơ, trụ sở, phòng cháy, cán bộ", []),
    ],
)
def test_finds(text: str, found: list[str]) -> None:
    assert sorted(names(text)) == sorted(found)


@pytest.mark.parametrize(
    ("said", "record", "same"),
    [
        ("UBND cấp xã", "Ủy ban nhân dân cấp xã nơi cư trú", True),
        ("Công an", "Công an cấp xã", True),
        ("Công an cấp xã tiếp nhận", "Công an cấp xã.", True),
        ("Công an tỉnh", "Công an", False),
        ("Công an cấp tỉnh", "Công an cấp xã", False),
        ("Công an cấp xã Vĩnh Thủy", "Công an cấp xã", False),
        ("Sở Tài chính", "Sở Tư pháp", False),
        ("Tòa án nhân dân", "Ủy ban nhân dân", False),
    ],
)
def test_the_same_office(said: str, record: str, same: bool) -> None:
    (name,) = offices(tidy(said))
    assert named(name, known(offices(tidy(record)))) is same
