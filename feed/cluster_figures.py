"""What a group of near-same questions tells: how many ask, how that grows, where, in what mood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.feed_tables import clusters
from store.tables import questions

WEEK = timedelta(days=7)
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class ClusterFigures:
    """A group as officials see it."""

    id: int
    name: str | None
    """Its typical question, redacted; None where that was deleted and no other was found yet."""
    count: int
    """Questions that stand in the log; what its citizens deleted is not counted."""
    askers: int
    """Conversations."""
    last_week: int
    week_before: int
    first_at: datetime
    last_at: datetime
    places: tuple[tuple[str, int], ...] = ()
    """Ids of the communes named most, with how often."""
    moods: Mapping[str, int] = field(default_factory=dict)
    """Questions by sentiment, as far as that is known."""

    @property
    def growth(self) -> int:
        """How many more in the last seven days than in the seven before."""
        return self.last_week - self.week_before


async def figures(connection: AsyncConnection, cluster_ids: Sequence[int], now: datetime) -> dict[int, ClusterFigures]:
    """The figures of these groups, by id."""
    places = await _counted(connection, cluster_ids, questions.c.commune_id)
    moods = await _counted(connection, cluster_ids, questions.c.sentiment)
    found = {}
    for row in await connection.execute(_counts(cluster_ids, now)):
        here = sorted(places.get(row.id, {}).items(), key=lambda item: (-item[1], item[0]))
        found[row.id] = ClusterFigures(**row._mapping, places=tuple(here[:MOST_PLACES]), moods=moods.get(row.id, {}))
    return found


async def growing(connection: AsyncConnection, now: datetime, limit: int) -> list[ClusterFigures]:
    """The groups that grew most in the last seven days, the fastest first."""
    recent = (
        select(questions.c.cluster_id)
        .where(questions.c.cluster_id.is_not(None), questions.c.asked_at >= now - 2 * WEEK)
        .group_by(questions.c.cluster_id)
        .order_by(_in_week(now - WEEK, now).desc(), questions.c.cluster_id.desc())
        .limit(4 * limit)
    )
    ids = list((await connection.execute(recent)).scalars())
    found = await figures(connection, ids, now)
    return sorted(found.values(), key=lambda item: (-item.growth, -item.last_week, item.id))[:limit]


def _counts(cluster_ids: Sequence[int], now: datetime) -> Select[Any]:
    typical = questions.alias("typical")
    name = select(typical.c.text).where(typical.c.id == clusters.c.typical_question_id).scalar_subquery()
    return (
        select(
            clusters.c.id,
            name.label("name"),
            func.count(questions.c.id).label("count"),
            func.count(questions.c.conversation_id.distinct()).label("askers"),
            _in_week(now - WEEK, now).label("last_week"),
            _in_week(now - 2 * WEEK, now - WEEK).label("week_before"),
            clusters.c.first_at,
            clusters.c.last_at,
        )
        .outerjoin(questions, questions.c.cluster_id == clusters.c.id)
        .where(clusters.c.id.in_(cluster_ids))
        .group_by(clusters.c.id, clusters.c.typical_question_id, clusters.c.first_at, clusters.c.last_at)
    )


def _in_week(since: datetime, until: datetime) -> Any:
    """How many questions were asked after `since`, up to `until`."""
    then = (questions.c.asked_at > since) & (questions.c.asked_at <= until)
    return func.coalesce(func.sum(case((then, 1), else_=0)), 0)


async def _counted(connection: AsyncConnection, cluster_ids: Sequence[int], column: Any) -> dict[int, dict[str, int]]:
    statement = (
        select(questions.c.cluster_id, column.label("value"), func.count().label("times"))
        .where(questions.c.cluster_id.in_(cluster_ids), column.is_not(None))
        .group_by(questions.c.cluster_id, column)
    )
    found: dict[int, dict[str, int]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.cluster_id, {})[row.value] = row.times
    return found
