"""Replies as Telegram shows them, checked by somebody else's copy of Telegram's rules."""

from __future__ import annotations

import re
from html import unescape

import pytest
from aiogram.methods import SendMessage
from hypothesis import given
from teremok import MockBot
from teremok.validation import validate_html, validate_method

from bot.channels.telegram.rendering import LIMIT, LONG_LABEL, Rendered, render
from bot.render import numbered, paragraphs
from bot.splitting import utf16
from bot.types import Block, Choice, Link, Reply
from tests.bot.replies import BIRTH, replies


def reply_with(*labels: str) -> Reply:
    choices = tuple(Choice(id=f"p:{number}", label=label) for number, label in enumerate(labels))
    return Reply(blocks=(Block(kind="text", text="Việc nào?"),), choices=choices)


def rows(rendered: Rendered) -> list[list[str]]:
    assert rendered.keyboard is not None
    return [[button.text for button in row] for row in rendered.keyboard.inline_keyboard]


def words_of(rendered: Rendered) -> str:
    """What a reader sees, without white space, bullets and links."""
    text = "".join(unescape(re.sub(r"<[^>]*>", "", message)) for message in rendered.messages)
    return "".join(text.replace("•", "").split())


def test_an_answer() -> None:
    rendered = render(BIRTH)
    assert rendered.messages == (
        "<b>Đăng ký khai sinh</b>\n\n"
        "<b>Hồ sơ cần có</b>\n• Tờ khai (1 bản chính)\n• Giấy chứng sinh (1 bản chính)\n\n"
        "<i>Dữ liệu ngày 18/07/2026.</i>\n\n"
        '<a href="https://dichvucong.gov.vn/1?a=1&amp;b=2">'
        "Nguồn: Cổng Dịch vụ công quốc gia – thủ tục 1.001193, dữ liệu ngày 18/07/2026</a>",
    )
    assert rows(rendered) == [["Thời hạn", "Phí, lệ phí"]]
    assert rendered.keyboard is not None
    assert rendered.keyboard.inline_keyboard[0][0].callback_data == "a:1.001193:time"


def test_markup_in_the_data_is_shown_and_not_obeyed() -> None:
    reply = Reply(blocks=(Block(kind="title", text="Phí < 5 & <b>lệ</b>"),))
    assert render(reply).messages == ("<b>Phí &lt; 5 &amp; &lt;b&gt;lệ&lt;/b&gt;</b>",)


@given(replies)
def test_every_message_keeps_telegrams_rules(reply: Reply) -> None:
    rendered = render(reply)
    for number, message in enumerate(rendered.messages):
        assert 0 < utf16(message) <= LIMIT
        validate_html(message)
        last = number == len(rendered.messages) - 1
        method = SendMessage(
            chat_id=1, text=message, parse_mode="HTML", reply_markup=rendered.keyboard if last else None
        )
        validate_method(MockBot(), method)


@given(replies)
def test_no_words_get_lost(reply: Reply) -> None:
    lines = [line.text for part in paragraphs(reply) for line in part]
    if any(len(choice.label) > LONG_LABEL for choice in reply.choices):
        lines += [line.text for line in numbered(reply.choices)]
    said = "".join(lines).replace("•", "").encode("utf-8", "replace").decode()
    assert words_of(render(reply)) == "".join(said.split())


def test_a_long_dossier_goes_in_several_messages_with_the_buttons_under_the_last() -> None:
    items = tuple(f"Giấy tờ số {number} theo mẫu & quy định <mới>" for number in range(400))
    reply = Reply(blocks=(Block(kind="list", text="Hồ sơ", items=items),), choices=BIRTH.choices)
    rendered = render(reply)
    assert len(rendered.messages) > 3
    assert all(line.startswith("• ") for message in rendered.messages for line in message.splitlines()[1:])


@pytest.mark.parametrize("character", ["&", "<", "😀", "đ"])
def test_neither_an_entity_nor_an_emoji_is_cut(character: str) -> None:
    rendered = render(Reply(blocks=(Block(kind="title", text=character * 9000),)))
    for message in rendered.messages:
        assert utf16(message) <= LIMIT
        validate_html(message)
    assert words_of(rendered) == character * 9000


def test_short_labels_share_a_row_and_longer_ones_stand_alone() -> None:
    shown = rows(render(reply_with("Hồ sơ", "Thời hạn", "Nơi nộp", "Còn giữ bản chính, cần sao y", "Phí")))
    assert shown == [["Hồ sơ", "Thời hạn"], ["Nơi nộp"], ["Còn giữ bản chính, cần sao y"], ["Phí"]]


def test_labels_too_long_for_a_button_stand_in_full_above() -> None:
    long = "Thủ tục đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới"
    rendered = render(reply_with(long, "Khai sinh thường"))
    assert f"1. {long}\n2. Khai sinh thường" in rendered.messages[-1]
    assert rows(rendered) == [["1. Thủ tục đăng ký khai sinh có yếu tố…"], ["2. Khai sinh thường"]]
    assert all(len(label) <= LONG_LABEL for row in rows(rendered) for label in row)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//x", "https://" + "a" * 2000])
def test_only_links_a_reader_can_follow_become_links(url: str) -> None:
    source = BIRTH.citations[0].model_copy(update={"url": url})
    assert "<a" not in render(BIRTH.model_copy(update={"citations": (source,)})).messages[-1]


def test_a_link_cannot_break_out_of_its_attribute() -> None:
    source = BIRTH.citations[0].model_copy(update={"url": 'https://x/"><script>'})
    message = render(BIRTH.model_copy(update={"citations": (source,)})).messages[-1]
    assert 'href="https://x/&quot;&gt;&lt;script&gt;"' in message


def test_nothing_to_say_gives_no_message() -> None:
    assert render(Reply(blocks=())) == Rendered((), None)


def test_times_of_a_day_stand_two_to_a_row_and_the_way_out_below() -> None:
    labels = ["7 giờ 30", "8 giờ", "8 giờ 30", "Giờ khác", "Thôi, không đặt"]
    assert rows(render(reply_with(*labels))) == [["7 giờ 30", "8 giờ"], ["8 giờ 30", "Giờ khác"], ["Thôi, không đặt"]]


def test_a_time_with_its_day_has_a_row_of_its_own() -> None:
    labels = ["7 giờ 30, thứ năm, 26/11/2026", "13 giờ 30, thứ năm, 26/11/2026"]
    assert rows(render(reply_with(*labels))) == [[labels[0]], [labels[1]]]


def test_a_page_of_our_own_is_a_link_where_its_address_is_whole() -> None:
    links = (Link(label="Phiếu hẹn", url="https://hoi.example/lich-hen/x"), Link(label="Lịch", url="/lich"))
    message = render(Reply(blocks=(Block(kind="text", text="Đã đặt."),), links=links)).messages[0]
    assert '<a href="https://hoi.example/lich-hen/x">Phiếu hẹn</a>\nLịch' in message
