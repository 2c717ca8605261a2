"""What officers see of a case: how it was asked, who asks, what was said before, what was done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import answers, case_view, cases
from feed.case_view import Case
from feed.cases import Labels
from feed.errors import NotFound
from feed.labels.types import Kind, Sentiment
from store import outbox
from store.engine import read, write
from store.tables import questions
from tests.feed.review_support import NOW, Desk, draft


@pytest.fixture
def desk(engine: AsyncEngine) -> Desk:
    """A desk without cases."""
    return Desk(engine)


async def found(desk: Desk, code: str = "HD-000001") -> Case:
    async with read(desk.engine) as connection:
        return await case_view.find(connection, code)


async def test_each_wording_once_the_first_one_first_with_the_labels_that_count(desk: Desk) -> None:
    case_id = await desk.case("Trạm bơm hư báo ai", "chat-2", "chat-3")
    async with write(desk.engine) as connection:
        other = questions.update().where(questions.c.id == 3)
        await connection.execute(other.values(text="may bom hu bao ai", commune_id="xa_a"))
    async with desk.by() as change:
        await cases.correct_labels(change, case_id, 0, Labels(Kind.COMPLAINT, Sentiment.NEGATIVE))
    case = await found(desk)
    async with read(desk.engine) as connection:
        first, second = await case_view.wordings_of(connection, case)
        figures = await case_view.figures_of(connection, case_id)
    assert (first.text, first.kind, first.sentiment, first.corrected) == (
        "Trạm bơm hư báo ai", "complaint", "negative", True
    )  # fmt: skip
    assert (second.text, second.kind, second.corrected) == ("may bom hu bao ai", "question", False)
    assert (figures.questions, figures.conversations, figures.channels) == (3, 3, (("telegram", 3),))
    assert dict(figures.communes) == {None: 2, "xa_a": 1}
    assert figures.moods == (("neutral", 2), ("negative", 1))


async def test_what_was_said_before_with_the_replies(desk: Desk) -> None:
    await desk.ask("chào", "chat-2")
    question = await desk.ask("máy bơm hư", "chat-2")
    await desk.ask("cảm ơn", "chat-2")
    await desk.ask("của người khác", "chat-9")
    await desk.case("x", lead_question_id=question)
    async with write(desk.engine) as connection:
        payload = {"blocks": [{"kind": "text", "text": "Xin chào"}, {"kind": "list", "text": "", "items": ["một"]}]}
        await outbox.add(connection, outbox.Draft(1, "telegram", payload, 1), NOW)
    case = await found(desk, "HD-000005")
    async with read(desk.engine) as connection:
        before, lead = await case_view.excerpt_of(connection, case)
        assert await case_view.excerpt_of(connection, replace(case, lead_question_id=None)) == []
    assert (before.text, before.reply, lead.text, lead.reply) == ("chào", ("Xin chào", "– một"), "máy bơm hư", ())


async def test_answers_notes_and_history_newest_first(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft())
        await cases.add_note(change, case_id, "đã hỏi xã")
    async with desk.by("binh") as change:
        await answers.reject(change, case_id, 1, "thiếu nguồn")
    async with read(desk.engine) as connection:
        (answer,) = await case_view.answers_of(connection, case_id)
        notes = await case_view.notes_of(connection, case_id)
        events = await case_view.history_of(connection, case_id)
    assert (answer.status, answer.sources[0]["date"]) == ("draft", "2026-07-18")
    assert [note.text for note in notes] == ["thiếu nguồn", "đã hỏi xã"]
    assert [event.action for event in events] == [
        "answer_rejected", "case_note_added", "case_note_added", "answer_submitted"
    ]  # fmt: skip


async def test_a_case_without_words_when_its_citizen_deleted_them(desk: Desk) -> None:
    await desk.case()
    async with write(desk.engine) as connection:
        await connection.execute(delete(questions))
    case = await found(desk)
    async with read(desk.engine) as connection:
        assert await case_view.wordings_of(connection, case) == []
        assert await case_view.excerpt_of(connection, case) == []
        assert (await case_view.figures_of(connection, case.id)).questions == 0
    assert case.lead_question_id is None


async def test_no_such_code(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await found(desk, "HD-KHONGCO" * 9)
