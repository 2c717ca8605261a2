"""A reply as plain text: for the terminal, for channels without formatting, for SMS."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.render import Style, paragraphs, plain, plain_messages, unaccented, without_accents
from bot.splitting import utf16
from bot.types import Block, Citation, Reply
from tests.bot.replies import BIRTH, replies


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_plain_has_title_list_note_source_and_numbered_choices() -> None:
    assert plain(BIRTH) == (
        "Đăng ký khai sinh\n\n"
        "Hồ sơ cần có\n- Tờ khai (1 bản chính)\n- Giấy chứng sinh (1 bản chính)\n\n"
        "Dữ liệu ngày 18/07/2026.\n\n"
        "Nguồn: Cổng Dịch vụ công quốc gia – thủ tục 1.001193, dữ liệu ngày 18/07/2026\n"
        "https://dichvucong.gov.vn/1?a=1&b=2\n\n"
        "Nhắn số để chọn:\n1. Thời hạn\n2. Phí, lệ phí"
    )


def test_a_section_of_a_document_is_named() -> None:
    source = Citation(title="Nghị quyết 05", section="mục I.2 – Mục tiêu", date=date(2026, 4, 3))
    lines = paragraphs(Reply(blocks=(), citations=(source,)))
    assert lines[0][0].text == "Nguồn: Nghị quyết 05 – mục I.2 – Mục tiêu, dữ liệu ngày 03/04/2026"
    assert lines[0][0].style is Style.SOURCE


def test_a_list_without_heading_and_empty_blocks_leave_no_blank_lines() -> None:
    reply = Reply(blocks=(Block(kind="text"), Block(kind="list", items=("một", " ")), Block(kind="note", text=" ")))
    assert plain(reply) == "- một"


def test_unaccented_is_ascii_and_readable() -> None:
    assert unaccented(BIRTH).splitlines()[0] == "Dang ky khai sinh"
    assert unaccented(BIRTH).isascii()


def test_typographic_signs_get_plain_forms() -> None:
    assert without_accents("“Đường số 5” – 20.000 ₫… ½ × ≤") == '"Duong so 5" - 20.000 d... 1/2 x <='


@given(replies)
def test_unaccented_is_always_ascii(reply: Reply) -> None:
    assert unaccented(reply).isascii()


@given(replies, st.integers(60, 2000))
def test_messages_keep_to_the_limit(reply: Reply, limit: int) -> None:
    if all(len(citation.url or "") < 30 for citation in reply.citations):
        assert all(0 < utf16(message) <= limit for message in plain_messages(reply, limit, utf16))


@given(replies, st.integers(700, 2000))
def test_messages_say_all_that_plain_says(reply: Reply, limit: int) -> None:
    assert squeezed("".join(plain_messages(reply, limit))) == squeezed(plain(reply))


def test_a_paragraph_moves_to_the_next_message_as_a_whole() -> None:
    blocks = (Block(kind="text", text="a" * 30), Block(kind="list", text="Hồ sơ", items=("b" * 10, "c" * 10)))
    assert plain_messages(Reply(blocks=blocks), 50) == ["a" * 30, f"Hồ sơ\n- {'b' * 10}\n- {'c' * 10}"]


def test_a_list_that_is_too_long_is_parted_between_its_items() -> None:
    items = tuple(f"giấy tờ thứ {number}" for number in range(10))
    messages = plain_messages(Reply(blocks=(Block(kind="list", text="Hồ sơ", items=items),)), 60)
    assert messages[0] == "Hồ sơ\n- giấy tờ thứ 0\n- giấy tờ thứ 1\n- giấy tờ thứ 2"
    assert [line for message in messages for line in message.splitlines()][1:] == [f"- {item}" for item in items]


def test_the_rest_of_a_long_item_does_not_look_like_another_item() -> None:
    item = " ".join(["giấy"] * 20)
    messages = plain_messages(Reply(blocks=(Block(kind="list", items=(item,)),)), 60)
    assert messages[0].startswith("- giấy")
    assert messages[1].startswith("giấy")
