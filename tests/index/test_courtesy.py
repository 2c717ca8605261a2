"""What is said around a question comes off; the question itself never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.courtesy import without_courtesy
from index.text import fold, tokens

QUESTIONS = [
    "làm giấy khai sinh cho con cần gì",
    "nhà đất đứng tên ba muốn sang tên",
    "mã 1.001193 lệ phí bao nhiêu",
    "xin giấy xác nhận độc thân",
    "chị em tôi muốn đổi thẻ căn cước",
    "có được ủy quyền không",
]
FRONTS = [
    "Dạ em chào anh chị ạ, ",
    "Cho em hỏi chút xíu là ",
    "Ad ơi cho mình hỏi với, ",
    "xin lỗi vì làm phiền, nhờ các bác tư vấn giúp: ",
]
BACKS = [
    ". Em cảm ơn nhiều ạ",
    ", ai biết chỉ giúp em với",
    " ạ. Trân trọng cảm ơn!",
    " hả mọi người, tui cảm ơn nghe",
    "",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("back", BACKS)
def test_the_question_is_left(question: str, front: str, back: str) -> None:
    for text, left in ((front + question + back, question), (fold(front + question + back), fold(question))):
        assert tokens(without_courtesy(text))[: len(tokens(left))] == tokens(left)
        assert len(tokens(without_courtesy(text))) <= len(tokens(left)) + 1, "at most a particle more"


@pytest.mark.parametrize("text", ["chào ad", "cảm ơn anh chị nhiều ạ!", "alo có ai ở đó không", "", "...", "em", "👍"])
def test_a_message_of_courtesy_alone_stays(text: str) -> None:
    assert without_courtesy(text) == text


@pytest.mark.parametrize(
    "text", ["con em bị mất thẻ", "cho con nuôi", "em gái tôi", "mẹ em mất, em là con", "có được không"]
)
def test_words_that_courtesy_shares_stay_without_a_mark(text: str) -> None:
    assert tokens(without_courtesy(text)) == tokens(text)


@given(st.text(max_size=200))
def test_nothing_is_added(text: str) -> None:
    left = iter(tokens(text))
    assert all(word in left for word in tokens(without_courtesy(text))) or not text.isprintable()


def test_a_name_that_ends_like_a_question_stays_whole() -> None:
    assert without_courtesy("tôi ở phường Đồng Hới") == "tôi ở phường Đồng Hới"
    assert without_courtesy("nha o Dong Hoi, cho em hoi") == "nha o Dong Hoi"
