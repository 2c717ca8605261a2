"""Ratings and the figures made from them: who may rate what, and shares with their uncertainty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feed.satisfaction import FEWEST, By, Rated, explain, rate, reasons, satisfaction, wilson
from store import conversations
from store.booking_tables import appointments
from store.engine import read, write
from store.tables import questions
from tests.feed.test_votes import NOW, ask

DAY = timedelta(days=1)


async def visit(connection: AsyncConnection, conversation: int, reference: str, state: str = "done") -> None:
    values = {
        "reference": reference, "nonce": "n", "secret_hash": reference, "office_id": "xa_cam_lo", "group_id": "civil",
        "state": state, "share": "online", "day": NOW.date(), "starts_at": NOW, "ends_at": NOW, "channel": "web",
        "created_at": NOW, "changed_at": NOW, "conversation_id": conversation,
    }  # fmt: skip
    await connection.execute(appointments.insert().values(**values))


async def test_the_last_stars_count_and_take_their_reasons_along(engine: AsyncEngine) -> None:
    message, mine = await ask(engine, "a", 1)
    async with write(engine) as connection:
        rated = Rated(message)
        assert not await explain(connection, mine, rated, reason="slow", comment=None)
        assert await rate(connection, mine, rated, 2, NOW)
        assert await explain(connection, mine, rated, reason="slow", comment=None)
        assert await explain(connection, mine, rated, reason=None, comment="chờ lâu")
        assert await reasons(connection, NOW - DAY, NOW + DAY) == {"slow": 1}
        assert await rate(connection, mine, rated, 5, NOW)
        assert await reasons(connection, NOW - DAY, NOW + DAY) == {}
        (figure,) = await satisfaction(connection, NOW - DAY, NOW + DAY)
    assert (figure.total, figure.satisfied, figure.mean) == (1, 1, 5.0)


async def test_nobody_rates_what_is_not_theirs_or_was_no_answer(engine: AsyncEngine) -> None:
    message, mine = await ask(engine, "a", 1)
    unanswered, _ = await ask(engine, "a", 2, "out_of_scope")
    _, other = await ask(engine, "b", 1)
    async with write(engine) as connection:
        await visit(connection, mine, "K7-3MHP")
        await visit(connection, mine, "K7-3MHQ", "confirmed")
        for person, rated in (
            (other, Rated(message)), (mine, Rated(unanswered)), (mine, Rated(99)), (other, Rated(reference="K7-3MHP")),
            (mine, Rated(reference="K7-3MHQ")), (mine, Rated(reference="")), (mine, Rated()),
        ):  # fmt: skip
            assert not await rate(connection, person, rated, 5, NOW)
        assert await rate(connection, mine, Rated(reference="K7-3MHP"), 4, NOW)


async def test_figures_by_everything_that_they_are_asked_for(engine: AsyncEngine) -> None:
    async with write(engine) as connection:
        mine = (await conversations.open_locked(connection, "web", "a", NOW)).id
        for number, stars in enumerate((5, 4, 1)):
            await visit(connection, mine, f"K7-3MH{number}")
            await rate(connection, mine, Rated(reference=f"K7-3MH{number}"), stars, NOW + number * 7 * DAY)
    message, asker = await ask(engine, "b", 1)
    async with write(engine) as connection:
        await connection.execute(questions.update().values(field="Hộ tịch"))
        await rate(connection, asker, Rated(message), 3, NOW)

    async def keys(by: By) -> dict[str, tuple[int, int]]:
        async with read(engine) as connection:
            found = await satisfaction(connection, NOW - DAY, NOW + 30 * DAY, by)
        return {figure.key: (figure.satisfied, figure.total) for figure in found}

    assert await keys("all") == {"": (2, 4)}
    assert await keys("week") == {"2026-11-16": (1, 2), "2026-11-23": (1, 1), "2026-11-30": (0, 1)}
    assert await keys("office") == {"xa_cam_lo": (2, 3)}
    assert await keys("field") == {"Hộ tịch": (0, 1), "civil": (2, 3)}
    assert await keys("channel") == {"web": (2, 4)}
    assert await keys("subject") == {"answer": (0, 1), "appointment": (2, 3)}


async def test_no_share_is_given_of_too_few(engine: AsyncEngine) -> None:
    async with write(engine) as connection:
        (nothing,) = await satisfaction(connection, NOW, NOW + DAY)
        assert (nothing.total, nothing.share, nothing.interval, nothing.enough) == (0, None, None, False)
        mine = (await conversations.open_locked(connection, "web", "a", NOW)).id
        for number in range(FEWEST):
            (before,) = await satisfaction(connection, NOW, NOW + DAY)
            assert before.share is None
            await visit(connection, mine, f"K7-{number:04d}")
            await rate(connection, mine, Rated(reference=f"K7-{number:04d}"), 5 if number % 2 else 3, NOW)
        (figure,) = await satisfaction(connection, NOW, NOW + DAY)
    assert figure.share == 0.5
    assert figure.interval == pytest.approx((0.3315, 0.6685), abs=1e-3)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_within_bounds(satisfied: int, others: int) -> None:
    total = satisfied + others
    low, high = wilson(satisfied, total)
    assert 0.0 <= low <= high <= 1.0
    if total:
        assert low - 1e-9 <= satisfied / total <= high + 1e-9


def test_known_values_of_the_interval() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998, table I
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
