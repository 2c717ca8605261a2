"""What is read out of a text: one value however it is written, and no digit left out."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.claims import ClaimKind, Fact, claims, number, tidy
from bot.wording import day
from bot.wording import number as written

PIECES = [
    "10", "06", "1.000.000", "2,5", "18/07/2026", "05-NQ/TU", "1.001193", "≥95%", "(7)", "a1b", "0912 345 678",
    "20.000đ/bản;10.000đ", "3-5", "1.2.3", "1,2,3",
]  # fmt: skip
WORDS = ["ngày", "làm", "việc", "đồng", "nghìn", "bản", "sao", "khác", "tháng", "năm", "–", "đ;", "dvc.gov.vn", "≥"]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(WORDS), st.text(max_size=6)), max_size=12)


def facts(text: str) -> list[Fact]:
    return [claim.fact for claim in claims(tidy(text))]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1.000.000 đồng", ClaimKind.MONEY, "1000000 vnd"),
        ("15.000đ/trang", ClaimKind.MONEY, "15000 vnd"),
        ("1,5 triệu đồng", ClaimKind.MONEY, "1500000 vnd"),
        ("500 nghìn đồng", ClaimKind.MONEY, "500000 vnd"),
        ("20000 VNĐ", ClaimKind.MONEY, "20000 vnd"),
        ("Không thu phí, lệ phí.", ClaimKind.FREE, ""),
        ("được miễn lệ phí", ClaimKind.FREE, ""),
        ("2,5 ngày", ClaimKind.TIME, "2.5 day"),
        ("10 ngày làm việc", ClaimKind.TIME, "10 working_day"),
        ("03 (ba) ngày làm việc", ClaimKind.TIME, "3 working_day"),
        ("trong ba ngày", ClaimKind.TIME, "3 day"),
        ("06 tháng", ClaimKind.TIME, "6 month"),
        ("95%", ClaimKind.PERCENT, "95 %"),
        ("≥ 95 phần trăm", ClaimKind.PERCENT, "≥95 %"),
        ("2 bản chính", ClaimKind.COUNT, "2 original"),
        ("01 bản sao", ClaimKind.COUNT, "1 copy"),
        ("và 5 giấy tờ khác", ClaimKind.REST, "5"),
        ("18/07/2026", ClaimKind.DATE, "2026-07-18"),
        ("ngày 3 tháng 4 năm 2026", ClaimKind.DATE, "2026-04-03"),
        ("tháng 7/2026", ClaimKind.DATE, "2026-07"),
        ("1900 1234", ClaimKind.PHONE, "19001234"),
        ("(0233) 3852.123", ClaimKind.PHONE, "02333852123"),
        ("https://dichvucong.gov.vn/Tra?a=1.", ClaimKind.LINK, "https://dichvucong.gov.vn/Tra?a=1"),
        ("hoi@quangtri.gov.vn,", ClaimKind.LINK, "hoi@quangtri.gov.vn"),
        ("thủ tục 1.001193)", ClaimKind.CODE, "1.001193"),
        ("(123/2015/NĐ-CP)", ClaimKind.SIGN, "123/2015/nđ-cp"),
        ("số 05-NQ/TU", ClaimKind.SIGN, "05-nq/tu"),
        ("mục I.2.a", ClaimKind.SIGN, "i.2.a"),
        ("Điều 12", ClaimKind.NUMBER, "12"),
        ("300.000 tài khoản", ClaimKind.NUMBER, "300000"),
    ],
)
def test_reads(text: str, kind: ClaimKind, value: str) -> None:
    assert facts(text) == [(kind, value)]


def test_words_without_a_figure_state_nothing() -> None:
    assert facts("Nộp tờ khai ở nơi cư trú, năm nay; điều đó không có nghĩa là miễn phí.") == []


@given(st.floats(0.01, 1e9).map(lambda value: round(value, 2)))
def test_a_number_reads_back_as_it_was_written(value: float) -> None:
    assert float(number(written(value))) == value


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_reads_back_as_it_was_written(value: date) -> None:
    assert facts(f"ngày {day(value)}.") == [(ClaimKind.DATE, value.isoformat())]


@given(texts.map(" ".join))
def test_no_digit_is_left_out(text: str) -> None:
    tidied = tidy(text)
    read = {place for claim in claims(tidied) for place in range(claim.start, claim.end)}
    digits = {match.start() for match in re.finditer(r"\d", tidied.lower())}
    assert digits <= read


@given(texts.map(" ".join))
def test_a_text_bears_itself_out(text: str) -> None:
    for claim in claims(tidy(text)):
        assert claim.alike(claim)
