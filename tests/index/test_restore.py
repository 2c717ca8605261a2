"""Missing diacritics come back; what was typed with care stays as it was."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.restore import MAX_SYLLABLES, Restorer
from index.text import fold, fold_all, is_accented, tokens
from tests.index.support import SENTENCES
from tests.index.support import SMALL_RESTORER as SMALL

VOCABULARY = sorted({word for sentence in SENTENCES for word in sentence.split()})
known = st.sampled_from([*VOCABULARY, *fold_all(VOCABULARY)])
unknown = st.text("abcdeghiđêơ0123456789", min_size=1, max_size=9)
message = st.lists(st.one_of(known, unknown), max_size=40)


@given(message)
def test_only_diacritics_are_added_and_telex_read(words: list[str]) -> None:
    """The small model has no word common enough to be what a slip was meant for."""
    for before, after in zip(words, SMALL.restore(words), strict=True):
        assert fold(after) == fold(before) or is_accented(after), "raw Telex becomes a word"
        assert len(after) <= len(before)


@given(message)
def test_known_accented_words_and_numbers_stay(words: list[str]) -> None:
    for before, after in zip(words, SMALL.restore(words), strict=True):
        if before.isdigit() or (is_accented(before) and before in VOCABULARY):
            assert after == before


@given(message)
def test_restoring_again_changes_only_what_no_reading_was_known_for(words: list[str]) -> None:
    once = SMALL.restore(words)
    assert all(before == after for before, after in zip(once, SMALL.restore(once), strict=True) if is_accented(before))


@pytest.mark.parametrize("sentence", ["làm giấy khai sinh", "đăng ký kết hôn", "thì phải làm sao"])
def test_a_sentence_it_learnt_comes_back(sentence: str) -> None:
    assert SMALL.restore(fold(sentence).split()) == sentence.split()


@pytest.mark.parametrize(
    "sentence",
    [
        "mất căn cước phải làm lại ở đâu",
        "đăng ký khai sinh cho con cần giấy tờ gì",
        "chứng thực bản sao hết bao nhiêu tiền",
        "xin xác nhận tình trạng hôn nhân",
    ],
)
def test_the_shipped_words_restore_common_questions(restorer: Restorer, sentence: str) -> None:
    assert restorer.restore(fold(sentence).split()) == sentence.split()


def test_the_neighbours_decide(restorer: Restorer) -> None:
    assert restorer.restore(["cap", "doi", "the", "can", "cuoc"])[:2] == ["cấp", "đổi"]
    assert restorer.restore(["xa", "phuong"])[0] == "xã"


def test_words_it_never_saw_stay() -> None:
    assert SMALL.restore(["zzz", "giay", "khai", "sinh"]) == ["zzz", "giấy", "khai", "sinh"]
    assert SMALL.restore([]) == []


def test_a_long_message_is_restored_in_its_first_part_only() -> None:
    words = ["giay"] * (MAX_SYLLABLES + 3)
    restored = SMALL.restore(words)
    assert restored[:MAX_SYLLABLES] == ["giấy"] * MAX_SYLLABLES
    assert restored[MAX_SYLLABLES:] == ["giay"] * 3


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("lephi", ["le", "phi"]),
        ("giaykhaisinh", ["giay", "khai", "sinh"]),
        ("lệphí", ["lệ", "phí"]),
        ("giay", ["giay"]),
        ("khai1", ["khai1"]),
        ("vneid", ["vneid"]),
        ("12345678", ["12345678"]),
        ("", [""]),
    ],
)
def test_glued_words_come_apart(glued: str, parts: list[str]) -> None:
    assert SMALL.unglue(glued) == parts


@given(unknown | st.lists(known, min_size=1, max_size=6).map("".join))
def test_ungluing_loses_no_letter(word: str) -> None:
    assert "".join(SMALL.unglue(word)) == word


@pytest.mark.parametrize("text", ["dang ky " * 12_500, "x" * 100_000, "giaykhaisinh" * 8_000, "a1 " * 33_000])
def test_a_hundred_kilobytes_take_linear_time(restorer: Restorer, text: str) -> None:
    def seconds(part: str) -> float:
        begun = time.perf_counter()
        restorer.restore([piece for word in tokens(part) for piece in restorer.unglue(word)])
        return time.perf_counter() - begun

    seconds(text[:1000])
    tenth = min(seconds(text[: len(text) // 10]) for _ in range(3))
    assert min(seconds(text) for _ in range(3)) < 40 * tenth + 0.5


def test_a_saved_model_restores_the_same(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "model.npz")
    again = Restorer.load(tmp_path / "model.npz")
    words = ["lam", "giay", "phep", "lai", "xe", "cho", "con", "thi", "phai", "lam", "sao"]
    assert again.restore(words) == SMALL.restore(words)
    assert again.unglue("lephi") == ["le", "phi"]


class TestSlips:
    """Words that are none of ours become the likeliest near one; what is a word stays, whatever it should have been."""

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("làm giâys khai sinh", "làm giấy khai sinh"),
            ("xác nhaanj độc thân", "xác nhận độc thân"),
            ("công daan bị mất", "công dân bị mất"),
            ("làm giấy khai ssinh cho con", "làm giấy khai sinh cho con"),
            ("giay pheps xay dung", "giấy phép xây dựng"),
            ("đăng ký kết hônn", "đăng ký kết hôn"),
            ("hợp đồng tặgn cho đất", "hợp đồng tặng cho đất"),
            ("giấấy chứng nhậnn quyền sử dụnng đất", "giấy chứng nhận quyền sử dụng đất"),
        ],
    )
    def test_they_are_mended(self, shipped_library: Library, typed: str, meant: str) -> None:
        assert " ".join(shipped_library.analyse(typed).words) == meant

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("dang ku ket hon", "đăng ký kết hôn"),
            ("dang ky thay dio ho kinh doanh", "đăng ký thay đổi hộ kinh doanh"),
            ("khai ru cho ông ngoại", "khai tử cho ông ngoại"),
            ("làm liạ giấy khai inh", "làm lại giấy khai sinh"),
            ("lam giay to cho nguoiiii mat", "làm giấy tờ cho người mất"),
            ("chung thuc di chuuc", "chứng thực di chúc"),
        ],
    )
    def test_the_neighbours_tell_what_was_meant(self, shipped_library: Library, typed: str, meant: str) -> None:
        assert " ".join(shipped_library.analyse(typed).words) == meant

    @pytest.mark.parametrize(
        "text",
        [
            "bán hàng trên shopee",
            "tên con là tèo",
            "đổi bằng hạng b2",
            "mã 1.001193",
            "zalo",
            "thẻ măng non gắn chíp",
            "đưa về cửa việt",
        ],
    )
    def test_names_and_words_stay(self, shipped_library: Library, text: str) -> None:
        assert shipped_library.restorer.mend(tokens(text)) == tokens(text)

    @given(st.lists(st.text(max_size=9), max_size=12))
    def test_each_word_has_its_place(self, words: list[str]) -> None:
        assert len(SMALL.mend(words)) == len(words)
        assert len(SMALL.restore(words)) == len(words)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("đăngký kýhộ tịch", "đăng ký ký hộ tịch"),
        ("làm giấy tờxe", "làm giấy tờ xe"),
        ("dang ky bhxhtu nguyen", "đăng ký bảo hiểm xã hội tự nguyện"),
        ("đi đichứng thực", "đi đi chứng thực"),
        ("zalo", "zalo"),
    ],
)
def test_what_is_glued_in_a_message_comes_apart(shipped_library: Library, typed: str, read: str) -> None:
    assert " ".join(shipped_library.analyse(typed).words) == read
