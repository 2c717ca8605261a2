"""From a question that nobody could answer to a published answer, and back: on both databases, over two replicas."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.pipeline import Answered
from bot.types import Outcome, RecordKind
from feed import arrivals
from feed.answers import approve, publish, submit, unpublish, withdraw
from feed.opening import Asked
from index.library import Library
from store.feed_tables import answer_receipts, answers, cases, clusters
from store.tables import outbox, questions
from tests.api.answering_support import Service
from tests.feed.review_support import LATER, Desk, draft
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    engine,
    postgres,
    sqlite_template,
)

QUESTION = "Chợ phiên Ba Lòng họp vào ngày nào trong tháng?"
PARAPHRASE = "cho phien ba long hop ngay nao trong thang vay"
ANOTHER = "Ở Ba Lòng thuê xe lạnh chở cá tươi đi bán ở mô?"
TEXT = "Chợ phiên Ba Lòng họp ngày mùng 5, 15 và 25 hằng tháng."


@pytest.fixture
def service(engine: AsyncEngine, library: Library) -> Service:  # noqa: F811
    return Service(engine, library, Desk(engine))


async def answered(service: Service, *, public: bool = True) -> int:
    """The only case is answered by one officer and approved by another; returns how many were told."""
    case = (await service.rows(cases))[0]
    wording = draft(question=QUESTION, text=TEXT, public=public, sources=())
    async with service.desk.by("lan") as change:
        await submit(change, case.id, case.version, wording)
    async with service.desk.by("minh") as change:
        return await approve(change, case.id, case.version + 1)


async def withdrawn(service: Service) -> int:
    case = (await service.rows(cases))[0]
    async with service.desk.by("minh") as change:
        return await withdraw(change, case.id, case.version, "Lịch chợ đã đổi.", LATER)


def gives(answer: Answered) -> bool:
    """Whether the answer of the officials was given."""
    return any(ref.kind is RecordKind.FAQ for ref in answer.turn.sources)


async def told(service: Service, chat: int) -> list[str]:
    """What was sent to a conversation without its asking."""
    rows = await service.rows(outbox)
    mine = [row for row in rows if row.inbox_id is None and row.conversation_id == chat]
    return ["\n".join(block["text"] for block in row.payload["blocks"]) for row in mine]


async def test_an_unknown_question_becomes_an_answer_for_all(service: Service) -> None:
    first = await service.ask(QUESTION)
    assert first.turn.outcome is Outcome.OUT_OF_SCOPE
    assert await service.work() == 1
    (case,) = await service.rows(cases)
    assert (case.status, case.origin, case.askers, case.code[:3]) == ("new", "question", 1, "HD-")
    (question,) = await service.rows(questions)
    assert (question.case_id, question.cluster_id) == (case.id, case.cluster_id)

    assert await answered(service) == 1
    (words,) = await told(service, question.conversation_id)
    assert TEXT in words
    assert case.code in words

    other = service.replica(1)
    await other.published.refresh()
    second = await service.ask(PARAPHRASE, "c2", on=1)
    assert gives(second)
    assert second.turn.outcome is Outcome.ANSWER
    assert TEXT in second.turn.reply.text
    assert case.code in second.turn.reply.citations[0].title
    assert len(await service.rows(answer_receipts)) == 2

    await service.deliver()
    assert await withdrawn(service) == 2
    assert "rút lại" in (await told(service, question.conversation_id))[-1]
    third = await service.ask(PARAPHRASE, "c3", on=1)  # this replica has not looked since
    assert third.turn.outcome is Outcome.OUT_OF_SCOPE
    assert TEXT not in third.turn.reply.text
    assert len(await service.rows(answer_receipts)) == 2
    await service.work(1)
    assert (await service.rows(cases))[0].askers == 2  # who asked in vain waits with the first

    case = (await service.rows(cases))[0]
    async with service.desk.by("lan") as change:
        await submit(change, case.id, case.version, draft(question=QUESTION, text="Mùng 6 và 16 hằng tháng."))
    async with service.desk.by("minh") as change:
        assert await approve(change, case.id, case.version + 1) == 3


async def test_expired_is_not_given_even_before_the_shelf_is_read_again(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    await service.replica(0).published.refresh()
    service.desk.now = LATER + timedelta(minutes=1)
    assert not gives(await service.ask(PARAPHRASE, "c2"))


async def test_the_guard_of_the_row_is_what_stops_a_stale_shelf(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    desk = service.replica(0).published
    await desk.refresh()
    await withdrawn(service)

    async def trusting(*_: object) -> bool:
        return True

    with monkeypatch.context() as patched:
        patched.setattr(desk, "still_true", trusting)
        assert gives(await service.ask(PARAPHRASE, "c2"))  # so it would be without it
    assert not gives(await service.ask(PARAPHRASE, "c3"))


async def test_what_is_taken_off_the_page_is_not_given_but_its_receivers_hear_nothing(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    desk = service.replica(0).published
    await desk.refresh()
    case = (await service.rows(cases))[0]
    async with service.desk.by("minh") as change:
        await unpublish(change, case.id, case.version, "Chờ lịch mới.")
    assert not gives(await service.ask(PARAPHRASE, "c2"))
    assert len(await told(service, 1)) == 1


async def test_publishing_later_reaches_the_bot(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service, public=False)
    desk = service.replica(0).published
    await desk.refresh()
    assert not gives(await service.ask(PARAPHRASE, "c2"))
    case = (await service.rows(cases))[0]
    async with service.desk.by("minh") as change:
        await publish(change, case.id, case.version, QUESTION, LATER)
    assert await desk.refresh()
    assert not await desk.refresh()
    assert gives(await service.ask(PARAPHRASE, "c3"))


async def test_an_asker_whom_the_bot_did_not_understand_gets_the_answer_from_the_worker(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    await service.ask(PARAPHRASE, "c2")  # nobody has refreshed the shelf: unanswered
    await service.work()
    (case,) = await service.rows(cases)
    assert (case.status, case.askers) == ("answered", 2)
    assert len(await told(service, 2)) == 1
    assert [row.conversation_id for row in await service.rows(answer_receipts)] == [1, 2]


async def test_who_got_the_answer_and_asks_on_gets_a_new_case(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    await service.ask(QUESTION)
    await service.work()
    assert [case.status for case in await service.rows(cases)] == ["answered", "new"]


async def test_an_answer_that_waits_to_be_sent_is_stopped_when_withdrawn(service: Service) -> None:
    await service.ask(QUESTION)
    await service.work()
    await answered(service)
    assert await withdrawn(service) == 0
    assert await told(service, 1) == []


async def test_questions_are_grouped_once_whoever_works(service: Service) -> None:
    for number, text in enumerate((QUESTION, PARAPHRASE, ANOTHER)):
        await service.ask(text, f"c{number}")
    assert await service.work(0) == 3
    assert await service.work(1) == 0
    assert sorted(row.size for row in await service.rows(clusters)) == [1, 2]
    assert sorted(row.askers for row in await service.rows(cases)) == [1, 2]


async def test_a_vote_against_an_answer_brings_it_to_officials(service: Service) -> None:
    asked = await service.ask("Làm giấy khai sinh cho con cần giấy tờ gì?")
    assert asked.turn.outcome is Outcome.ANSWER
    await service.work()
    assert await service.rows(cases) == []
    await service.ask("", choice=f"v:down:{asked.inbox_id}")
    await service.work()
    (case,) = await service.rows(cases)
    assert case.procedure_code == asked.turn.procedures[0].code
    assert case.agency
    await service.work()
    assert len(await service.rows(cases)) == 1


async def test_an_urgent_word_makes_the_case_urgent(service: Service) -> None:
    await service.ask("Cán bộ địa chính đòi tôi 5 triệu tiền bồi dưỡng mới chịu ký giấy đất")
    await service.work()
    (case,) = await service.rows(cases)
    assert case.urgent
    assert case.due_at < service.desk.now + timedelta(days=3)


async def test_what_was_looked_at_once_is_not_read_again_and_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    whole = arrivals.unplaced

    async def noted(*args: Any, above: int = 0) -> list[Asked]:
        looked.append(above)
        return await whole(*args, above=above)

    async def many(_connection: object) -> int:
        return 1_000_000

    monkeypatch.setattr(arrivals, "unplaced", noted)
    monkeypatch.setattr(arrivals, "newest", many)
    await service.work()
    await service.work()
    service.desk.now += timedelta(minutes=11)
    await service.work()
    assert looked[0] == looked[2] == 0
    assert 0 < looked[1] < 1_000_000


async def test_nothing_but_questions_is_grouped(service: Service) -> None:
    await service.ask("xin chào")
    await service.ask("/dulieucuatoi")
    await service.ask("", choice="p:1.001193")
    assert await service.work() == 0
    assert await service.rows(answers) == []
