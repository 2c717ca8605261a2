"""A second matter in one message becomes a choice; a merged commune is told; a single matter gets neither."""

from __future__ import annotations

import pytest

from tests.bot.conftest import Dialogue


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đăng ký kết hôn cần gì rồi xin bản sao khai sinh mất bao lâu", {"1.000894", "2.000635"}),
        ("dang ky ket hon can gi va dang ky tam tru cho em", {"1.000894", "1.004194"}),
    ],
)
def test_both_matters_of_a_message_can_be_reached(dialogue: Dialogue, text: str, codes: set[str]) -> None:
    turn = dialogue.say(text)
    reached = {turn.procedures[0].code, *(choice.code for choice in turn.reply.choices if choice.id.startswith("p:"))}
    assert codes <= reached
    assert not turn.unsupported


def test_one_matter_offers_no_other(dialogue: Dialogue) -> None:
    turn = dialogue.say("đăng ký kết hôn cần giấy tờ gì")
    assert not any(choice.id.startswith("p:") for choice in turn.reply.choices)


def test_a_commune_of_old_is_told_where_it_belongs_now(dialogue: Dialogue) -> None:
    turn = dialogue.say("nhà ở xã Lộc Ninh thì đăng ký khai tử ở đâu")
    assert "Lộc Ninh cũ nay thuộc Phường Đồng Thuận" in turn.reply.text
    assert not turn.unsupported
