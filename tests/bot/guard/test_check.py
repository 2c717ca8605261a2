"""The guard lets through what the records state and withholds a reply that states anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from bot import replies
from bot.answers import answer
from bot.catalog import say
from bot.engine import Engine
from bot.guard import Guard
from bot.types import Block, Choice, Message, Outcome, RecordKind, RecordRef, Reply, State
from index.aspects import Aspect
from index.library import Library
from knowledge.database import KnowledgeBase, Meta
from knowledge.models import (
    Case,
    Channel,
    ChannelKind,
    Document,
    Elsewhere,
    Fee,
    FeeStatus,
    Group,
    LegalBasis,
    Procedure,
    Source,
    TimeLimit,
    Unit,
    Variant,
)
from tests.bot.guard.support import Liar, ref, saying

CODE, OTHER = "1.001193", "1.000656"
PROCEDURE = Procedure(
    code=CODE,
    name="Thủ tục đăng ký khai sinh",
    title="Đăng ký khai sinh",
    field="Hộ tịch",
    agency="Ủy ban nhân dân cấp xã",
    steps=("Nộp trong 60 ngày kể từ ngày sinh, gọi 1900 1234 nếu cần.",),
    dossier=(
        Document(name="Tờ khai", originals=1),
        Document(name="Tờ khai bổ sung", originals=3, copies=2),
        *(Document(name=f"Giấy {letter}") for letter in "abcdefgh"),
    ),
    cases=(Case(id="late", when="Quá hạn 60 ngày", then="Vẫn đăng ký được."),),
    time_limits=(TimeLimit(value=1), TimeLimit(value=7, unit=Unit.UNKNOWN)),
    fees=(Fee(status=FeeStatus.FIXED, amount=20000, per="lần"),),
    channels=(Channel(kind=ChannelKind.IN_PERSON),),
    legal_basis=(LegalBasis(number="60/2014/QH13", name="Luật Hộ tịch"),),
    aliases=("khai sinh 99 ngày",),
    source=Source(url="https://dichvucong.gov.vn/1", date=date(2026, 7, 18), decision="163/QĐ-BTP"),
)
FREE = Procedure(
    code=OTHER,
    name="Khai tử",
    field="Hộ tịch",
    fees=(Fee(status=FeeStatus.FREE),),
    source=Source(date=date(2026, 7, 1)),
)
GROUP = Group(
    id="khai",
    asks=("khai",),
    question="Khai sinh hay khai tử?",
    variants=(Variant(code=CODE, label="Khai sinh trong 60 ngày"), Variant(code=OTHER, label="Khai tử")),
)
ABOUT = ref(RecordKind.PROCEDURE, CODE)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    """Two procedures, their group, and one thing handled elsewhere."""
    return KnowledgeBase(
        meta=Meta("1", datetime(2026, 7, 18, tzinfo=UTC), MappingProxyType({})),
        bodies={item.code: item.model_dump_json(by_alias=True) for item in (PROCEDURE, FREE)},
        titles={item.code: item.display_name for item in (PROCEDURE, FREE)},
        withdrawn={},
        groups={GROUP.id: GROUP},
        plans={},
        offices={},
        faqs={},
        elsewhere={"ly-hon": Elsewhere(id="ly-hon", asks=("ly hôn",), answer="Do Tòa án nhân dân giải quyết.")},
    )


def found(knowledge: KnowledgeBase, reply: Reply, sources: Sequence[RecordRef] = ABOUT) -> list[str]:
    return [item.text for item in Guard("1900 5678").check(reply, sources, knowledge)]


@pytest.mark.parametrize(
    "text",
    [
        "Trong 60 ngày kể từ ngày sinh.",
        "Thời hạn là 1 ngày làm việc.",
        "Thời hạn 7 (không rõ ngày hay giờ).",
        "Nộp 20.000đ, tức hai mươi nghìn.",
        "Lệ phí 20 nghìn đồng.",
        "Tờ khai (1 bản chính)",
        "Tờ khai bổ sung: 3 bản chính, 02 bản sao",
        "Theo Luật 60/2014/QH13 và Quyết định 163/QĐ-BTP.",
        "Dữ liệu ngày 18/7/2026, thủ tục 1.001193.",
        "UBND cấp xã tiếp nhận.",
        "Xem https://dichvucong.gov.vn/1.",
        "Cần gấp thì gọi 1900 5678.",
        say("fee_provincial"),
        say("example_3"),
        say("fee_unknown"),
    ],
)
def test_what_the_record_states_passes(knowledge: KnowledgeBase, text: str) -> None:
    assert found(knowledge, saying(text)) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Trong 30 ngày kể từ ngày sinh.", "30 ngày"),
        ("Thời hạn là 1 ngày.", "1 ngày"),
        ("Thời hạn 7 ngày làm việc.", "7 ngày làm việc"),
        ("Quá 60 ngày thì phạt.", "60 ngày"),
        ("Nộp 25.000 đồng.", "25.000 đồng"),
        ("Không thu phí.", "không thu phí"),
        (say("fee_free"), "không thu phí"),
        ("Tờ khai (2 bản chính)", "2 bản chính"),
        ("Tờ khai bổ sung (1 bản chính)", "1 bản chính"),
        ("Giấy a (1 bản chính)", "1 bản chính"),
        ("Theo Luật 61/2014/QH13.", "61/2014/qh13"),
        ("Dữ liệu ngày 19/07/2026.", "19/07/2026"),
        ("Thủ tục 1.000656.", "1.000656"),
        ("Nộp ở Công an cấp xã.", "Công an cấp xã"),
        ("Ủy ban nhân dân cấp tỉnh sẽ xem.", "Ủy ban nhân dân cấp tỉnh"),
        ("Xem https://dichvucong.gov.vn/2.", "https://dichvucong.gov.vn/2"),
        ("Gọi 1900 5679.", "1900 5679"),
        ("khai sinh 99 ngày", "99 ngày"),
        ("Đến năm 2027 là xong.", "2027"),
    ],
)
def test_what_it_does_not_state_is_found(knowledge: KnowledgeBase, text: str, wrong: str) -> None:
    assert found(knowledge, saying(text)) == [wrong]


def test_a_line_may_not_mix_two_records(knowledge: KnowledgeBase) -> None:
    both = (*ABOUT, *ref(RecordKind.PROCEDURE, OTHER))
    assert found(knowledge, saying("Lệ phí 20.000 đồng.", "Không thu phí."), both) == []
    assert found(knowledge, saying("Lệ phí 20.000 đồng, thủ tục 1.000656."), both) == ["1.000656"]


def test_how_many_are_left_out_is_counted_again(knowledge: KnowledgeBase) -> None:
    reply = answer(PROCEDURE, (Aspect.DOCUMENTS,))
    assert "3 giấy tờ khác" in reply.text
    assert found(knowledge, reply) == []
    blocks = tuple(b.model_copy(update={"text": b.text.replace("3 giấy", "4 giấy")}) for b in reply.blocks)
    assert found(knowledge, reply.model_copy(update={"blocks": blocks})) == ["4 giấy tờ khác"]
    fewer = tuple(b.model_copy(update={"items": b.items[1:]}) for b in reply.blocks)
    assert found(knowledge, reply.model_copy(update={"blocks": fewer})) == ["3 giấy tờ khác"]


def test_choices_are_checked_too(knowledge: KnowledgeBase) -> None:
    sources = ref(RecordKind.GROUP, GROUP.id)
    assert found(knowledge, replies.ask_group(GROUP), sources) == []
    wrong = Choice(id="p:1.000001", label="Khai sinh trong 90 ngày", code="1.000001")
    reply = replies.ask_group(GROUP).model_copy(update={"choices": (wrong,)})
    assert found(knowledge, reply, sources) == ["90 ngày", "1.000001"]


def test_a_cut_label_is_the_beginning_of_a_name(knowledge: KnowledgeBase) -> None:
    cut = Choice(id=f"p:{CODE}", label="Đăng ký khai…", code=CODE)
    reply = Reply(blocks=(), choices=(cut,))
    assert found(knowledge, reply) == []
    assert found(knowledge, Reply(blocks=(Block(kind="text", text="Sau 3 năm…"),))) == ["3 năm"]


def test_a_code_that_is_gone_may_be_named_only_while_it_is(knowledge: KnowledgeBase) -> None:
    gone = "1.999999"
    assert found(knowledge, replies.old_choice(gone), ref(RecordKind.GONE, gone)) == []
    assert found(knowledge, replies.old_choice(CODE), ref(RecordKind.GONE, CODE)) == [CODE]


def test_without_sources_only_fixed_wording_passes(knowledge: KnowledgeBase) -> None:
    for reply in (replies.unknown("1900 5678"), replies.empty()):
        assert found(knowledge, reply, ()) == []
    assert found(knowledge, saying("Lệ phí 20.000 đồng."), ()) == ["20.000 đồng"]
    assert found(knowledge, saying("Lệ phí 20.000 đồng."), ref(RecordKind.PROCEDURE, "1.999999")) == ["20.000 đồng"]


def test_another_build_is_read_anew(knowledge: KnowledgeBase) -> None:
    guard = Guard()
    reply = saying("Lệ phí 20.000 đồng.")
    assert guard.check(reply, ABOUT, knowledge) == ()
    dearer = PROCEDURE.model_copy(update={"fees": (Fee(status=FeeStatus.FIXED, amount=30000),)})
    newer = KnowledgeBase(
        meta=knowledge.meta, bodies={CODE: dearer.model_dump_json(by_alias=True)}, titles={}, withdrawn={}, groups={},
        plans={}, offices={}, faqs={}, elsewhere={},
    )  # fmt: skip
    assert guard.check(reply, ABOUT, newer) != ()


def test_the_engine_withholds_what_a_composer_makes_up(library: Library) -> None:
    message = Message(text="đăng ký khai sinh cho con", at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    honest = Engine(lambda: library).respond(State(), message)
    turn = Engine(lambda: library, "1900 5678", Liar()).respond(State(), message)
    assert honest.outcome is Outcome.ANSWER
    assert turn.outcome is turn.state.last_outcome is Outcome.BLOCKED
    assert [item.text for item in turn.unsupported] == ["99 ngày"]
    assert turn.reply == replies.blocked("1900 5678")
    assert turn.procedures == honest.procedures
    assert turn.state.topics == honest.state.topics
    assert turn.state.offered == ()
