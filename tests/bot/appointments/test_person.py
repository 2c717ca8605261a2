"""Who comes is read out of what people type, and nothing else is taken for a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.confiding import take, told_in

ASKED = {"booking": {"step": "person"}}
CHOOSING = {"booking": {"step": "time"}}


@pytest.mark.parametrize(
    ("said", "name", "phone"),
    [
        ("Lê Thảo 0912345678", "Lê Thảo", "0912345678"),
        ("lê thảo, 0912 345 678", "lê thảo", "0912345678"),
        ("le thi hoa", "le thi hoa", None),
        ("0912.345.678", None, "0912345678"),
        ("+84912345678 Trần An", "Trần An", "0912345678"),
        ("tui ten hoang thi lai so dt 0912345678", "hoang thi lai", "0912345678"),
        ("Tên: Nguyễn Thị Bé Năm\nSĐT: 0912345678", "Nguyễn Thị Bé Năm", "0912345678"),
        ("mẹ tôi tên Trần Thị Hoa, gọi số em 0987654321", "Trần Thị Hoa", "0987654321"),
        ("tên Côn Tư\n0905.123.456", "Côn Tư", "0905123456"),
        ("Hồ Thị Pả, sđt 0912 345 678 ạ", "Hồ Thị Pả", "0912345678"),
        ("e ten Mai Lan sdt 0909090909 nha ad", "Mai Lan", "0909090909"),
        ("TRẦN VĂN LONG 0911222333", "TRẦN VĂN LONG", "0911222333"),
        ("anh hùng 0912345678", "hùng", "0912345678"),
    ],
)
def test_name_and_phone_are_taken_and_hidden(said: str, name: str | None, phone: str | None) -> None:
    taken = take(said, ASKED)
    assert taken is not None
    assert (taken.told.name, taken.told.phone) == (name, phone)
    assert name is None or name not in taken.text
    assert "345" not in taken.text


@pytest.mark.parametrize(
    "said",
    [
        "mà cần mang giấy gì?", "à không, chiều mốt cơ", "thôi khỏi", "ngày mai", "cần bao nhiêu tiền", "xem lịch",
        "có cần photo công chứng không", "đi đường nào", "hồ sơ gồm những gì", "lúc nào thì xong", "Đông Hà", "ok",
        "le phi bao nhieu", "9h cũng được", "xem bản đồ", "đổi sang 9h", "",
    ],
)  # fmt: skip
def test_what_is_no_name_is_left(said: str) -> None:
    assert take(said, ASKED) is None


def test_a_phone_that_is_none_is_hidden_and_not_taken() -> None:
    taken = take("số đt 0912 345 67", ASKED)
    assert taken is not None
    assert taken.told.given == frozenset()
    assert told_in(taken.text) == {"phone"}


def test_nothing_is_taken_where_nobody_books() -> None:
    assert take("tôi tên Nguyễn Văn An, 0912345678, muốn hỏi khai sinh", {}) is None
    assert take("Nguyễn Văn An 0912345678", {"booking": None}) is None


def test_a_message_that_begins_a_booking_may_tell_both() -> None:
    taken = take("đặt lịch chứng thực, tôi tên Nguyễn Văn An 0912345678", {})
    assert taken is not None
    assert taken.told.given == {"name", "phone"}


def test_a_bare_name_counts_only_where_it_was_asked_for() -> None:
    assert take("Lê Thảo", CHOOSING) is None
    assert take("Lê Thảo 0912345678", CHOOSING) is not None


@given(st.text(max_size=320), st.sampled_from([ASKED, CHOOSING, {}]))
def test_no_text_breaks_the_door(text: str, state: dict[str, object]) -> None:
    taken = take(text, state)
    assert taken is None or taken.told.phone is None or taken.told.phone.isdigit()
