"""Whatever is said and whatever the booking room answers, the dialogue ends its turn and the guard has no objection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.booking_desk import MOST_ROUNDS
from booking.types import ZONE, Appointment, DayOffer, DayStatus, Hold, Share, Slot, State, Waiting
from bot.appointments.memory import Booking, Step
from bot.appointments.requests import (
    Booked,
    Cancel,
    Cancelled,
    Confirm,
    Done,
    FindTimes,
    Held,
    HoldSeat,
    ListMine,
    Mine,
    Move,
    Reason,
    Refused,
    Request,
    Result,
    Times,
    WaitFor,
    Waits,
)
from bot.engine import Engine
from bot.types import Message, Outcome, RecordRef, Reply, Turn
from bot.types import State as Memory
from tests.bot.guard.mutations import mutations

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PHRASES = (
    "đặt lịch", "đặt lịch chứng thực ở Đông Hà thứ tư 8h", "hẹn giờ làm căn cước", "chiều mốt", "8h", "thôi khỏi", "ừ",
    "không", "xem lịch", "đổi lịch", "hủy lịch", "đăng ký chờ", "giờ khác", "ở Cam Lộ", "hải phú", "cần giấy tờ gì",
    "đăng ký kết hôn", "cho mẹ", "1", "2", "sớm nhất", "chủ nhật", "31/2", "sau Tết", "nhận chỗ", "thôi không chờ nữa",
    "[họ tên] [số điện thoại]", "xin chào", "cảm ơn", "đến năm 2027 bao nhiêu phần trăm", "tổ công nghệ số cộng đồng",
)  # fmt: skip


class Room:
    """A booking room of no substance: answers by dice, refusals included."""

    def __init__(self, seed: int, refuses: float = 0.3) -> None:
        self.random = Random(seed)
        self.refuses = refuses

    def __call__(self, request: Request) -> Result:
        if self.random.random() < self.refuses:
            return Refused(self.random.choice(list(Reason)), "Việc này chưa được.")
        match request:
            case FindTimes():
                return self._times(request)
            case HoldSeat(wish):
                at, soon = wish.starts_at, NOW + timedelta(minutes=10)
                return Held(Hold("", wish.office_id, wish.group_id, at, at + timedelta(minutes=30), soon), 30)
            case Confirm():
                return Booked(visit(), True, "/lich-hen-cua-toi/K7-3MHP")
            case Move(reference, starts_at):
                return Booked(visit(reference, starts_at), False)
            case ListMine():
                return Mine(tuple(visit(f"K{n}-3MHP") for n in range(self.random.randint(0, 2))), ())
            case Cancel(reference):
                return Cancelled(visit(reference))
            case WaitFor(wish):
                return Waits(Waiting(wish, 3, NOW))
            case _:
                return Done()

    def _times(self, request: FindTimes) -> Times:
        days = [request.first + timedelta(days=n) for n in range((request.last - request.first).days + 1)]
        offers = tuple(DayOffer(day, self.random.choice(list(DayStatus)), 1, "lý do") for day in days)
        slots = [
            Slot(at, at + timedelta(minutes=30), 1)
            for day in days[:30]
            for hour in (8, 9, 14)
            if self.random.random() < 0.4
            for at in [datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZONE)]
        ]
        return Times(request.office_id, offers, tuple(slots), 30, 120, True)


def visit(reference: str = "K7-3MHP", at: datetime = datetime(2026, 11, 26, 8, 30, tzinfo=ZONE)) -> Appointment:
    return Appointment(
        reference, "u", 0, "xa_hai_lang", "ho_tich", "1.001193", State.CONFIRMED, Share.ONLINE, at,
        at + timedelta(minutes=30), None, None, False, "web", 1, NOW,
    )  # fmt: skip


def take(engine: Engine, state: Memory, message: Message, room: Room) -> Turn:
    """One turn with all its requests."""
    turn = engine.respond(state, message)
    for _ in range(MOST_ROUNDS):
        if turn.request is None:
            return turn
        turn = engine.resume(turn, message, room(turn.request))
    raise AssertionError(f"round in circles: {turn.request}")


messages = st.lists(
    st.one_of(st.sampled_from(PHRASES), st.integers(0, 12).map(lambda n: f"#{n}"), st.text(max_size=40)), max_size=9
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=messages, seed=st.integers(0, 10**6), given_=st.sets(st.sampled_from(["name", "phone"])))
def test_no_conversation_breaks_the_dialogue(engine: Engine, said: list[str], seed: int, given_: set[str]) -> None:
    state, room = Memory(), Room(seed)
    for number, text in enumerate(said):
        choice = None
        if text.startswith("#") and text[1:].isdigit() and len(state.offered) > int(text[1:]):
            choice = state.offered[int(text[1:])].id
        message = Message(
            text="" if choice else text, choice=choice, at=NOW + timedelta(minutes=number), given=frozenset(given_),
            told=frozenset(given_) if "[họ tên]" in text else frozenset(),
        )  # fmt: skip
        turn = take(engine, state, message, room)
        assert turn.outcome is not Outcome.BLOCKED, (turn.unsupported, said, seed)
        state = Memory.model_validate_json(turn.state.model_dump_json())
        assert state == turn.state


@settings(max_examples=150)
@given(st.text(alphabet=st.characters(codec="ascii"), max_size=56))
def test_no_forged_choice_breaks_it(engine: Engine, text: str) -> None:
    choice = f"k:{text}".replace(" ", "_")
    turn = take(engine, Memory(), Message(choice=choice, at=NOW), Room(1))
    assert turn.outcome in (Outcome.BOOKING, Outcome.OUT_OF_SCOPE)


@pytest.mark.parametrize("step", list(Step))
def test_noise_at_every_step_is_answered(engine: Engine, step: Step) -> None:
    booking = Booking(step=step, group="chung_thuc", office="phuong_dong_ha", reference="K7-3MHP")
    for text in ("ừm à", "🙂", "blah blah", "999999", "không biết nữa"):
        turn = take(engine, Memory(booking=booking, last_at=NOW), Message(text=text, at=NOW), Room(3, refuses=0))
        assert turn.reply.blocks


def test_an_unfinished_turn_says_that_it_looks(engine: Engine) -> None:
    turn = engine.respond(Memory(), Message(text="đặt lịch chứng thực ở Đông Hà thứ tư 8h", at=NOW))
    assert isinstance(turn.request, FindTimes)
    assert "chờ một chút" in turn.reply.text


def test_what_is_changed_in_a_reply_is_found(engine: Engine) -> None:
    """The guard knows an appointment's time, day, code and place, and lets none of them be another."""
    turn = take(engine, Memory(), Message(text="hủy lịch", at=NOW), _Only(visit()))
    assert "K7-3MHP" in turn.reply.text
    changed = [mutant for kind, mutant, _ in mutations(turn.reply, Random(7)) if kind in ("digit", "office")]
    for old, new in (("K7-3MHP", "K7-3MHQ"), ("8 giờ", "9 giờ"), ("26/11", "27/11"), ("Hải Lăng", "Cam Lộ")):
        changed.append(_with(turn.reply, old, new))
    assert len(changed) > 5
    missed = [reply.text for reply in changed if not _objections(engine, reply, turn)]
    assert missed == []


def test_a_time_of_another_appointment_is_found(engine: Engine) -> None:
    """A line may not give one appointment's time with another's code."""
    other = visit("M2-44AA", datetime(2026, 12, 1, 14, tzinfo=ZONE))
    turn = take(engine, Memory(), Message(text="xem lịch", at=NOW), _Only(visit(), other))
    assert _objections(engine, turn.reply, turn) == ()
    assert _objections(engine, _with(turn.reply, "K7-3MHP", "M2-44AA"), turn)


class _Only(Room):
    """A room that holds just these appointments."""

    def __init__(self, *views: Appointment) -> None:
        super().__init__(0, refuses=0)
        self.views = views

    def __call__(self, request: Request) -> Result:
        return Mine(self.views, ()) if isinstance(request, ListMine) else super().__call__(request)


def _with(reply: Reply, old: str, new: str) -> Reply:
    return Reply.model_validate_json(reply.model_dump_json().replace(old, new))


def _objections(engine: Engine, reply: Reply, turn: Turn) -> tuple[object, ...]:
    sources: tuple[RecordRef, ...] = turn.sources
    return engine._guard.check(reply, sources, engine._library().knowledge, turn.grounds)
