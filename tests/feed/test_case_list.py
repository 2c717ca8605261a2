"""The list of cases: every filter, the order, pages that neither skip nor repeat, counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from feed.case_list import Clocks, Counts, Filters, Place, Whose, counts, newest, page, read_place
from feed.case_states import Status
from feed.deadlines import Standing
from store.engine import read
from tests.feed.review_support import NOW, Desk

CLOCKS = Clocks(NOW, NOW + timedelta(days=1))


@pytest.fixture
def desk(engine: AsyncEngine) -> Desk:
    """A desk without cases."""
    return Desk(engine)


async def texts(desk: Desk, filters: Filters, limit: int = 50) -> list[str | None]:
    """What the list shows, page by page."""
    shown: list[str | None] = []
    async with read(desk.engine) as connection:
        found, after = await page(connection, filters, CLOCKS, limit)
        shown += [one.text for one in found]
        while after is not None:
            found, after = await page(connection, filters, CLOCKS, limit, after)
            shown += [one.text for one in found]
    return shown


async def some(desk: Desk) -> None:
    """Seven cases of all sorts."""
    lan = (await desk.officer("lan")).account_id
    rows: list[tuple[str, dict[str, Any]]] = [
        ("thong thả", {"due_at": NOW + timedelta(days=9)}),
        ("sắp đến hạn", {"due_at": NOW + timedelta(hours=3), "kind": "complaint", "sentiment": "negative"}),
        ("quá hạn", {"due_at": NOW - timedelta(hours=1), "status": "assigned", "assignee_id": lan}),
        ("khẩn", {"due_at": NOW + timedelta(days=5), "urgent": True, "flags": ["danger"], "commune_id": "xa_a_dơi"}),
        ("khẩn hơn", {"due_at": NOW + timedelta(days=2), "urgent": True, "channel": "web"}),
        ("Đất đai 100% xong", {"status": "answered", "due_at": NOW - timedelta(days=1), "field": "Đất đai"}),
        ("đóng", {"status": "closed", "origin": "report", "procedure_code": "1.001193"}),
    ]
    for text, values in rows:
        await desk.case(text, **values)
        desk.now += timedelta(minutes=1)


async def test_urgent_first_then_what_is_due_first(desk: Desk) -> None:
    await some(desk)
    expected = ["khẩn hơn", "khẩn", "quá hạn", "sắp đến hạn", "thong thả"]
    for limit in (1, 2, 5, 50):
        assert await texts(desk, Filters(), limit) == expected


async def test_finished_cases_newest_first(desk: Desk) -> None:
    await some(desk)
    for limit in (1, 2):
        assert await texts(desk, Filters((Status.ANSWERED, Status.CLOSED)), limit) == ["đóng", "Đất đai 100% xong"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "complaint"}, {"sắp đến hạn"}),
        ({"sentiment": "negative"}, {"sắp đến hạn"}),
        ({"urgent": True}, {"khẩn", "khẩn hơn"}),
        ({"channel": "web"}, {"khẩn hơn"}),
        ({"commune_id": "xa_a_dơi"}, {"khẩn"}),
        ({"deadline": Standing.OVERDUE}, {"quá hạn"}),
        ({"deadline": Standing.SOON}, {"sắp đến hạn"}),
        ({"topic": "Đất đai"}, {"Đất đai 100% xong"}),
        ({"topic": "1.001193"}, {"đóng"}),
        ({"origin": "report"}, {"đóng"}),
        ({"assignee": Whose.NOBODY, "urgent": True}, {"khẩn", "khẩn hơn"}),
        ({"assignee": 1}, {"quá hạn"}),
        ({"text": "khẩn"}, {"khẩn", "khẩn hơn"}),
        ({"text": " hd-000003 "}, {"quá hạn"}),
        ({"text": "100%"}, {"Đất đai 100% xong"}),
        ({"text": "1_0"}, set()),
    ],
)
async def test_every_filter(desk: Desk, changes: dict[str, Any], expected: set[str]) -> None:
    await some(desk)
    assert set(await texts(desk, Filters(tuple(Status), **changes))) == expected


async def test_what_is_counted_is_open(desk: Desk) -> None:
    await some(desk)
    async with read(desk.engine) as connection:
        assert await counts(connection, CLOCKS) == Counts(open=5, new=4, urgent=2, overdue=1, soon=1)
        assert await counts(connection, CLOCKS, "xa_a_dơi") == Counts(open=1, new=1, urgent=1)
        assert await counts(connection, CLOCKS, "xa_khác") == Counts()
        assert (await newest(connection), await newest(connection, "xa_a_dơi"), await newest(connection, "x")) == (
            7, 4, 0
        )  # fmt: skip


async def test_a_case_whose_citizen_deleted_everything_is_still_there(desk: Desk) -> None:
    case_id = await desk.case(lead_question_id=None)
    async with read(desk.engine) as connection:
        (one,), _ = await page(connection, Filters(), CLOCKS, 10)
    assert (one.id, one.text) == (case_id, None)


@given(st.text(max_size=40))
def test_whatever_stands_in_the_address_is_a_place_or_none(text: str) -> None:
    place = read_place(text)
    assert place is None or read_place(str(place)) == place


times = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.booleans(), times, st.integers(1, 10**15))
def test_a_place_comes_back_from_the_address(urgent: bool, at: datetime, row_id: int) -> None:
    assert read_place(str(Place(urgent, at, row_id))) == Place(urgent, at, row_id)
