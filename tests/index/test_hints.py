"""Which sibling a message hints at: by a word of its own, by an age, and not by the name of them all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.hints import GroupHints, Said, age_range
from index.library import Library
from index.query import analyse
from knowledge.models import Group
from tests.index.support import SMALL_RESTORER, any_message

FIRST, CHILD, EXCHANGE, AGAIN, UNLOCK, LOCK = (f"1.00000{number}" for number in range(1, 7))
GROUP = Group.model_validate(
    {
        "id": "the",
        "asks": ["làm thẻ", "đổi thẻ căn cước"],
        "question": "Trường hợp nào?",
        "variants": [
            {"code": FIRST, "label": "Lần đầu", "hints": ["lần đầu", "tuổi 14-24", "tuổi 75+"]},
            {"code": CHILD, "label": "Trẻ", "hints": ["cháu nhỏ", "tuổi 0-13"]},
            {"code": EXCHANGE, "label": "Đổi", "hints": ["đổi", "hết hạn"]},
            {"code": AGAIN, "label": "Cấp lại", "hints": ["mất"]},
            {"code": UNLOCK, "label": "Mở khóa", "hints": ["mở khóa"]},
            {"code": LOCK, "label": "Khóa", "hints": ["khóa"]},
        ],
    }
)
HINTS = GroupHints.of(GROUP)


def named(text: str) -> set[str]:
    return set(HINTS.named(Said.of(analyse(text, SMALL_RESTORER))))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("thẻ của tôi hết hạn", {EXCHANGE}),
        ("the cua toi het han", {EXCHANGE}),
        ("em bị mất thẻ", {AGAIN}),
        ("em làm rơi thẻ", {AGAIN}),
        ("thẻ vừa mất vừa hết hạn", {AGAIN, EXCHANGE}),
        ("thẻ của tôi", set()),
        ("mấttt hếthạn lầnđầu", set()),
        ("", set()),
    ],
)
def test_a_hint_is_found_with_and_without_diacritics_and_as_a_synonym(text: str, codes: set[str]) -> None:
    assert named(text) == codes


def test_a_hint_within_anothers_longer_one_does_not_count() -> None:
    assert named("khóa thẻ giùm") == {LOCK}
    assert named("mở khóa thẻ giùm") == {UNLOCK}


@pytest.mark.parametrize(("text", "codes"), [("đổi thẻ căn cước", set()), ("đổi thẻ căn cước bị mờ", {EXCHANGE})])
def test_nothing_but_the_name_of_all_hints_at_none(text: str, codes: set[str]) -> None:
    assert named(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("cháu 13 tuổi", {CHILD}),
        ("chau 13 tuoi", {CHILD}),
        ("cháu 6t", {CHILD}),
        ("cháu 14 tuổi", {FIRST}),
        ("nó 24 tuổi", {FIRST}),
        ("nó 25 tuổi", set()),
        ("ôn 74 tuổi", set()),
        ("ôn 75 tuổi", {FIRST}),
        ("ôn 101 tuổi", {FIRST}),
        ("đứa 5 tuổi và đứa 16 tuổi", {CHILD, FIRST}),
        ("5 tuổi 16 tuổi", {CHILD, FIRST}),
        ("làm thẻ 13 lần", set()),
        ("nhà số 13", set()),
        ("thẻ làm năm 2013", set()),
        ("1999 tuổi", set()),
    ],
)
def test_an_age_hints_at_whom_it_is_for(text: str, codes: set[str]) -> None:
    assert named(text) == codes


@given(st.integers(0, 130))
def test_every_age_falls_into_the_ranges_that_hold_it(age: int) -> None:
    expected = {FIRST} if 14 <= age <= 24 or age >= 75 else {CHILD} if age <= 13 else set()
    assert named(f"nó {age} tuổi") == expected


@given(any_message)
def test_whatever_is_typed_hints_at_variants_only(text: str) -> None:
    assert named(text) <= {variant.code for variant in GROUP.variants}


@pytest.mark.parametrize(
    ("hint", "ages"),
    [("tuổi 0-13", (0, 13)), (" tuổi 14-24 ", (14, 24)), ("tuổi", None), ("13 tuổi", None), ("dưới 14 tuổi", None)],
)
def test_which_hints_are_ages(hint: str, ages: tuple[int, int] | None) -> None:
    assert age_range(hint) == ages


def test_an_open_range_has_no_upper_end_that_anybody_reaches() -> None:
    found = age_range("tuổi 75+")
    assert found is not None
    assert found[0] == 75
    assert found[1] >= 120


def test_every_age_range_of_the_shipped_content_is_one(shipped_library: Library) -> None:
    hints = [hint for group in shipped_library.knowledge.groups.values() for v in group.variants for hint in v.hints]
    ages = [hint for hint in hints if any(char.isdecimal() for char in hint) and hint.startswith("tuổi ")]
    ranges = [age_range(hint) for hint in ages]
    assert None not in ranges
    assert all(found and found[0] <= found[1] for found in ranges)


def test_the_library_knows_the_hints_of_the_family_that_leads(shipped_library: Library) -> None:
    query = shipped_library.analyse("căn cước hết hạn muốn đổi")
    assert shipped_library.hinted(query, shipped_library.rank(query))
    silent = shipped_library.analyse("làm căn cước")
    assert not shipped_library.hinted(silent, shipped_library.rank(silent))
