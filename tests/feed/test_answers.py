"""Answering: drafts, four eyes, publishing without personal data, withdrawing, and who is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import answers, cases
from feed.answers import Source
from feed.errors import BadDeadline, BadSource, FeedError, FourEyes, Missing, PersonalData, Stale, WrongStatus
from feed.publishing import findings
from store.feed_tables import answer_receipts, case_notes
from store.feed_tables import answers as rows
from store.tables import audit, outbox
from tests.feed.review_support import LATER, NOW, SOURCE, Desk, draft


@pytest.fixture
def desk(engine: AsyncEngine) -> Desk:
    """A desk without cases."""
    return Desk(engine)


async def answered(desk: Desk, case_id: int, **changes: Any) -> int:
    """The case, answered by two officers; how many were told."""
    version = (await desk.row(case_id)).version
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, version, draft(**changes))
    async with desk.by("binh") as change:
        return await answers.approve(change, case_id, version + 1)


async def test_a_draft_is_kept_with_whatever_it_lacks(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        first = await answers.save_draft(change, case_id, 0, draft(question="", text="Bà con", agency="", sources=()))
    async with desk.by("binh") as change:
        again = await answers.save_draft(change, case_id, 1, draft(text="Bà con báo xã."))
    (row,) = await desk.rows(rows)
    assert (first, row.text, row.status) == (again, "Bà con báo xã.", "draft")
    assert row.author_id == desk.officers["binh"].account_id
    assert row.sources == [
        {"title": SOURCE.title, "section": None, "url": "https://dichvucong.gov.vn/1", "date": "2026-07-18"}
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": " \n"}, Missing),
        ({"question": ""}, Missing),
        ({"agency": ""}, Missing),
        ({"expires_at": None}, Missing),
        ({"expires_at": NOW}, BadDeadline),
        ({"sources": (Source("Báo", SOURCE.date, url="javascript:alert(1)"),)}, BadSource),
        ({"sources": (SOURCE,) * 11}, BadSource),
        ({"text": "Bà con gọi chị Nguyễn Thị Hoa, số 0912345678."}, PersonalData),
    ],
)
async def test_what_lacks_something_is_not_handed_in(
    desk: Desk, changes: dict[str, Any], refusal: type[FeedError]
) -> None:
    case_id = await desk.case()
    with pytest.raises(refusal):
        async with desk.by() as change:
            await answers.submit(change, case_id, 0, draft(**changes))
    assert await desk.rows(rows) == []
    assert (await desk.row(case_id)).status == "new"


async def test_the_author_does_not_approve(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft())
    with pytest.raises(FourEyes):
        async with desk.by("lan") as change:
            await answers.approve(change, case_id, 1, reason="vội")
    async with desk.by("binh") as change:
        assert await answers.approve(change, case_id, 1) == 1
    row, (answer,) = await desk.row(case_id), await desk.rows(rows)
    assert (row.status, row.answered_at, answer.published_at) == ("answered", NOW, NOW)
    assert (answer.author_id, answer.approver_id) == tuple(desk.officers[name].account_id for name in ("lan", "binh"))


async def test_an_admin_alone_says_why_and_that_is_audited(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("quan", "admin") as change:
        await answers.submit(change, case_id, 0, draft())
    with pytest.raises(Missing):
        async with desk.by("quan", "admin") as change:
            await answers.approve(change, case_id, 1)
    async with desk.by("quan", "admin") as change:
        await answers.approve(change, case_id, 1, reason="bão, chỉ còn một người trực")
    (entry,) = [row for row in await desk.rows(audit) if row.action == "answer_approved"]
    assert entry.detail["alone"] == "bão, chỉ còn một người trực"


async def test_an_approved_answer_goes_once_to_every_asker(desk: Desk) -> None:
    case_id = await desk.case("Trạm bơm hư", "chat-2", "chat-3", "chat-3")
    assert await answered(desk, case_id) == 3
    letters = await desk.rows(outbox)
    assert len({row.conversation_id for row in letters}) == len(letters) == 3
    assert "trong ngày sẽ có người đến xem" in str(letters[0].payload)


async def test_a_rejected_answer_goes_back_with_a_note(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft())
    async with desk.by("binh") as change:
        await answers.reject(change, case_id, 1, "thiếu số điện thoại của xã")
    row, (answer,), (note,) = await desk.row(case_id), await desk.rows(rows), await desk.rows(case_notes)
    assert (row.status, row.assignee_id) == ("assigned", desk.officers["lan"].account_id)
    assert (answer.status, note.text) == ("draft", "thiếu số điện thoại của xã")
    assert await desk.rows(outbox) == []


async def test_personal_data_is_confirmed_or_not_published(desk: Desk) -> None:
    text = "Bà con gọi trực ban xã số 0233 3852 147."
    (found,) = findings(text)
    assert findings(text, known=["02333852147"]) == findings(text, known=["+842333852147"]) == []
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft(text=text), confirmed=[found.text])
    with pytest.raises(PersonalData) as refused:
        async with desk.by("binh") as change:
            await answers.approve(change, case_id, 1)
    assert refused.value.findings == ((found.kind, found.text),)
    async with desk.by("binh") as change:
        await answers.approve(change, case_id, 1, confirmed=[found.text])


async def test_what_is_not_published_may_name_its_asker(desk: Desk) -> None:
    case_id = await desk.case()
    await answered(desk, case_id, text="Chào anh Nguyễn Văn Hùng, xã đã nhận.", public=False, expires_at=None)
    version = (await desk.row(case_id)).version
    with pytest.raises(PersonalData):
        async with desk.by("binh") as change:
            await answers.publish(change, case_id, version, "Trạm bơm hỏng báo ai?", LATER)


async def test_published_by_a_second_person_under_a_wording_and_taken_off_again(desk: Desk) -> None:
    case_id = await desk.case()
    await answered(desk, case_id, public=False, expires_at=None)
    version = (await desk.row(case_id)).version
    refusals: list[tuple[str, type[FeedError], object]] = [
        ("lan", FourEyes, LATER), ("binh", Missing, None), ("binh", BadDeadline, NOW)
    ]  # fmt: skip
    for name, refusal, expires in refusals:
        with pytest.raises(refusal):
            async with desk.by(name) as change:
                await answers.publish(change, case_id, version, "Báo ai?", expires)  # type: ignore[arg-type]
    async with desk.by("binh") as change:
        await answers.publish(change, case_id, version, "Trạm bơm hỏng báo ai?", LATER)
    (answer,) = await desk.rows(rows)
    assert (answer.public, answer.question, answer.expires_at) == (True, "Trạm bơm hỏng báo ai?", LATER)
    async with desk.by("lan") as change:
        await answers.unpublish(change, case_id, version + 1, "quy định sắp đổi")
    (answer,) = await desk.rows(rows)
    assert (answer.public, answer.status) == (False, "approved")


async def test_withdrawn_opens_the_case_and_tells_who_had_it(desk: Desk) -> None:
    case_id = await desk.case("Trạm bơm hư", "chat-2")
    await answered(desk, case_id)
    version = (await desk.row(case_id)).version
    desk.now = NOW + timedelta(hours=1)
    async with desk.by("binh") as change:
        await answers.withdraw(change, case_id, version, "sai số điện thoại", LATER)
    row, (answer,) = await desk.row(case_id), await desk.rows(rows)
    assert (row.status, row.answered_at, row.due_at) == ("assigned", None, LATER)
    assert (answer.status, answer.public, answer.withdrawn_reason) == ("withdrawn", False, "sai số điện thoại")
    assert all(receipt.told_withdrawn_at == desk.now for receipt in await desk.rows(answer_receipts))
    with pytest.raises(FeedError):
        async with desk.by("binh") as change:
            await answers.withdraw(change, case_id, version + 1, "lần nữa", LATER)


async def test_a_new_answer_takes_the_place_of_the_old_one(desk: Desk) -> None:
    case_id = await desk.case()
    await answered(desk, case_id)
    async with desk.by("binh") as change:
        await cases.reopen(change, case_id, 2, LATER, "đổi quy định")
    await answered(desk, case_id, text="Nay bà con báo thôn trưởng.")
    old, new = await desk.rows(rows)
    assert (old.status, old.public, new.status, new.public) == ("approved", False, "approved", True)
    assert len(await desk.rows(outbox)) == 2


async def test_a_waiting_answer_cannot_be_overwritten_and_stale_forms_change_nothing(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft())
    with pytest.raises(WrongStatus):
        async with desk.by("binh") as change:
            await answers.save_draft(change, case_id, 1, draft(text="khác"))
    for step in (answers.save_draft, answers.submit):
        with pytest.raises(Stale):
            async with desk.by("binh") as change:
                await step(change, case_id, 0, draft(text="khác"))
    assert [row.text for row in await desk.rows(rows)] == [draft().text]


async def test_of_two_who_approve_at_once_one_comes_too_late_and_nobody_is_told_twice(desk: Desk) -> None:
    case_id = await desk.case()
    async with desk.by("lan") as change:
        await answers.submit(change, case_id, 0, draft())
    for name in ("binh", "hoa"):
        await desk.officer(name)

    async def approve(name: str) -> int:
        async with desk.by(name) as change:
            return await answers.approve(change, case_id, 1)

    ended = await asyncio.gather(approve("binh"), approve("hoa"), return_exceptions=True)
    assert sorted(type(end) for end in ended if isinstance(end, BaseException)) == [Stale]
    assert len(await desk.rows(outbox)) == 1
    assert (await desk.row(case_id)).version == 2
