"""Published answers in the engine: given where the index knows less, never in place of a procedure that fits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.engine import Engine
from bot.published import Published, Shelf, in_place_of, shelf_of
from bot.types import Block, Citation, Message, Outcome, Reply, State, Turn
from index.library import Library

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
MARKET = Published(
    id=7,
    code="HD-AB2CD3",
    question="Chợ phiên Ba Lòng họp vào ngày nào trong tháng?",
    text="Chợ họp ngày mùng 5 và 15 hằng tháng, vé gửi xe 3.000 đồng. Hỏi Ủy ban nhân dân xã Ba Lòng.",
    agency="Ủy ban nhân dân xã Ba Lòng",
    given=date(2026, 11, 20),
    citations=(Citation(title="Thông báo 12/TB-UBND", url="https://balong.gov.vn/12", date=date(2026, 11, 2)),),
    url="/tra-loi/HD-AB2CD3",
    expires_at=AT + timedelta(days=30),
    wordings=("bua mo thi co cho phien o ba long",),
)


@pytest.fixture(scope="module")
def shelf(library: Library) -> Shelf:
    return shelf_of(library, [MARKET])


def ask(library: Library, shelf: Shelf, text: str, at: datetime = AT, state: State | None = None) -> Turn:
    return Engine(lambda: library, published=lambda: shelf).respond(state or State(), Message(text=text, at=at))


@pytest.mark.parametrize(
    "text",
    [
        "Chợ phiên Ba Lòng họp ngày nào?",
        "cho phien ba long hop ngay nao trong thang vay",
        "bữa mô thì có chợ phiên ở Ba Lòng",
    ],
)
def test_it_is_given_in_other_words_with_its_source_and_date(library: Library, shelf: Shelf, text: str) -> None:
    turn = ask(library, shelf, text)
    assert turn.outcome is Outcome.ANSWER
    assert turn.reply.blocks[1].text == MARKET.text
    assert turn.sources == (MARKET.ref,)
    assert [(item.date, item.url) for item in turn.reply.citations] == [
        (MARKET.given, "/tra-loi/HD-AB2CD3"),
        (date(2026, 11, 2), "https://balong.gov.vn/12"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Chợ phiên Ba Lòng thu vé gửi xe bao nhiêu tiền?",
        "Chợ Đông Hà họp ngày nào?",
        "Làm giấy khai sinh cho con cần giấy tờ gì?",
        "Thuê xe lạnh ở Ba Lòng",
        "xin chào",
        "",
    ],
)
def test_near_is_not_the_same(library: Library, shelf: Shelf, text: str) -> None:
    assert MARKET.ref not in ask(library, shelf, text).sources


def test_after_its_time_it_is_not_given(library: Library, shelf: Shelf) -> None:
    late = AT + timedelta(days=31)
    assert ask(library, shelf, MARKET.question, at=late).outcome is Outcome.OUT_OF_SCOPE


def test_what_was_dropped_from_the_shelf_is_not_given(library: Library, shelf: Shelf) -> None:
    left = shelf.without(frozenset({MARKET.ref.id}))
    assert ask(library, left, MARKET.question).outcome is Outcome.OUT_OF_SCOPE
    assert shelf.without(frozenset({"answer:99"})) is shelf


def test_a_procedure_that_fits_is_not_pushed_aside(library: Library) -> None:
    other = Published(
        id=8, code="HD-ZZ9ZZ9", question="Làm giấy khai sinh ở đâu?", text="Ở xã.", agency="Xã", given=date(2026, 11, 2)
    )
    turn = ask(library, shelf_of(library, [other]), "lam giay khai sinh cho con can giay to gi")
    assert turn.procedures[0].code == "1.001193"
    assert other.ref not in turn.sources


def test_the_conversation_goes_on_where_it_was(library: Library, shelf: Shelf) -> None:
    first = ask(library, shelf, "Làm giấy khai sinh cho con cần giấy tờ gì?")
    second = ask(library, shelf, MARKET.question, state=first.state)
    third = ask(library, shelf, "còn lệ phí khai sinh thì sao", state=second.state)
    assert second.sources == (MARKET.ref,)
    assert second.state.offered == ()
    assert third.procedures[0].code == "1.001193"


def test_the_guard_holds_it_against_its_record(library: Library, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(answer: Published) -> Reply:
        return Reply(blocks=(Block(kind="text", text="Vé gửi xe 5.000 đồng."),), citations=answer.sources)

    assert ask(library, shelf, MARKET.question).unsupported == ()
    monkeypatch.setattr("bot.published.reply", wrong)
    turn = ask(library, shelf, MARKET.question)
    assert turn.outcome is Outcome.BLOCKED
    assert [item.text for item in turn.unsupported] == ["5.000 đồng"]


@pytest.mark.parametrize("text", ["họp ngày nào", "ngay nao vay", "phí bao nhiêu", "nộp ở đâu"])
def test_what_names_no_matter_goes_on_with_the_old_one(library: Library, shelf: Shelf, text: str) -> None:
    first = ask(library, shelf, "Làm giấy khai sinh cho con cần giấy tờ gì?")
    assert MARKET.ref not in ask(library, shelf, text, state=first.state).sources


def test_a_turn_of_another_kind_is_left_alone(library: Library, shelf: Shelf) -> None:
    query, message = library.analyse(MARKET.question), Message(text=MARKET.question, at=AT)
    turn = Turn(state=State(), reply=Reply(blocks=()), outcome=Outcome.BOOKING, knowledge_version="v")
    assert in_place_of(turn, shelf, query, State(), message) is turn


def test_only_new_wordings_are_read_again(library: Library, shelf: Shelf) -> None:
    assert shelf.index is not None
    again = shelf_of(library, [MARKET], shelf)
    assert again.index is not None
    assert all(
        one is other for one, other in zip(again.index.wordings.values(), shelf.index.wordings.values(), strict=True)
    )
