"""Names a group by its most typical question: the one closest to its centre among those short enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.clusters import Vectors, Voice
from store.feed_tables import clusters
from store.tables import questions

SHORTEST, LONGEST = 12, 140
"""Characters of a name."""
_NEWEST = 30
"""Questions of a group that are looked at."""
_EARLY = frozenset({3, 8, 20, 50})
_EVERY = 100


def due(before: int, after: int) -> bool:
    """Whether a group that grew has to be named anew: often while it is small, then with every hundred questions."""
    return before // _EVERY != after // _EVERY or any(before < size <= after for size in _EARLY)


async def candidates(connection: AsyncConnection, cluster_id: int) -> list[tuple[int, str]]:
    """The group's newest questions that can be its name, each text once: id and text."""
    length = func.length(questions.c.text)
    statement = (
        select(func.max(questions.c.id).label("id"), questions.c.text)
        .where(questions.c.cluster_id == cluster_id, length.between(SHORTEST, LONGEST))
        .group_by(questions.c.text)
        .order_by(func.max(questions.c.id).desc())
        .limit(_NEWEST)
    )
    return [(row.id, row.text) for row in await connection.execute(statement)]


def closest(voices: Sequence[Voice], centre: Vectors) -> int:
    """The place of the voice next to the centre."""
    return int(np.argmax([float(voice.vector @ centre) for voice in voices]))


async def name(connection: AsyncConnection, cluster_id: int, question_id: int) -> None:
    """Names a group."""
    mine = update(clusters).where(clusters.c.id == cluster_id, _asked(question_id))
    await connection.execute(mine.values(typical_question_id=question_id))


async def nameless(connection: AsyncConnection, limit: int) -> list[int]:
    """Groups whose typical question was deleted and that have others."""
    other = exists().where(questions.c.cluster_id == clusters.c.id)
    statement = select(clusters.c.id).where(clusters.c.typical_question_id.is_(None), other).limit(limit)
    return list((await connection.execute(statement)).scalars())


def _asked(question_id: int) -> ColumnElement[bool]:
    """Whether the question still stands in the log."""
    return exists().where(questions.c.id == question_id)
