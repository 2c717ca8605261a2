"""Works off the question log: every question gets its group, and its case where it needs one, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, String, cast, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.clusters import LOCK, Groups, Heard
from feed.opening import REPORT_OUTCOME, Asked, Taken, Terms, take_up
from feed.telling import tell_askers
from store.locks import lock_name
from store.report_tables import reports
from store.tables import questions, votes

OUTCOMES = ("answer", "ask_back", "out_of_scope", "blocked")
"""Of questions; steps of a booking, requests for one's data, votes and small talk are none."""
REPORT_ABANDONED = timedelta(minutes=30)
"""A complaint whose report was not sent by then is taken up as it stands."""
_COLUMNS = (
    "id", "conversation_id", "channel", "text", "asked_at", "outcome", "failed", "kind", "sentiment", "flags", "field",
    "procedure_code", "commune_id", "cluster_id",
)  # fmt: skip
_COMMAND = "/"


@dataclass(frozen=True, slots=True)
class Worked:
    """What one batch did."""

    questions: int
    cases: int
    """Opened or joined."""
    told: int
    """People who were sent an answer that stands already."""
    grown: Mapping[int, int] = field(default_factory=dict)
    """How many questions each group got, by its id."""


async def newest(connection: AsyncConnection) -> int:
    """The highest id in the log; 0 while it is empty."""
    found: int | None = (await connection.execute(select(func.max(questions.c.id)))).scalar_one()
    return found or 0


async def unplaced(connection: AsyncConnection, now: datetime, limit: int, *, above: int = 0) -> list[Asked]:
    """The oldest questions that somebody typed and that have no group yet, with ids `above` this one."""
    statement = select(*(questions.c[name] for name in _COLUMNS)).where(
        questions.c.id > above, questions.c.cluster_id.is_(None), _is_question(now)
    )
    return [_asked(row) for row in await connection.execute(statement.order_by(questions.c.id).limit(limit))]


async def disliked(connection: AsyncConnection, limit: int, *, above: int = 0) -> list[Asked]:
    """The oldest questions in a group whose answer did not help, and that no official has."""
    statement = (
        select(*(questions.c[name] for name in _COLUMNS))
        .join(votes, votes.c.question_id == questions.c.id)
        .where(votes.c.question_id > above, votes.c.useful.is_(False))
        .where(questions.c.case_id.is_(None), questions.c.cluster_id.is_not(None))
        .order_by(questions.c.id)
        .limit(limit)
    )
    return [replace(_asked(row), disliked=True) for row in await connection.execute(statement)]


async def place(
    connection: AsyncConnection, groups: Groups, batch: Sequence[tuple[Asked, Heard]], terms: Terms, now: datetime
) -> Worked:
    """Gives the questions of a batch their groups and cases; what somebody else has placed is left alone.

    When it fails, `groups` have to be thrown away.
    """
    await lock_name(connection, LOCK)
    left = await _left(connection, [asked.id for asked, _ in batch], questions.c.cluster_id.is_(None))
    mine = [(asked, heard) for asked, heard in batch if asked.id in left]
    placed = await groups.place(connection, [heard for _, heard in mine])
    for question_id, cluster_id in placed.items():
        await connection.execute(update(questions).where(questions.c.id == question_id).values(cluster_id=cluster_id))
    whole = [replace(asked, cluster_id=placed[asked.id]) for asked, _ in mine]
    taken = [await _take_up(connection, asked, terms, now) for asked in whole if asked.concerns_officials]
    return Worked(len(placed), len(taken), await _tell(connection, taken, now), Counter(placed.values()))


async def take_disliked(connection: AsyncConnection, batch: Sequence[Asked], terms: Terms, now: datetime) -> Worked:
    """Gives questions to officials whose answer did not help."""
    await lock_name(connection, LOCK)
    left = await _left(connection, [asked.id for asked in batch], questions.c.case_id.is_(None))
    taken = [await _take_up(connection, asked, terms, now) for asked in batch if asked.id in left]
    return Worked(0, len(taken), await _tell(connection, taken, now))


async def _take_up(connection: AsyncConnection, asked: Asked, terms: Terms, now: datetime) -> Taken:
    """Opens or joins a case; where a report has taken the question, that one stays its case."""
    taken = await take_up(connection, asked, terms, now)
    mine = update(questions).where(questions.c.id == asked.id, questions.c.case_id.is_(None))
    await connection.execute(mine.values(case_id=taken.case_id))
    return taken


async def _tell(connection: AsyncConnection, taken: Sequence[Taken], now: datetime) -> int:
    """Sends the answers that their askers are owed."""
    owed = dict.fromkeys(item.answer_id for item in taken if item.answer_id is not None)
    return sum([await tell_askers(connection, answer_id, now) for answer_id in owed])


async def _left(connection: AsyncConnection, ids: Sequence[int], where: ColumnElement[bool]) -> set[int]:
    found = await connection.execute(select(questions.c.id).where(questions.c.id.in_(ids), where))
    return set(found.scalars())


def _is_question(now: datetime) -> ColumnElement[bool]:
    """Whether somebody typed it and it is more than a step of a dialogue; urgent words always are."""
    typed = questions.c.choice.is_(None) & (questions.c.text != "")
    typed &= ~questions.c.text.startswith(_COMMAND, autoescape=True)
    urgent = func.length(cast(questions.c.flags, String)) > len("[]")
    abandoned = (questions.c.asked_at < now - REPORT_ABANDONED) & questions.c.kind.in_(("complaint", "proposal"))
    report = (questions.c.outcome == REPORT_OUTCOME) & questions.c.case_id.is_(None) & abandoned & ~_was_sent()
    return typed & or_(questions.c.outcome.in_(OUTCOMES), questions.c.failed, urgent, report)


def _was_sent() -> ColumnElement[bool]:
    """Whether the conversation has sent a report soon after."""
    mine = (reports.c.conversation_id == questions.c.conversation_id) & (reports.c.created_at >= questions.c.asked_at)
    return exists().where(mine)


def _asked(row: Row[Any]) -> Asked:
    return Asked(**dict(row._mapping) | {"flags": tuple(row.flags or ())})
