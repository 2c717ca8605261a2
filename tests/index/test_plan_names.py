"""What documents and units are called in a question."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from index.plan_names import NameKind
from index.plan_units import PlanUnits, unit_key
from index.plan_words import canonical, plain_words
from index.query import analyse
from index.text import fold_all
from knowledge.models import Statement
from tests.index.plan_support import TWO
from tests.index.support import SMALL_RESTORER, any_message


def words(text: str) -> list[str]:
    return fold_all(canonical(analyse(text, SMALL_RESTORER).typed)[0])


def named(text: str) -> set[tuple[NameKind, str]]:
    return {(name.kind, name.plan_id) for hit in TWO.names.find(words(text)) for name in hit.meanings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kế hoạch 12 nói gì", {(NameKind.DOCUMENT, "xa")}),
        ("12/KH-UBND", {(NameKind.DOCUMENT, "xa")}),
        ("kế hoạch của xã Vĩnh Thử", {(NameKind.DOCUMENT, "xa")}),
        ("ke hoach vinh thu", {(NameKind.DOCUMENT, "xa")}),
        ("nghị quyết số 05", {(NameKind.DOCUMENT, "tinh")}),
        ("NQ 5 nói gì", {(NameKind.DOCUMENT, "tinh")}),
        ("nq05", {(NameKind.DOCUMENT, "tinh")}),
        ("nghị quyết đột phá", {(NameKind.DOCUMENT, "tinh")}),
        ("theo Sở Thử nghiệm", {(NameKind.DOCUMENT, "tinh")}),
        ("Sở Thử nghiệm nêu", {(NameKind.ISSUER, "tinh")}),
        ("ở Vĩnh Thử", {(NameKind.PLACE, "xa")}),
        ("nghị quyết nêu gì", {(NameKind.KIND, "tinh")}),
        ("app Quảng Trị-S", set()),
        ("ở Quảng Trị", {(NameKind.PLACE, "tinh")}),
        ("nghị quyết 99", {(NameKind.KIND, "tinh")}),
        ("tập huấn kỹ năng số", set()),
    ],
)
def test_how_a_document_is_called(text: str, expected: set[tuple[NameKind, str]]) -> None:
    assert named(text) == expected


def test_both_sides_of_a_comparison_are_found() -> None:
    assert named("nghị quyết 05 và kế hoạch 12") == {(NameKind.DOCUMENT, "xa"), (NameKind.DOCUMENT, "tinh")}


UNITS = PlanUnits(
    Statement.model_validate({"id": "s", "section": "I", "kind": "task", "text": "Việc.", "lead": [unit]})
    for unit in (
        "Phòng Văn hóa - Xã hội xã", "Công an xã", "Công an tỉnh", "Ban Tuyên giáo và Dân vận Tỉnh ủy",
        "Các Tổ công nghệ số cộng đồng", "Văn phòng HĐND và UBND xã", "Ngân hàng Nhà nước Việt Nam chi nhánh tỉnh Thử",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("phòng văn hóa xã hội làm gì", ["Phòng Văn hóa - Xã hội xã"]),
        ("phong van hoa lam gi", ["Phòng Văn hóa - Xã hội xã"]),
        ("vhxh xã làm gì", ["Phòng Văn hóa - Xã hội xã"]),
        ("công an tỉnh làm gì", ["Công an tỉnh"]),
        ("công an làm gì", ["Công an tỉnh", "Công an xã"]),
        ("ban tuyên giáo làm gì", ["Ban Tuyên giáo và Dân vận Tỉnh ủy"]),
        ("tổ công nghệ số làm gì", ["Các Tổ công nghệ số cộng đồng"]),
        ("văn phòng HĐND, UBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("ngân hàng nhà nước", ["Ngân hàng Nhà nước Việt Nam chi nhánh tỉnh Thử"]),
        ("ban bí thư", []),
    ],
)
def test_how_a_unit_is_called(text: str, units: list[str]) -> None:
    found = {key for hit in UNITS.find(words(text)) for key in hit.meanings}
    assert found == {unit_key(unit) for unit in units}


def test_a_name_is_placed_in_the_words_it_was_found_in() -> None:
    (hit,) = UNITS.find(plain_words("giao văn phòng hđnd và ubnd xã việc gì"))
    assert (hit.start, hit.start + hit.length) == (1, 13)


@given(any_message)
def test_whatever_is_said_names_are_found_in_order(text: str) -> None:
    hits = TWO.names.find(words(text))
    assert all(one.start + one.length <= other.start for one, other in pairwise(hits))
