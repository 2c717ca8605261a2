"""Talks about the shipped plan documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine import Engine
from bot.types import Message, Outcome, PlanMemory, State, Turn
from tests.bot.conftest import START, Dialogue

COMMUNE, PROVINCE = "kh-vinh-thuy-2026", "nq-05-quang-tri"


def answers_from(turn: Turn) -> str | None:
    return turn.state.topics[-1].id if turn.state.plan is not None and turn.state.topics else None


@pytest.mark.parametrize(
    ("question", "plan", "told"),
    [
        ("Vĩnh Thủy chi mấy % ngân sách cho cđs", COMMUNE, "≥ 1,5%"),
        ("ai chu tri binh dan hoc vu so o vinh thuy", COMMUNE, "Phòng Văn hóa - Xã hội xã"),
        ("nghị quyết 05 chi bao nhiêu phần trăm ngân sách cho chuyển đổi số", PROVINCE, "ít nhất 3%"),
        ("PAR Index của tỉnh bao nhiêu", PROVINCE, "từ 80% đến 90%"),
    ],
)
def test_figures_and_leads_are_looked_up(dialogue: Dialogue, question: str, plan: str, told: str) -> None:
    turn = dialogue.say(question)
    assert (turn.outcome, answers_from(turn)) == (Outcome.ANSWER, plan)
    assert told in turn.reply.text
    assert turn.reply.citations
    assert turn.sources


def test_a_long_list_goes_on_by_button_and_by_word(dialogue: Dialogue) -> None:
    first = dialogue.say("phòng văn hóa xã hội xã Vĩnh Thủy làm những việc gì")
    (choice,) = first.reply.choices
    assert "việc khác" in first.reply.text
    by_word = dialogue.say("xem tiếp")
    assert by_word.reply.text == dialogue.tap(choice.id).reply.text
    assert by_word.reply.text != first.reply.text
    assert "(tiếp)" in by_word.reply.text


def test_a_fold_of_documents_that_are_gone_leads_nowhere(dialogue: Dialogue) -> None:
    for choice in ("t:khong-con:n01:l0:8", "t:kh-vinh-thuy-2026:n08:l0:999", "t:x", "t:::"):
        assert dialogue.tap(choice).outcome is Outcome.OUT_OF_SCOPE


def test_a_talk_goes_on_with_year_place_and_field(dialogue: Dialogue) -> None:
    assert "95%" in dialogue.say("hài lòng dịch vụ công trực tuyến năm 2027 của tỉnh").reply.text
    assert "99%" in dialogue.say("còn năm 2030?").reply.text
    commune = dialogue.say("xã Vĩnh Thủy thì sao?")
    assert (answers_from(commune), "99%" in commune.reply.text) == (COMMUNE, True)
    assert "mục II.2" in dialogue.say("ở mục nào").reply.text


def test_a_field_is_asked_of_what_was_quoted(dialogue: Dialogue) -> None:
    dialogue.say("kế hoạch Vĩnh Thủy nói gì về bưu chính công ích")
    assert "Trung tâm Phục vụ hành chính công xã" in dialogue.say("ai chủ trì?").reply.text
    assert "Bưu điện tỉnh" in dialogue.say("ai phối hợp").reply.text
    assert "Quý I/2026" in dialogue.say("từ khi nào").reply.text


def test_a_procedure_ends_the_talk_on_plans(dialogue: Dialogue) -> None:
    dialogue.say("chỉ tiêu hồ sơ đúng hạn của Vĩnh Thủy")
    turn = dialogue.say("đăng ký kết hôn cần giấy tờ gì")
    assert turn.procedures
    assert turn.state.plan is None


def test_two_figures_asked_at_once_are_both_told(dialogue: Dialogue) -> None:
    text = dialogue.say("chỉ số nhận thức số của tỉnh mấy điểm, chỉ số thể chế số mấy điểm?").reply.text
    assert "85/100" in text
    assert "80/100" in text


@pytest.mark.parametrize(
    "question",
    [
        "nghị quyết 05 đặt chỉ tiêu trồng rừng bao nhiêu",
        "Sở Du lịch có nhiệm vụ gì theo nghị quyết 05",
        "chỉ tiêu xuất khẩu gạo năm 2026 là bao nhiêu",
    ],
)
def test_what_the_documents_do_not_say_is_said_to_be_unknown(dialogue: Dialogue, question: str) -> None:
    turn = dialogue.say(question)
    assert turn.outcome is Outcome.OUT_OF_SCOPE
    assert "không nêu" in turn.reply.text


def test_a_year_without_a_figure_is_not_filled_from_another(dialogue: Dialogue) -> None:
    text = dialogue.say("chỉ số DTI năm 2027 theo Sở Khoa học và Công nghệ").reply.text
    assert "không nêu con số cho năm được hỏi" in text
    assert "năm 2026" in text


asked = st.lists(
    st.sampled_from(
        ["còn", "năm 2030", "?", "ai", "chủ trì", "khi nào", "xem tiếp", "mục nào", "xã Vĩnh Thủy", "nghị quyết 05",
         "phòng kinh tế", "so với", "DTI", "5G", "bao nhiêu", "làm gì", "2027", "của tỉnh", "văn bản nào"]
    ), max_size=6,
).map(" ".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(asked, min_size=1, max_size=4))
def test_no_talk_on_plans_is_blocked(start: Callable[[], Dialogue], texts: list[str]) -> None:
    dialogue = start()
    for text in texts:
        assert dialogue.say(text).outcome is not Outcome.BLOCKED


@pytest.mark.parametrize("question", ["còn năm 2030?", "ai làm?", "xem tiếp", "mục nào", "vậy sao?"])
def test_memory_of_documents_that_are_gone_does_no_harm(engine: Engine, question: str) -> None:
    memory = PlanMemory(
        words=("dti",), wanted="figure", plans=("gone",), named="document", quoted=(("gone", "s1"),), more="t:g:s:l0:8"
    )
    turn = engine.respond(State(plan=memory, last_at=START), Message(text=question, at=START))
    assert turn.outcome is not Outcome.BLOCKED
