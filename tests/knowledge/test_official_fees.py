"""Fees: what the portal's texts state, and what they only seem to state."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import Fee, FeeStatus
from knowledge.official_fees import SMALLEST_PLAUSIBLE, parse_fees


def only(text: str) -> Fee:
    fees, _ = parse_fees(text)
    assert len(fees) == 1
    return fees[0]


@pytest.mark.parametrize("text", ["0 VNĐ ()", "0 VNĐ ( )", "0", "0 Việt Nam Đồng", "0 VNĐ () | 0 VNĐ ()"])
def test_the_default_zero_is_unknown_never_free(text: str) -> None:
    assert only(text) == Fee(status=FeeStatus.UNKNOWN)


def test_silence_gives_no_fee() -> None:
    assert parse_fees("") == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "0 VNĐ (Không)",
        "0 VNĐ (Không có.)",
        "0 VNĐ (- Không có)",
        "0 VNĐ (Miễn phí)",
        "0 VNĐ (Không thu lệ phí)",
        "0 VNĐ (- Miễn lệ phí (Thông tư số 47/2019/TT-BTC).)",
        "0 ((Miễn lệ phí. Phí cấp bản sao Trích lục kết hôn (nếu có yêu cầu) theo Thông tư số 281/2016.))",
    ],
)
def test_free_where_the_note_says_so_for_everybody(text: str) -> None:
    assert only(text).status is FeeStatus.FREE


@pytest.mark.parametrize(
    "text",
    [
        "0 VNĐ (Miễn lệ phí cho người thuộc hộ nghèo; người khuyết tật.)",
        "0 VNĐ (Miễn phí từ ngày 07/4/2026 đến 30/6/2026)",
        "0 VNĐ (Không quy định.)",
        "0 VNĐ (Không thu lệ phí đăng ký đối với tổ hợp tác)",
        "0 VNĐ (- Miễn lệ phí. - Phí công bố: 100.000 đồng/lần)",
        "0 VNĐ (Theo quy định của Bộ Tài chính)",
        "0 VNĐ (Chưa có)",
    ],
)
def test_free_for_some_or_by_silence_is_unknown_with_its_text(text: str) -> None:
    fee = only(text)
    assert fee.status is FeeStatus.UNKNOWN
    assert fee.text


@pytest.mark.parametrize(
    "text",
    [
        "0 (Theo quy định của Hội đồng nhân dân cấp tỉnh.)",
        "0 (Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định. Miễn lệ phí cho người thuộc hộ nghèo.)",
        "Hội đồng nhân dân cấp tỉnh quyết định đối với hoạt động đăng ký",
        "0 (Đồng (Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định.))",
    ],
)
def test_set_by_the_province(text: str) -> None:
    assert only(text).status is FeeStatus.PROVINCIAL


def test_a_default_within_the_default_is_not_told() -> None:
    (fee,), _ = parse_fees("0 VNĐ (Phí : 0 Đồng (Nộp phí công bố nội dung: 100.000 đồng, theo thông báo.))")
    assert (fee.status, fee.text) == (FeeStatus.UNKNOWN, "Nộp phí công bố nội dung: 100.000 đồng, theo thông báo.")


def test_an_amount_beside_the_councils_name_is_not_an_amount() -> None:
    fees, odd = parse_fees("150000 VNĐ (Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định)")
    assert fees[0].status is FeeStatus.PROVINCIAL
    assert odd


@pytest.mark.parametrize(
    ("text", "amount", "per"),
    [
        ("20000 VNĐ (Theo khoản 1 Điều 3 Thông tư số 172/2010/TT-BTC)", 20_000, None),
        ("135000 VNĐ (Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.)", 135_000, "lần"),
        ("50000 VNĐ (50.000 đồng/01 hồ sơ)", 50_000, "hồ sơ"),
        ("5000 VNĐ (5.000 đồng/người/lần đăng ký)", 5_000, "người/lần đăng ký"),
        ("30000000 VNĐ ()", 30_000_000, None),
        ("3500000 VNĐ (đồng/lần (Khảo nghiệm diện rộng) ()", 3_500_000, None),
    ],
)
def test_fixed(text: str, amount: int, per: str | None) -> None:
    fees, odd = parse_fees(text)
    assert (fees[0].status, fees[0].amount, fees[0].per) == (FeeStatus.FIXED, amount, per)
    assert not odd


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10,000 Việt Nam Đồng (Nộp trực tiếp thu 10.000 đồng/lần đăng ký;)", 10_000),
        ("7,000 Việt Nam Đồng", 7_000),
        ("8,000 (8.000 đồng/Văn bản xác nhận)", 8_000),
        ("20 VNĐ (20.000 đồng/tờ khai)", 20_000),
        ("0 VNĐ (150.000 đồng/giấy)", 150_000),
    ],
)
def test_oddly_written_amounts_are_read_and_flagged(text: str, amount: int) -> None:
    fees, odd = parse_fees(text)
    assert fees[0].amount == amount
    assert odd


@pytest.mark.parametrize(
    "text",
    [
        "20 VNĐ (Cấp giấy xác nhận có quốc tịch Việt Nam)",
        "10 VNĐ (10 USD/lần)",
        "25 VNĐ (+ Thị thực có giá trị một lần: 25USD/thị thực điện tử.)",
        "100 USD",
        "20 USD (Ghi vào Sổ việc kết hôn)",
        "200 (Đăng ký nhận cha, mẹ, con)",
        "8,000",
        "40 VNĐ (4.000 đ/giấy thông hành)",
        "1500000 VNĐ (150.000 đồng/1 giấy.)",
        "17500000000 VNĐ (Từ 150 tỷ đến dưới 250 tỷ: 17,5 triệu đồng/ Giấy chứng nhận)",
        "5000000000 VNĐ ()",
    ],
)
def test_dollars_and_doubtful_figures_never_become_an_amount_in_dong(text: str) -> None:
    fees, odd = parse_fees(text)
    assert [fee.status for fee in fees] == [FeeStatus.UNKNOWN]
    assert fees[0].text == text.replace("  ", " ")
    assert odd


def test_several_fees_in_one_text() -> None:
    fees, _ = parse_fees("4000000 VNĐ (nhóm I) | 10000000 VNĐ (nhóm II) | 0 VNĐ ()")
    assert [(fee.amount, fee.text) for fee in fees] == [(4_000_000, "nhóm I"), (10_000_000, "nhóm II")]


def test_several_fees_joined_by_semicolons() -> None:
    fees, _ = parse_fees(
        "7,000 Việt Nam Đồng (qua mạng thu 7.000 đồng/lần;); 15,000 Việt Nam Đồng (trực tiếp);"
        " 0 Việt Nam Đồng (hộ nghèo)"
    )
    assert [(fee.status, fee.amount) for fee in fees] == [
        (FeeStatus.FIXED, 7_000),
        (FeeStatus.FIXED, 15_000),
        (FeeStatus.UNKNOWN, None),
    ]


def test_several_fees_named_in_words() -> None:
    fees, _ = parse_fees("Lệ phí : 20.000 Đồng (Cấp mới) Lệ phí : 50.000 Đồng (Cấp lại)")
    assert [fee.amount for fee in fees] == [20_000, 50_000]


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    parse_fees(text)


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [" VNĐ", " USD", " đồng", "đ", " Việt Nam Đồng", " (", ")", " | ", "; ", "Miễn phí", "Không có",
             "/lần", " triệu đồng", "Hội đồng nhân dân", "Lệ phí: ", ".", ",", " "]
        ),
        st.integers(0, 10**9).map(str),
        st.integers(1, 999).map(lambda n: f"{n}.000"),
        st.integers(1, 999).map(lambda n: f"{n},000"),
    ),
    max_size=12,
)  # fmt: skip


@given(_PIECES.map("".join))
def test_never_invents_an_amount(text: str) -> None:
    """Every amount stands in the text, whole: as a number, with or without marks between the thousands."""
    written = {int(re.sub(r"[.,]", "", found)) for found in re.findall(r"\d[\d.,]*\d|\d", text)}
    written |= {int(found) for found in re.findall(r"\d+", text)}
    written |= {int(re.sub(r"[.,]", "", found)) for found in re.findall(r"\d{1,3}(?:[.,]\d{3})+", text)}
    fees, _ = parse_fees(text)
    assert {fee.amount for fee in fees if fee.amount is not None} <= written
    assert all(fee.amount is None or fee.amount >= SMALLEST_PLAUSIBLE for fee in fees)
