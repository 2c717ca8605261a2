"""Communes of old in a message, with and without diacritics, and everyday words that are none."""

from __future__ import annotations

import pytest

from index.library import Library


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("nhà ở xã Lộc Ninh thì nộp ở đâu", "Xã Lộc Ninh"),
        ("dang ky ket hon o xa trieu trach", "Xã Triệu Trạch"),
    ],
)
def test_a_merged_commune_is_known_with_the_one_it_belongs_to_now(
    shipped_library: Library, text: str, former: str
) -> None:
    found = shipped_library.places.merged(shipped_library.analyse(text))
    assert [item.former for item in found] == [former]
    assert former in found[0].office.former_names


@pytest.mark.parametrize("text", ["tôi muốn hòa bình với hàng xóm", "lộc ninh", "đăng ký khai sinh", ""])
def test_a_bare_name_or_everyday_words_are_no_place(shipped_library: Library, text: str) -> None:
    assert shipped_library.places.merged(shipped_library.analyse(text)) == []


def test_a_commune_that_lives_on_is_not_told_to_have_been_merged(shipped_library: Library) -> None:
    for office in list(shipped_library.knowledge.offices.values())[:30]:
        if office.commune:
            query = shipped_library.analyse(f"tôi ở {office.commune}")
            assert all(item.office.commune == office.commune for item in shipped_library.places.merged(query))


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("đường ở xã Lộc Ninh hư quá", True),
        ("duong o xa trieu trach hu", True),
        ("tôi ở phường Đông Hà", True),
        ("tôi ở Đông Hà", False),
        ("ở tỉnh Quảng Trị mình", False),
        ("nhà ở xã Lộc Ninh, quê xã Triệu Trạch", False),
        ("đăng ký khai sinh", False),
    ],
)
def test_the_one_commune_that_is_named(shipped_library: Library, text: str, commune: bool) -> None:
    found = shipped_library.places.commune(shipped_library.analyse(text))
    assert (found is not None and found.commune is not None) is commune


def test_every_commune_of_today_is_found_by_its_name(shipped_library: Library) -> None:
    for office in shipped_library.knowledge.offices.values():
        if office.commune and len(office.commune.split()) > 2:
            found = shipped_library.places.commune(shipped_library.analyse(f"tôi ở {office.commune}"))
            assert found == office
