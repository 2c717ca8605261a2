"""Centres are found by today's names, by old ones, unaccented and misspelt; everyday words are no places."""

from __future__ import annotations

import pytest

from bot.appointments.offices import OfficeFinder, OfficeFinders
from knowledge.database import KnowledgeBase


@pytest.fixture(scope="module")
def finder(shipped: KnowledgeBase) -> OfficeFinder:
    return OfficeFinder(shipped.offices.values())


@pytest.mark.parametrize(
    ("said", "expected", "ids"),
    [
        ("hẹn làm căn cước ở Hải Lăng", False, ["xa_hai_lang"]),
        ("dat lich lam khai sinh o trieu phong", False, ["xa_trieu_phong"]),
        ("đặt lịch sổ đỏ tại xã Thanh An", False, ["xa_hieu_giang"]),
        ("thị trấn hồ xá", False, ["xa_vinh_linh"]),
        ("Đông Hà", False, ["phuong_dong_ha"]),
        ("dong ha", True, ["phuong_dong_ha"]),
        ("khe sanh", True, ["xa_khe_sanh"]),
        ("trieu phog", True, ["xa_trieu_phong"]),
        ("đặt lịch ở xã hai lag", False, ["xa_hai_lang"]),
        ("dakrong", True, ["xa_dakrong"]),
        ("hải phú", True, ["xa_dong_trach", "xa_hai_lang"]),
        ("phường 1", True, ["phuong_dong_ha", "phuong_quang_tri"]),
        ("quảng trị", True, ["tinh_quang_tri", "phuong_quang_tri"]),
        ("phường quảng trị", True, ["phuong_quang_tri"]),
        ("trung tâm tỉnh", False, ["tinh_quang_tri"]),
        ("o tinh", True, ["tinh_quang_tri"]),
        ("mỹ thủy", True, ["xa_my_thuy"]),
        ("xã mỹ thủy cũ", True, ["xa_tan_my"]),
        ("cồn cỏ", True, ["dac_khu_con_co"]),
    ],
)
def test_a_place_is_found(finder: OfficeFinder, said: str, expected: bool, ids: list[str]) -> None:
    assert sorted(office.id for office in finder.find(said, expected=expected).offices) == sorted(ids)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("à đổi", True), ("sáng mai", True), ("đặt lịch cho mẹ", False), ("a doi lich", False), ("hướng hóa", True),
     ("đặt lịch ở nhà", False), ("blah blah", True), ("", True)],
)  # fmt: skip
def test_what_is_no_place_is_none(finder: OfficeFinder, said: str, expected: bool) -> None:
    assert finder.find(said, expected=expected).offices == ()


def test_the_rest_is_left_for_the_matter(finder: OfficeFinder) -> None:
    assert finder.find("làm căn cước ở xã Hải Lăng nhé", expected=False).rest == "làm căn cước nhé"


def test_the_finder_is_made_once_for_each_build(shipped: KnowledgeBase) -> None:
    finders = OfficeFinders()
    assert finders.of(shipped) is finders.of(shipped)
