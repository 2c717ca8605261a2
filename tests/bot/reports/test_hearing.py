"""What begins a report and what does not; what it is about; short answers with and without diacritics."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import hearing
from index.aspects import find_aspects
from index.library import Library


def said(library: Library, text: str) -> bool:
    query = library.analyse(text)
    return hearing.is_said(query, hearing.report_cues(query), find_aspects(query))


def problem(library: Library, text: str) -> bool:
    query = library.analyse(text)
    return hearing.is_problem(hearing.report_cues(query), find_aspects(query))


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn phản ánh", "toi muon phan anh", "phan anh", "báo đèn đường hỏng", "bao den duong hong", "góp ý",
        "khiếu nại rác thải đổ đầy đường", "em xin góp ý việc chờ quá lâu", "đề nghị xã sửa đường", "/phananh",
        "tôi muốn gửi phản ánh", "phản ánh việc cán bộ hách dịch",
    ],
)  # fmt: skip
def test_these_say_that_they_are_reports(library: Library, text: str) -> None:
    assert said(library, text)


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục khiếu nại lần hai cần gì", "thu tuc khieu nai lan hai can gi", "tôi muốn tố cáo cán bộ xã",
        "khiếu nại quyết định thu hồi đất nộp ở đâu", "hồ sơ xin cấp phép xả nước thải",
        "Phan Anh là tên con tôi, làm khai sinh cần gì", "báo mất căn cước", "khai báo tạm trú", "cảm ơn",
    ],
)  # fmt: skip
def test_these_do_not(library: Library, text: str) -> None:
    assert not said(library, text)
    assert not problem(library, text)


@pytest.mark.parametrize(
    "text",
    ["đèn đường hỏng mấy tháng nay", "rac thai do bua bai hoi lam", "karaoke ồn ào tới nửa đêm", "cán bộ hách dịch"],
)
def test_these_only_tell_of_a_problem(library: Library, text: str) -> None:
    assert problem(library, text)
    assert not said(library, text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("tôi muốn phản ánh về việc đèn đường hỏng", "đèn đường hỏng"),
        ("Dạ thưa cho em phản ánh: rác nhiều quá", "rác nhiều quá"),
        ("báo cây đổ chắn đường", "cây đổ chắn đường"),
        ("đường hỏng, gọi tôi [họ tên] [số điện thoại]", "đường hỏng"),
        ("tôi muốn phản ánh", ""),
        ("phan anh", ""),
    ],
)
def test_what_a_report_is_about(text: str, what: str) -> None:
    assert hearing.matter_in(text) == what


@pytest.mark.parametrize(
    ("text", "part", "rest"),
    [
        ("sửa nơi", "place", ""),
        ("sua noi xa cam lo", "place", "xa cam lo"),
        ("tôi muốn sửa lại nội dung", "what", ""),
        ("đổi số điện thoại", "contact", ""),
    ],
)
def test_which_part_is_to_be_corrected(text: str, part: str, rest: str) -> None:
    assert hearing.edited(text) == (part, rest)


@given(st.text(max_size=400))
def test_nothing_that_can_be_typed_breaks_it(text: str) -> None:
    assert len(hearing.matter_in(text)) <= hearing.LONGEST_WHAT
    hearing.edited(text)
    hearing.asks_for_own(text)


@pytest.mark.parametrize("word", ["tôi ", "co ", "ba con ", "gọi tôi ", "sửa ", "-", "phản ánh ", "cho toi xem "])
def test_a_hostile_repetition_takes_no_time(word: str) -> None:
    began = time.process_time()
    text = word * (4000 // len(word))
    hearing.matter_in(text)
    hearing.edited(text)
    hearing.asks_for_own(text)
    assert time.process_time() - began < 0.5
