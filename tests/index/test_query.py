"""A message made ready: abbreviations out, diacritics in, politeness off, nothing invented."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.query
from index.library import Library
from index.query import PhraseTable, Query, analyse, expand, load_phrases, marks
from index.restore import Restorer
from index.text import fold_all
from tests.index.support import SMALL_RESTORER as SMALL
from tests.index.support import any_message

WORDS = ["giấy", "khai", "sinh", "giay", "ạ", "cho", "hỏi", "đk", "ko", "2026", "em", "lephi", "thủ", "tục", "K"]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def asked(text: str, restorer: Restorer = SMALL) -> Query:
    return analyse(text, restorer)


@given(texts | any_message)
def test_its_lists_belong_together(text: str) -> None:
    query = asked(text)
    assert len(query.typed) == len(query.words)
    assert len(query.content) == len(query.content_typed)
    assert fold_all(query.words) == fold_all(query.typed) == query.folded_all
    assert bool(query.content) == bool(query.words)


@given(texts, st.data())
def test_keeping_never_invents_a_word(text: str, data: st.DataObject) -> None:
    query = asked(text)
    size = len(query.words)
    keep = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    kept = query.keeping(keep)
    pairs = list(zip(query.words, query.typed, strict=True))
    marked = [pair for pair, mark in zip(pairs, keep, strict=True) if mark]
    left = iter(marked)
    assert all(pair in left for pair in zip(kept.content, kept.content_typed, strict=True))
    assert (kept.words, kept.typed, kept.text) == (query.words, query.typed, query.text)


@given(texts | any_message)
def test_composed_and_decomposed_typing_ask_the_same(text: str) -> None:
    assert asked(unicodedata.normalize("NFD", text)).content == asked(unicodedata.normalize("NFC", text)).content


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("cccd", "căn cước công dân"),
        ("đkks", "đăng ký khai sinh"),
        ("dkks", "đăng ký khai sinh"),
        ("gks", "giấy khai sinh"),
        ("ko dc", "không được"),
        ("vk ck", "vợ chồng"),
        ("giấy", "giấy"),
    ],
)
def test_abbreviations_are_written_out(typed: str, expanded: str) -> None:
    assert expand(typed.split()) == expanded.split()


def test_an_abbreviation_counts_only_as_a_whole_word() -> None:
    assert expand(["cccdx", "kho"]) == ["cccdx", "kho"]


def test_a_message_without_diacritics_is_restored() -> None:
    query = asked("lam giay khai sinh")
    assert not query.accented
    assert query.words == ("làm", "giấy", "khai", "sinh")
    assert query.typed == ("lam", "giay", "khai", "sinh")


def test_a_message_with_diacritics_is_left_as_typed() -> None:
    query = asked("làm giấy khai sinh thu tục")
    assert query.accented
    assert query.words == query.typed == ("làm", "giấy", "khai", "sinh", "thu", "tục")


def test_a_message_with_few_diacritics_gets_the_missing_ones() -> None:
    query = asked("làm giay khai sinh")
    assert not query.accented
    assert query.words == ("làm", "giấy", "khai", "sinh")


@pytest.mark.parametrize("text", ["dạ cho em hỏi làm giấy khai sinh với ạ", "LÀM GIẤY KHAI SINH!!!"])
def test_politeness_names_no_matter(text: str) -> None:
    assert asked(text).content == ("làm", "giấy", "khai", "sinh")


def test_a_message_of_nothing_but_politeness_keeps_its_words() -> None:
    assert asked("dạ vâng ạ").content == ("dạ", "vâng", "ạ")


@pytest.mark.parametrize("text", ["", "   ", "?!…", "🙂🙂", "\ud83d"])
def test_a_message_without_words(text: str) -> None:
    query = asked(text)
    assert (query.typed, query.words, query.content, query.accented) == ((), (), (), False)


def test_glued_words_come_apart() -> None:
    assert asked("lephi lam giaykhaisinh").words == ("lệ", "phí", "làm", "giấy", "khai", "sinh")


@pytest.mark.parametrize(
    "mark",
    ["Câu 2: ", "câu hỏi 12 - ", "Q: ", "q1 – ", "Lượt 3: ", "Turn 4: ", "Người dùng: ", "User:", "2)", " 9 ) ", "1. "],
)
def test_marks_of_pasted_dialogues_are_taken_off(mark: str) -> None:
    for form in ("NFC", "NFD"):
        assert asked(unicodedata.normalize(form, mark + "làm giấy khai sinh")).words == (
            "làm", "giấy", "khai", "sinh",
        )  # fmt: skip


@pytest.mark.parametrize("text", ["câu chuyện: giấy", "hỏi giấy khai sinh", "2 con", "q giấy", "1.001193 là gì"])
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert asked(text).text == text


@pytest.mark.parametrize("start", ["q", "câu", "hỏi 1", "1", ""])
def test_a_mark_followed_by_a_sea_of_spaces_is_read_at_once(start: str) -> None:
    assert asked(start + " " * 100_000 + "giấy").words[-1] == "giấy"


def test_joining_adds_only_what_is_not_there_yet() -> None:
    query = asked("phí làm giấy").joined(["giấy", "khai", "sinh"])
    assert query.content == ("phí", "làm", "giấy", "khai", "sinh")
    assert query.content_typed == query.content
    assert query.words == ("phí", "làm", "giấy")


def test_the_longest_phrase_wins_and_phrases_do_not_overlap() -> None:
    table = PhraseTable([("giấy",), ("giấy", "khai", "sinh"), ("sinh", "con")])
    query = asked("làm giấy khai sinh con giấy")
    found = table.find(query)
    assert found == [(1, ("giấy", "khai", "sinh")), (5, ("giấy",))]
    assert marks(query, found) == [False, True, True, True, False, True]


def test_phrase_files_have_one_phrase_a_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("phrases") / "phrases.txt"
    path.write_text("# giải thích\n\nCho hỏi\n ạ \n", encoding="utf-8")
    assert load_phrases(path) == (("cho", "hỏi"), ("ạ",))


@pytest.mark.parametrize(
    ("text", "accented"),
    [
        ("cccd gks hkd", False),
        ("lam cccd cho con", False),
        ("làm cccd", True),
        ("gks cho bé", True),
        ("2026 123", False),
        ("đk làm giấy", True),
    ],
)
def test_abbreviations_do_not_tell_whether_diacritics_were_typed(text: str, accented: bool) -> None:
    assert asked(text).accented is accented


@pytest.mark.parametrize("name", load_phrases(Path(index.query.__file__).parent / "data" / "protected.txt"))
def test_a_name_with_a_word_of_asking_in_it_stays_whole(name: tuple[str, ...]) -> None:
    text = " ".join(name)
    assert asked(f"em muốn hỏi {text} ạ").content[-len(name) :] == name
    table = PhraseTable([(name[0],), (name[-1],)])
    assert table.find(asked(f"xyz {text} xyz")) == []


def test_a_name_that_is_sought_is_found_though_it_is_kept_whole_elsewhere() -> None:
    assert PhraseTable([("sao", "y")]).find(asked("xin sao y ạ")) == [(1, ("sao", "y"))]


def test_a_phrase_is_found_where_a_slip_hid_it(shipped_library: Library) -> None:
    table = PhraseTable([("đặt", "lịch")])
    assert table.find(shipped_library.analyse("đătj lichj chứng thực")) == [(0, ("đặt", "lịch"))]
    assert table.find(shipped_library.analyse("đặc lịch chứng thực")) == [(0, ("đặt", "lịch"))]
