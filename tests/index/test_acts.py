"""What kind of act a text speaks of; a death is no lost paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.acts import ACTS, NARROWINGS, acts, narrowings
from index.synonyms import canonical
from index.text import tokens


def spoken(text: str) -> set[str]:
    """The acts of a text as search reads it."""
    found = acts(canonical(tokens(text)))
    return {name for number, name in enumerate(ACTS) if found >> number & 1}


def narrowed(text: str) -> set[str]:
    found = narrowings(tokens(text))
    return {name for number, name in enumerate(NARROWINGS) if found >> number & 1}


@pytest.mark.parametrize(("name", "phrase"), [(name, phrase) for name, phrases in ACTS.items() for phrase in phrases])
def test_every_phrase_tells_of_its_act(name: str, phrase: str) -> None:
    for text in (phrase, f"muốn {phrase} giấy", f"xyz {phrase}"):
        found = acts(tokens(text))
        assert found >> list(ACTS).index(name) & 1, text


def test_only_whole_words_tell() -> None:
    assert acts(tokens("mấtx đổix xóaz")) == 0


@pytest.mark.parametrize(
    "text",
    [
        "ba em mất rồi",
        "bố mất",
        "mẹ tôi vừa mất hôm qua",
        "mạ mất chừ làm chi",
        "ôn nội mới mất",
        "mệ ngoại mất tuần trước",
        "chồng chị đã mất, con đòi chia đất",
        "ông mất",
        "ba má mất cả rồi",
        "mẹ mất hồi tháng giêng",
        "ba mất mẹ mất để lại mảnh vườn",
        "bác tui mất ở bệnh viện",
    ],
)
def test_somebodys_loss_is_a_death_and_no_lost_paper(text: str) -> None:
    found = spoken(text)
    assert "died" in found
    assert "again" not in found


@pytest.mark.parametrize(
    "text",
    [
        "em mất thẻ căn cước",
        "con mất giấy khai sinh",
        "tui mất sổ đỏ",
        "bà mất căn cước",
        "mẹ tôi làm mất thẻ bảo hiểm",
        "chồng tôi mất bằng lái",
        "em bị mất giấy đăng ký xe",
        "anh tôi đánh rơi ví, mất hết giấy tờ",
        "giấy khai sinh bị mất",
    ],
)
def test_a_lost_paper_is_no_death(text: str) -> None:
    found = spoken(text)
    assert "again" in found
    assert "died" not in found


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("đổi thẻ hết hạn", "exchange"),
        ("gia hạn giấy phép", "renew"),
        ("sửa sai tên đệm", "change"),
        ("đóng cửa tiệm", "end"),
        ("tạm nghỉ bán", "pause"),
        ("chuyển đi tỉnh khác", "move"),
        ("xin trích lục", "copy"),
        ("bác trai từ trần", "died"),
        ("thằng nhỏ làm rớt thẻ", "again"),
    ],
)
def test_acts_in_everyday_words(text: str, act: str) -> None:
    assert act in spoken(text)


@pytest.mark.parametrize(
    "text",
    ["thẻ còn nguyên, không mất không hỏng", "sổ chưa bị mất", "tên tuổi không sai", "giấy cũ không đổi được à"],
)
def test_what_did_not_happen_is_no_act(text: str) -> None:
    assert not {"again", "change", "exchange"} & spoken(text)


def test_a_plain_matter_tells_of_no_act() -> None:
    assert spoken("đăng ký kết hôn cần giấy tờ gì") == set()


@given(st.lists(st.text(max_size=6), max_size=12))
def test_whatever_is_said_gives_known_acts(words: list[str]) -> None:
    assert 0 <= acts(words) < 1 << len(ACTS)
    assert 0 <= narrowings(words) < 1 << len(NARROWINGS)


@pytest.mark.parametrize("name", list(NARROWINGS))
def test_a_narrowing_is_told_by_its_words_even_apart(name: str) -> None:
    words = name.split()
    assert name in narrowed(name)
    assert name in narrowed(" ở ".join(reversed(words)))
    assert len(words) == 1 or name not in narrowed(words[0])
