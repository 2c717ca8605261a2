"""Redaction: measured on marked cases, and true for any text whatever."""

from __future__ import annotations

import json
import time
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.redaction import CASES, load, score
from feed.redaction import PLACEHOLDERS, Kind, redact
from feed.redaction.labelled import Score
from feed.redaction.view import fold

RECALL, PRECISION = 0.985, 0.99
PIECES = [
    *(
        "toi ten la",
        "Nguyễn Văn",
        "An",
        "họ tên:",
        "ông",
        "Hồ Thị",
        "là",
        "số nhà 12",
        "đường Lê Lợi",
        "kiệt 5",
    ),
    *(
        "sđt",
        "0912",
        "345 678",
        "+84",
        "cccd",
        "045",
        "190001234",
        "stk",
        "74H1",
        "-234.56",
        "@",
        "gmail.com",
    ),
    *(
        "16.8163,",
        "107.1003",
        "20.000 đồng",
        "68/2020/QH14",
        "1.001193",
        "12/03/1990",
        "[",
        "]",
        ".",
        "\n",
        "o",
    ),
    *PLACEHOLDERS.values(),
]


@pytest.fixture(scope="module")
def result() -> Score:
    return score(load())


def test_the_benchmark_is_large_and_varied(result: Score) -> None:
    marked = [json.loads(line)["marked"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(marked) == len(set(marked)) >= 690
    assert sum(text.isascii() for text in marked) >= 180, "many people type without diacritics"
    assert sum("|" not in text for text in marked) >= 200, "look-alikes that must stay"
    assert set(result.marked) == set(Kind) - {Kind.NUMBER}


def test_recall(result: Score) -> None:
    assert result.recall >= RECALL, "\n".join(result.faults)


def test_precision(result: Score) -> None:
    assert result.precision >= PRECISION, "\n".join(result.faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tôi là Lê Thị Hoa, sđt 0912 345 678, hỏi lệ phí 20.000 đồng",
            "Tôi là [họ tên], sđt [số điện thoại], hỏi lệ phí 20.000 đồng",
        ),
        (
            "cccd 045190001234 o so 12 duong le loi",
            "cccd [số căn cước] o [địa chỉ nhà]",
        ),
        (
            "theo Nghị định 68/2020/NĐ-CP thủ tục 1.001193.000.00.00.H50 ngày 01/02/1990",
            "theo Nghị định 68/2020/NĐ-CP thủ tục 1.001193.000.00.00.H50 ngày 01/02/1990",
        ),
        ("０９１２３４５６７８", "[số điện thoại]"),
        ("sđt 0912\u200b345\u200b678", "sđt [số điện thoại]"),
        ("", ""),
    ],
)
def test_what_it_looks_like(text: str, expected: str) -> None:
    assert redact(text).text == expected


def test_the_spans_are_those_of_the_original_text() -> None:
    text = "toi ten [họ tên] nguyen van an, goi 0912345678 hoac 0987654321, thon 3 dia chi thon 3"
    redacted = redact(text)
    pieces, last = "", 0
    for span in redacted.spans:
        pieces += text[last : span.start] + PLACEHOLDERS[span.kind]
        last = span.end
    assert pieces + text[last:] == redacted.text


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([" ", "", ", "]))
@settings(max_examples=200, deadline=timedelta(seconds=5))
def test_the_spans_say_what_was_replaced(pieces: list[str], separator: str) -> None:
    text = unicodedata.normalize("NFC", separator.join(pieces))
    redacted = redact(text)
    built, last = "", 0
    for span in redacted.spans:
        built += text[last : span.start] + PLACEHOLDERS[span.kind]
        last = span.end
    assert built + text[last:] == redacted.text


def test_where_somebody_lives_goes_but_not_where_help_is_needed() -> None:
    assert redact("em ở thôn Trung Chỉ, phường Đông Hà").text == "em ở [địa chỉ nhà], phường Đông Hà"
    for kept in (
        "đèn đường ở thôn Trung Chỉ phường Đông Hà hỏng",
        "nhà em ở thôn Trung Chỉ đang ngập, cứu với",
    ):
        assert redact(kept).text == kept


def test_it_says_which_kinds_it_took() -> None:
    assert redact("goi 0912345678, mail a.b@c.vn").kinds == {Kind.PHONE, Kind.EMAIL}
    assert redact("lệ phí bao nhiêu").kinds == frozenset()


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([" ", "", ", "]))
@settings(max_examples=400, deadline=timedelta(seconds=5))
def test_doing_it_twice_changes_nothing(pieces: list[str], separator: str) -> None:
    once = redact(separator.join(pieces)).text
    assert redact(once).text == once


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=timedelta(seconds=5))
def test_any_text_is_taken(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=50))
def test_even_lone_surrogates(text: str) -> None:
    redact(text)


@given(st.text(max_size=100))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", "sđt ", "goi so ", "zalo:"]))
def test_no_mobile_number_survives(number: str, before: str) -> None:
    assert number not in redact(f"xin chào {before}{number} nhé").text


@pytest.mark.parametrize(
    "junk",
    [
        "1",
        "1 ",
        "0912 ",
        "a@",
        "ten la ",
        "Nguyễn Văn ",
        "so nha 1 ",
        "1/",
        "(-.,",
        "16.8163,",
        ".",
        "\x00",
        "[họ ",
        "em o thon ",
        "dia chi thon a ",
        "cua le thi hoa va ",
        "(at) ",
        "16 do 48 phut ",
        "khong mot ",
        "K1/",
        "Nguyễn An ",
        "cam on. ",
    ],
)
def test_junk_costs_time_in_proportion(junk: str) -> None:
    def seconds(size: int) -> float:
        text = (junk * size)[:size]
        began = time.process_time()
        redact(text)
        return time.process_time() - began

    seconds(2_000)
    small = max(min(seconds(12_500) for _ in range(2)), 0.02)
    assert seconds(100_000) < small * 8 * 4, "eight times the text may not cost much more than eight times as much"
