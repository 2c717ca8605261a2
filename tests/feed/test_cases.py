"""Steps on a case: each changes what it says, refuses what it must, and lets nobody overwrite another's work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import cases
from feed.cases import Bulk, Chosen, Labels
from feed.errors import BadDeadline, FeedError, Missing, NotFound, Stale, TooLong, UnknownOfficer, WrongStatus
from feed.labels.types import Flag, Kind, Sentiment
from store.feed_tables import case_notes, label_corrections
from store.tables import questions
from tests.feed.review_support import LATER, NOW, Desk


@pytest.fixture
def desk(engine: AsyncEngine) -> Desk:
    """A desk without cases."""
    return Desk(engine)


async def test_a_case_is_given_to_agency_and_officer(desk: Desk) -> None:
    case_id, binh = await desk.case(), await desk.officer("binh")
    async with desk.by("lan") as change:
        await cases.assign(change, case_id, 0, "  Sở Xây dựng ", None)
        await cases.assign(change, case_id, 1, "", binh.account_id)
    row = await desk.row(case_id)
    assert (row.status, row.agency, row.assignee_id, row.version) == ("assigned", "Sở Xây dựng", binh.account_id, 2)


async def test_a_stale_form_changes_nothing(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await cases.assign(change, case_id, 0, "Sở Y tế", None)
    with pytest.raises(Stale, match="Người khác vừa thay đổi"):
        async with desk.by("binh") as change:
            await cases.close(change, case_id, 0, "trùng")
    row = await desk.row(case_id)
    assert (row.status, row.agency, row.version) == ("assigned", "Sở Y tế", 1)
    assert await desk.audited(case_id) == ["case_assigned"]


async def test_a_deadline_moves_for_a_reason_and_never_into_the_past(desk: Desk) -> None:
    case_id = await desk.case()
    refusals: list[tuple[type[FeedError], object, str]] = [
        (BadDeadline, NOW - timedelta(minutes=1), "chờ Sở"),
        (Missing, LATER, "  "),
        (TooLong, LATER, "x" * 501),
    ]
    for refusal, due, reason in refusals:
        with pytest.raises(refusal):
            async with desk.by() as change:
                await cases.set_deadline(change, case_id, 0, due, reason)  # type: ignore[arg-type]
    async with desk.by() as change:
        await cases.set_deadline(change, case_id, 0, LATER, "chờ Sở trả lời")
    assert (await desk.row(case_id)).due_at == LATER


async def test_a_note_makes_no_form_stale(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by() as change:
        await cases.add_note(change, case_id, "Đã gọi\x00 cho xã.\r\nChờ.")
        await cases.close(change, case_id, 0, "trùng HD-000002")
    assert [row.text for row in await desk.rows(case_notes)] == ["Đã gọi cho xã.\nChờ."]


async def test_what_was_closed_is_opened_again_with_a_new_deadline(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by() as change:
        await cases.close(change, case_id, 0, "không thuộc thẩm quyền")
    row = await desk.row(case_id)
    assert (row.status, row.closed_at) == ("closed", NOW)
    with pytest.raises(WrongStatus, match="Đã đóng"):
        async with desk.by() as change:
            await cases.close(change, case_id, 1, "lần nữa")
    async with desk.by() as change:
        await cases.reopen(change, case_id, 1, LATER, "bà con hỏi lại")
    row = await desk.row(case_id)
    assert (row.status, row.closed_at, row.due_at) == ("assigned", None, LATER)


async def test_many_at_once_leave_alone_what_somebody_else_has_changed(desk: Desk) -> None:
    first, second, third = [await desk.case(text) for text in ("một", "hai", "ba")]
    async with desk.by("binh") as change:
        await cases.close(change, second, 0, "trùng")
    chosen = [Chosen(first, 0), Chosen(second, 0), Chosen(third, 0), Chosen(999, 0)]
    lan = await desk.officer("lan")
    async with desk.by("lan") as change:
        assert await cases.assign_all(change, chosen, "Sở Nội vụ", lan.account_id) == Bulk(2, 2)
    assert [(await desk.row(one)).status for one in (first, second, third)] == ["assigned", "closed", "assigned"]
    async with desk.by("lan") as change:
        assert await cases.close_all(change, [Chosen(first, 1), Chosen(third, 0)], "đã giải thích") == Bulk(1, 1)
    assert await desk.audited(first) == ["case_assigned", "case_closed"]


async def test_nobody_gets_work_who_has_no_account(desk: Desk) -> None:
    case_id = await desk.case()
    for step in (
        lambda change: cases.assign(change, case_id, 0, "Sở Y tế", 999),
        lambda change: cases.assign_all(change, [Chosen(case_id, 0)], "", 999),
    ):
        with pytest.raises(UnknownOfficer):
            async with desk.by() as change:
                await step(change)
    assert (await desk.row(case_id)).agency is None


async def test_what_an_officer_says_a_case_is_stands_beside_the_machines_word(desk: Desk) -> None:
    case_id = await desk.case()
    labels = Labels(Kind.COMPLAINT, Sentiment.NEGATIVE, frozenset({Flag.DANGER}), "xa_vinh_thuy")
    async with desk.by() as change:
        await cases.correct_labels(change, case_id, 0, labels)
    row, (question,), (said,) = await desk.row(case_id), await desk.rows(questions), await desk.rows(label_corrections)
    assert (row.kind, row.sentiment, row.flags, row.urgent) == ("complaint", "negative", ["danger"], True)
    assert row.commune_id == "xa_vinh_thuy"
    assert (question.kind, question.sentiment) == ("question", "neutral")
    assert (said.question_id, said.kind, said.flags) == (question.id, "complaint", ["danger"])


async def test_no_such_case(desk: Desk) -> None:
    for step in (
        lambda change: cases.close(change, 999, 0, "trùng"),
        lambda change: cases.add_note(change, 999, "ghi chú"),
    ):
        with pytest.raises(NotFound):
            async with desk.by() as change:
                await step(change)
