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
