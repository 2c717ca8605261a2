"""Who asks for the conversation's data is heard, and who asks about a procedure is not taken for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rights.hearing import Wanted, agrees, wanted
from index.text import fold
from knowledge.database import KnowledgeBase

SHOW = [
    "/dulieucuatoi", "/dulieucuatoi@BanHoiBot", "/du_lieu_cua_toi", "xem dữ liệu của tôi",
    "Cho tôi xem dữ liệu của tôi với ạ",
    "dữ liệu của tôi", "Bot đang lưu gì về tôi?", "bạn lưu những thông tin gì của tôi vậy",
    "cho em coi lại dữ liệu cá nhân của em",
    "hệ thống có lưu thông tin gì về tôi không",
]  # fmt: skip
DELETE = [
    "/xoadulieu", "/XoaDuLieu", "/xoadulieu@BanHoiBot", "xóa dữ liệu của tôi", "Xoá hết dữ liệu của em đi ạ!",
    "xóa dữ liệu",
    "tôi muốn xóa thông tin cá nhân của tôi", "cho em xóa hết lịch sử chat nha", "xóa cuộc trò chuyện này",
    "bạn hãy xóa toàn bộ dữ liệu cá nhân của tôi", "yêu cầu xóa lịch sử trò chuyện của tôi",
    "xóa giúp tôi dữ liệu của tôi",
]  # fmt: skip
NEITHER = [
    "xóa thường trú", "xóa án tích", "xoa dang ky tam tru", "xóa đăng ký thường trú của tôi", "xóa đăng ký thế chấp",
    "xóa nợ thuế cho tôi", "xóa tên khỏi sổ hộ khẩu", "xóa thông tin cá nhân trên VNeID thế nào", "hủy lịch của tôi",
    "xem lịch của tôi", "xem thông tin của tôi trên VNeID", "thủ tục xóa dữ liệu dân cư", "khai thác dữ liệu đất đai",
    "xóa dữ liệu của tôi ở ngân hàng thì làm sao", "xem hồ sơ của tôi", "tra cứu hồ sơ của tôi", "dữ liệu", "xóa", "",
    "xóa dữ liệu của tôi rồi cho hỏi làm khai sinh cần gì", "xóa thông tin thế chấp của tôi", "xoa du lieu ho tich",
]  # fmt: skip
WORDS = ["xoa", "du", "lieu", "cua", "toi", "giup", "cho", "em", "het", "di", "a", "luu", "gi", "ve", "thong", "tin"]


@pytest.mark.parametrize("text", SHOW)
def test_who_wants_to_see_the_data_is_heard_with_and_without_diacritics(text: str) -> None:
    assert wanted(text) is wanted(fold(text)) is Wanted.SHOW


@pytest.mark.parametrize("text", DELETE)
def test_who_wants_them_deleted_is_heard_with_and_without_diacritics(text: str) -> None:
    assert wanted(text) is wanted(fold(text)) is Wanted.DELETE


@pytest.mark.parametrize("text", NEITHER)
def test_a_question_about_a_procedure_is_not_taken_for_it(text: str) -> None:
    assert wanted(text) is wanted(fold(text)) is None


def test_no_name_by_which_a_procedure_goes_is_taken_for_it(shipped: KnowledgeBase) -> None:
    assert [text for text in _names(shipped) if wanted(text) or wanted(f"{text} của tôi")] == []


def _names(knowledge: KnowledgeBase) -> Iterator[str]:
    for procedure in knowledge.procedures():
        yield from (procedure.name, procedure.display_name, *procedure.aliases)


@pytest.mark.parametrize("text", ["Xóa hết", "có ạ", "đồng ý nhé"])
def test_yes(text: str) -> None:
    assert agrees(text) is True


@pytest.mark.parametrize("text", ["không", "Thôi", "khong xoa nua", "đừng xóa"])
def test_no(text: str) -> None:
    assert agrees(text) is False


@pytest.mark.parametrize("text", ["làm khai sinh cần gì", "xóa thường trú", "có mất phí không", ""])
def test_neither_yes_nor_no(text: str) -> None:
    assert agrees(text) is None


@given(st.text(max_size=200))
def test_anything_may_be_typed(text: str) -> None:
    wanted(text)
    agrees(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_no_heap_of_its_words_takes_long(words: list[str]) -> None:
    began = time.process_time()
    wanted(" ".join(words))
    assert time.process_time() - began < 0.5
