"""Groups of near-same questions: two workers at once, a crash in the middle, names, figures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import arrivals, typical
from feed.cluster_figures import figures, growing
from feed.clusters import Ear, Groups, Heard, Told
from feed.opening import Terms
from store import erasure
from store.engine import read, write
from store.feed_tables import cases, clusters
from store.tables import inbox, questions
from tests.feed.review_support import NOW, Desk

MATTERS = ("nước máy cúp", "chợ phiên họp", "xe buýt chạy", "đèn đường hỏng")


@dataclass(frozen=True, slots=True)
class Voice:
    """What a question says: which of the matters it names."""

    vector: NDArray[np.float32]
    words: str
    asks: frozenset[str] = frozenset()


def hear(text: str) -> Voice:
    vector = np.array([0.01, *(float(matter in text) for matter in MATTERS)], dtype=np.float32)
    return Voice(vector / np.linalg.norm(vector), text)


def likeness(cosine: float, _one: Told, _other: Told) -> float:
    return cosine


EAR = Ear("toy", hear, hear, likeness)
TERMS = Terms(lambda _code, commune: commune, lambda _code: None, lambda day: day.weekday() < 5)


@pytest.fixture
def desk(engine: AsyncEngine) -> Desk:
    return Desk(engine)


async def work(desk: Desk, groups: Groups | None = None, limit: int = 100) -> arrivals.Worked:
    """One batch of a worker; a new one where no groups are given."""
    async with read(desk.engine) as connection:
        found = await arrivals.unplaced(connection, desk.now, limit)
    batch = [(asked, Heard(asked.id, asked.text, asked.asked_at, hear(asked.text))) for asked in found]
    async with write(desk.engine) as connection:
        return await arrivals.place(connection, Groups(EAR) if groups is None else groups, batch, TERMS, desk.now)


async def sizes(desk: Desk) -> list[int]:
    return sorted(row.size for row in await desk.rows(clusters))


async def ask_all(desk: Desk, texts: Sequence[str]) -> list[int]:
    return [await desk.ask(text, f"c{number}") for number, text in enumerate(texts)]


async def test_questions_join_the_group_that_they_are_like(desk: Desk) -> None:
    await ask_all(desk, [f"{matter} hả {number}" for number in range(3) for matter in MATTERS])
    worked = await work(desk)
    assert (worked.questions, len(worked.grown)) == (12, 4)
    assert await sizes(desk) == [3, 3, 3, 3]
    assert {row.askers for row in await desk.rows(cases)} == {3}


async def test_a_question_is_counted_once_however_many_work_at_it(desk: Desk) -> None:
    await ask_all(desk, [f"{matter} {number}" for number in range(8) for matter in MATTERS])
    await asyncio.gather(*(work(desk) for _ in range(4)))
    assert await sizes(desk) == [8, 8, 8, 8]
    assert sorted(row.askers for row in await desk.rows(cases)) == [8, 8, 8, 8]
    assert all(row.cluster_id and row.case_id for row in await desk.rows(questions))


async def test_two_workers_that_started_before_any_group_begin_none_twice(desk: Desk) -> None:
    one, other = Groups(EAR), Groups(EAR)
    for number in range(4):
        await ask_all(desk, [f"{matter} lần {number}" for matter in MATTERS])
        await work(desk, (one, other)[number % 2])
    assert await sizes(desk) == [4, 4, 4, 4]
    rows = await desk.rows(clusters)
    for row in rows:
        assert np.linalg.norm(np.frombuffer(row.centre, dtype="<f4")) == pytest.approx(1.0, abs=1e-3)


async def test_without_the_lock_two_workers_would_begin_a_group_twice(
    desk: Desk, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend == "sqlite":
        return  # there the whole database is the lock
    both = asyncio.Barrier(2)

    async def unlocked(*_: object) -> None:
        return None

    async def follow_together(self: Groups, connection: object) -> None:
        await both.wait()

    monkeypatch.setattr(arrivals, "lock_name", unlocked)
    monkeypatch.setattr(Groups, "follow", follow_together)
    first, second = await ask_all(desk, [MATTERS[0], MATTERS[0]])
    batches = [[(first, MATTERS[0])], [(second, MATTERS[0])]]

    async def place(batch: list[tuple[int, str]]) -> None:
        async with read(desk.engine) as connection:
            found = {asked.id: asked for asked in await arrivals.unplaced(connection, desk.now, 9)}
        heard = [(found[ident], Heard(ident, text, NOW, hear(text))) for ident, text in batch]
        async with write(desk.engine) as connection:
            await arrivals.place(connection, Groups(EAR), heard, TERMS, desk.now)

    await asyncio.gather(*map(place, batches))
    assert await sizes(desk) == [1, 1]


async def test_what_a_crash_interrupted_is_done_by_the_next(desk: Desk) -> None:
    await ask_all(desk, MATTERS)
    async with read(desk.engine) as connection:
        found = await arrivals.unplaced(connection, desk.now, 9)
    batch = [(asked, Heard(asked.id, asked.text, asked.asked_at, hear(asked.text))) for asked in found]

    async def killed() -> None:
        async with write(desk.engine) as connection:
            await arrivals.place(connection, Groups(EAR), batch, TERMS, desk.now)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await killed()
    assert await desk.rows(clusters) == []
    await work(desk)
    assert await sizes(desk) == [1, 1, 1, 1]


async def test_groups_of_another_embedder_are_left_alone(desk: Desk) -> None:
    await desk.ask(MATTERS[0])
    await work(desk)
    await desk.ask(MATTERS[0], "c2")
    await work(desk, Groups(Ear("another", hear, hear, likeness)))
    assert [row.embedder for row in await desk.rows(clusters)] == ["toy", "another"]


async def test_a_group_is_named_by_what_is_closest_to_its_centre(desk: Desk) -> None:
    more = ("", " cả chợ phiên họp", " rồi", " hoài", " nước máy cúp" * 20)
    texts = [MATTERS[0] + words for words in more]
    await ask_all(desk, texts)
    groups = Groups(Ear("toy", hear, hear, lambda cosine, *_: cosine + 0.1))
    worked = await work(desk, groups)
    (cluster_id,) = worked.grown
    assert typical.due(0, 5)
    async with read(desk.engine) as connection:
        named = await typical.candidates(connection, cluster_id)
    assert len(named) == 4
    place = typical.closest([hear(text) for _, text in named], groups.centre(cluster_id))
    assert "chợ" not in named[place][1]


async def test_a_group_whose_name_was_deleted_is_found(desk: Desk) -> None:
    first = await desk.ask(MATTERS[0], "c1")
    await desk.ask(MATTERS[0] + " nữa", "c2")
    await work(desk)
    async with write(desk.engine) as connection:
        mine = (await connection.execute(select(questions).where(questions.c.id == first))).one()
        last = max((await connection.execute(select(inbox.c.id))).scalars())
        await erasure.erase(connection, mine.conversation_id, last + 1, NOW)
    (row,) = await desk.rows(clusters)
    assert row.typical_question_id is None
    async with read(desk.engine) as connection:
        assert await typical.nameless(connection, 9) == [row.id]
        assert (await figures(connection, [row.id], NOW))[row.id].count == 1


async def test_figures_tell_growth_places_and_mood(desk: Desk) -> None:
    for days, mood in ((10, "neutral"), (3, "negative"), (2, "negative"), (1, "neutral")):
        desk.now = NOW - timedelta(days=days)
        await desk.ask(MATTERS[0], f"c{days % 2}", sentiment=mood, commune_id=f"x{days % 2}")
        await desk.ask(MATTERS[1], commune_id=None)
    desk.now = NOW
    await work(desk)
    async with read(desk.engine) as connection:
        first, second = await growing(connection, NOW, 2)
    assert (first.name, first.count, first.askers, first.last_week, first.week_before) == (MATTERS[0], 4, 2, 3, 1)
    assert first.growth == 2
    assert first.places == (("x0", 2), ("x1", 2))
    assert first.moods == {"neutral": 2, "negative": 2}
    assert second.places == ()


async def test_what_is_no_question_gets_no_group(desk: Desk) -> None:
    for outcome in ("small_talk", "booking", "rights", "vote"):
        await desk.ask(MATTERS[0], outcome=outcome)
    await desk.ask("/start")
    await desk.ask(MATTERS[0], choice="p:1.001193")
    assert (await work(desk)).questions == 0


async def test_urgent_words_are_taken_up_wherever_they_stand(desk: Desk) -> None:
    await desk.ask("nước máy cúp, tôi không muốn sống nữa", outcome="small_talk", flags=["self_harm"])
    assert (await work(desk)).cases == 1
    (case,) = await desk.rows(cases)
    assert case.urgent
    assert case.flags == ["self_harm"]


async def test_a_report_that_was_never_sent_is_taken_up_as_it_stands(desk: Desk) -> None:
    await desk.ask(MATTERS[0], outcome="report", kind="complaint")
    assert (await work(desk)).questions == 0
    desk.now = NOW + arrivals.REPORT_ABANDONED + timedelta(minutes=1)
    assert (await work(desk)).cases == 1
