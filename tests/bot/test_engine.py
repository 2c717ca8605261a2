"""Conversations as citizens have them, each line a message with what the engine must make of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import FORGET_AFTER, Engine
from bot.types import Message, Outcome, State, Turn
from index.aspects import Aspect
from index.text import fold, tokens
from tests.bot.conftest import START, Dialogue

Start = Callable[[], Dialogue]
BIRTH, RESIDENCE, STAY, DEATH, MARRIAGE = "1.001193", "1.004222", "1.004194", "1.000656", "1.000894"


def code(turn: Turn) -> str | None:
    return turn.procedures[0].code if turn.procedures else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("lam giay khai sinh cho con can nhung giay to gi", BIRTH),
        ("Đi khai báo cho ông cụ vừa qua đời thì làm giấy khai tử ở đâu", DEATH),
        ("đk kết hôn mất mấy ngày z ad", MARRIAGE),
        ("nhap ho khau cho vo ve nha chong", RESIDENCE),
        ("ở trọ thì phải đăng ký tạm trú làm sao", STAY),
        ("xin giấy xác nhận tình trạng hôn nhân", "1.004873"),
        ("sao y bản chính bằng cấp 3", "2.000815"),
        ("mở tiệm tạp hóa nhỏ thì đăng ký hộ kinh doanh", "1.001612"),
        ("tách khẩu ra ở riêng", "1.010038"),
        ("1.004194 cần gì", STAY),
    ],
)
def test_names_the_procedure_in_everyday_words(dialogue: Dialogue, question: str, expected: str) -> None:
    turn = dialogue.say(question)
    assert turn.outcome is Outcome.ANSWER
    assert code(turn) == expected


def test_answers_with_dossier_source_and_date(dialogue: Dialogue) -> None:
    turn = dialogue.say("lam giay khai sinh cho con can nhung giay to gi")
    assert turn.aspects == (Aspect.DOCUMENTS,)
    assert "Giấy chứng sinh" in turn.reply.text
    (citation,) = turn.reply.citations
    assert BIRTH in citation.title
    assert citation.url is not None
    assert citation.url.startswith("https://dichvucong.gov.vn/")
    assert f"{citation.date:%d/%m/%Y}" in turn.reply.text


def test_answers_several_aspects_at_once(dialogue: Dialogue) -> None:
    turn = dialogue.say("đăng ký tạm trú mất bao lâu và hết bao nhiêu tiền")
    assert set(turn.aspects) == {Aspect.TIME, Aspect.FEE}
    assert "3 ngày làm việc" in turn.reply.text
    assert "15.000 đồng" in turn.reply.text


def test_follow_ups_stay_with_the_procedure(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký kết hôn cần giấy tờ gì")
    for question, aspect in (
        ("lệ phí bao nhiêu?", Aspect.FEE),
        ("con thoi gian thi sao", Aspect.TIME),
        ("thủ tục đó nộp ở đâu", Aspect.PLACE),
        ("làm trên mạng được không", Aspect.ONLINE),
    ):
        turn = dialogue.say(question)
        assert code(turn) == MARRIAGE
        assert turn.aspects == (aspect,)


def test_a_new_procedure_takes_over_the_old_question(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký tạm trú mất mấy ngày")
    turn = dialogue.say("thế còn đăng ký thường trú thì sao")
    assert code(turn) == RESIDENCE


def test_a_named_procedure_inherits_nothing(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký kết hôn cần gì")
    turn = dialogue.say("chứng thực chữ ký phí bao nhiêu")
    assert code(turn) == "2.000884"
    assert turn.aspects == (Aspect.FEE,)


def test_takes_a_correction(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký tạm trú cần gì")
    assert code(dialogue.say("nhầm, ý em là đăng ký thường trú chứ không phải tạm trú")) == RESIDENCE


def test_goes_back_to_an_earlier_topic(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký khai sinh")
    dialogue.say("đăng ký khai tử")
    assert code(dialogue.say("quay lại khai sinh lúc nãy, phí bao nhiêu")) == BIRTH
    assert code(dialogue.say("cái thứ hai mất mấy ngày")) is not None


def test_asks_back_with_buttons_and_takes_a_number(dialogue: Dialogue) -> None:
    asked = dialogue.say("làm lại giấy khai sinh mất bao lâu")
    assert asked.outcome is Outcome.ASK_BACK
    assert 2 <= len(asked.reply.choices) <= 6
    second = asked.reply.choices[1]
    answered = dialogue.say("2")
    assert answered.outcome is Outcome.ANSWER
    assert code(answered) == second.code
    assert answered.aspects == (Aspect.TIME,), "the aspect asked for before is remembered"


def test_a_tap_and_an_ordinal_choose_too(dialogue: Dialogue) -> None:
    asked = dialogue.say("làm lại giấy khai sinh")
    assert asked.outcome is Outcome.ASK_BACK
    wanted = asked.reply.choices[1]
    assert code(dialogue.say("cái thứ hai")) == wanted.code
    assert code(dialogue.tap(asked.reply.choices[0].id)) == asked.reply.choices[0].code


def test_never_asks_back_twice_in_a_row(dialogue: Dialogue) -> None:
    assert dialogue.say("làm lại giấy khai sinh").outcome is Outcome.ASK_BACK
    assert dialogue.say("làm lại giấy khai sinh").outcome is not Outcome.ASK_BACK


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("xin chào", Outcome.SMALL_TALK),
        ("cam on ban nhieu", Outcome.SMALL_TALK),
        ("bạn là ai vậy", Outcome.SMALL_TALK),
        ("   ", Outcome.SMALL_TALK),
        ("đặt lịch hẹn làm căn cước", Outcome.BOOKING),
        ("tôi muốn phản ánh đường làng ngập rác", Outcome.REPORT),
        ("ủy ban xã làm việc mấy giờ", Outcome.OUT_OF_SCOPE),
        ("tỷ giá đồng yên hôm nay thế nào", Outcome.OUT_OF_SCOPE),
    ],
)
def test_knows_what_is_no_question_on_a_procedure(dialogue: Dialogue, text: str, outcome: Outcome) -> None:
    assert dialogue.say(text).outcome is outcome


def test_unknown_says_so_and_hands_the_question_on(dialogue: Dialogue) -> None:
    text = dialogue.say("tỷ giá đồng yên hôm nay thế nào").reply.text
    assert "chưa có trong dữ liệu" in text
    assert "cán bộ" in text


def test_the_hotline_is_named_only_when_configured(library: object) -> None:
    message = Message(text="tỷ giá đồng yên hôm nay thế nào", at=START)
    assert "1900" not in Engine(lambda: library).respond(State(), message).reply.text  # type: ignore[arg-type,return-value]
    assert "1900 0000" in Engine(lambda: library, "1900 0000").respond(State(), message).reply.text  # type: ignore[arg-type,return-value]


def test_what_has_nothing_to_do_with_the_topic_is_not_answered_about_it(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký khai sinh cần giấy tờ gì")
    turn = dialogue.say("hôm nay trời nắng đẹp quá")
    assert turn.outcome is Outcome.OUT_OF_SCOPE


def test_forgets_after_a_while(dialogue: Dialogue) -> None:
    dialogue.say("đăng ký kết hôn")
    turn = dialogue.say("lệ phí bao nhiêu", after=FORGET_AFTER + timedelta(minutes=1))
    assert code(turn) != MARRIAGE


@pytest.mark.parametrize("choice", ["p:9.999999", "x:1.001193", "a:1.001193:nonsense", "a:1.001193", "p:", "?"])
def test_an_odd_or_old_button_gets_a_kind_answer(dialogue: Dialogue, choice: str) -> None:
    turn = dialogue.tap(choice)
    assert turn.outcome is Outcome.OUT_OF_SCOPE
    assert turn.reply.text


def test_a_plan_question_quotes_figure_document_and_section(dialogue: Dialogue) -> None:
    turn = dialogue.say("chỉ tiêu độ phủ 5G của tỉnh Quảng Trị đến cuối năm 2026 là bao nhiêu phần trăm dân cư")
    assert turn.outcome is Outcome.ANSWER
    assert "80%" in turn.reply.text
    assert turn.reply.citations[0].section is not None


SAID = tokens("làm lại giấy khai sinh kết hôn tạm trú cho con cái thứ hai đó không phải mà nếu phí bao nhiêu đâu")
messages = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.lists(st.sampled_from(SAID), max_size=10).map(" ".join),
    st.integers(-1, 9).map(str),
)


@settings(max_examples=120)
@given(texts=st.lists(messages, min_size=1, max_size=5))
def test_never_raises_whatever_is_typed(engine: Engine, texts: list[str]) -> None:
    state = State()
    for place, text in enumerate(texts):
        turn = engine.respond(state, Message(text=text, at=START + timedelta(minutes=place)))
        assert turn.reply.text
        assert turn.outcome is not Outcome.BLOCKED
        state = State.model_validate_json(turn.state.model_dump_json())


@settings(max_examples=60)
@given(texts=st.lists(messages, min_size=2, max_size=5))
def test_never_asks_back_twice_in_a_row_whatever_is_typed(engine: Engine, texts: list[str]) -> None:
    """A message that names no matter at all is asked for one again."""
    dialogue = Dialogue(engine)
    outcomes = [(dialogue.say(text).outcome, bool(dialogue.state.pending_text)) for text in texts]
    asked = [outcome is Outcome.ASK_BACK and about for outcome, about in outcomes]
    assert not any(first and second for first, second in pairwise(asked))


@pytest.mark.parametrize(
    ("said", "dialect"),
    [
        ("làm giấy khai sinh cho con ở đâu", "mần giấy khai sanh cho con ở mô"),
        ("đăng ký kết hôn cần giấy tờ gì", "đăng ký kết hôn cần giấy tờ chi"),
        ("cha tôi qua đời, đăng ký khai tử", "bọ tui qua đời, đăng ký khai tử"),
        ("đăng ký khai tử cho mẹ", "đăng ký khai tử cho mạ"),
        ("mất căn cước làm lại ở đâu", "rớt căn cước mần lại ở mô"),
        ("đăng ký tạm trú thì làm sao", "đăng ký tạm trú thì mần răng"),
        ("nhập hộ khẩu cho vợ phí bao nhiêu", "nhập hộ khẩu cho vợ phí nhiêu"),
        ("đăng ký thường trú nộp chỗ nào", "đăng ký thường trú nộp chỗ mô"),
        ("khai tử cho ông nội", "khai tử cho ôn nội"),
        ("khai sinh cho cháu, bà ngoại đi làm được không", "khai sinh cho cháu, mệ ngoại đi mần được không"),
    ],
)
def test_the_dialect_of_the_province_asks_the_same(start: Start, said: str, dialect: str) -> None:
    plain, spoken = start().say(said), start().say(dialect)
    assert (spoken.outcome, code(spoken)) == (plain.outcome, code(plain))
    assert spoken.aspects == plain.aspects


@pytest.mark.parametrize(
    "changed",
    [
        str.upper,
        fold,
        lambda text: f"dạ cho em hỏi với ạ, {text} ạ",
        lambda text: f"  {text.replace(' ', '   ')}??!!  ",
        lambda text: f"{text}… 🙏🙏",
        lambda text: text.replace("đăng ký", "đk"),
    ],
    ids=["capitals", "no diacritics", "politeness", "spaces and marks", "emoji", "chat spelling"],
)
@pytest.mark.parametrize("text", ["đăng ký kết hôn cần giấy tờ gì", "đăng ký khai tử ở đâu", "làm lại giấy khai sinh"])
def test_how_it_is_typed_changes_nothing(start: Start, text: str, changed: Callable[[str], str]) -> None:
    plain, other = start().say(text), start().say(changed(text))
    assert (other.outcome, code(other), other.aspects) == (plain.outcome, code(plain), plain.aspects)


def test_is_a_pure_function(engine: Engine) -> None:
    message = Message(text="lam can cuoc cho con", at=START)
    assert engine.respond(State(), message) == engine.respond(State(), message)


def test_a_huge_text_is_answered_in_time(engine: Engine) -> None:
    turn = engine.respond(State(), Message(text="giấy khai sinh " * 300, at=START))
    assert turn.reply.text
