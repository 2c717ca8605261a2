"""How satisfied citizens say they are: ratings of answers and appointments, and figures from them.

The figures are like those of SIPAS, the ministry's yearly survey: the share of people who are satisfied or very
satisfied, here 4 or 5 stars of 5. They are no SIPAS result: who rates has chosen to do so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Literal

from sqlalchemy import ColumnElement, Label, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.wording import day_of
from store.booking_tables import appointments
from store.report_tables import ratings
from store.rows import insert_into
from store.tables import questions

SATISFIED_FROM = 4
"""Stars."""
FEWEST = 30
"""Ratings below which no share is given: it would move by more than three points with one person."""
_Z = 1.959964
"""Of the normal distribution, for 95 %."""
By = Literal["all", "week", "office", "field", "channel", "subject"]
"""What figures are given for: everything; each week (key: its Monday, "2026-11-16"); each office (its id; only
appointments); each field (answers) or service group (appointments); each channel; "answer" and "appointment"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The satisfied among those who rated. `key`: see `By`; "" for everything, and where it is not known."""

    key: str
    total: int
    satisfied: int
    mean: float
    """Mean of the stars."""

    @property
    def enough(self) -> bool:
        """Whether there are ratings enough to give a share; otherwise say "không đủ mẫu"."""
        return self.total >= FEWEST

    @property
    def share(self) -> float | None:
        """The satisfied, 0 to 1; None where there are too few ratings."""
        return self.satisfied / self.total if self.enough else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of the share; None where there are too few ratings."""
        return wilson(self.satisfied, self.total) if self.enough else None


async def satisfaction(
    connection: AsyncConnection, since: datetime, until: datetime, by: By = "all"
) -> list[Figure]:
    """Figures of the ratings given from `since` to before `until`, by key; those of "all" always one, perhaps of 0."""
    rated = (ratings.c.rated_at >= since) & (ratings.c.rated_at < until)
    if by == "week":
        rows = await connection.execute(select(ratings.c.rated_at, ratings.c.stars).where(rated))
        return _counted((_monday(row.rated_at), row.stars, 1) for row in rows)
    key = _key(by)
    statement = (
        select(key, ratings.c.stars, func.count().label("number"))
        .outerjoin(questions, questions.c.id == ratings.c.question_id)
        .outerjoin(appointments, appointments.c.id == ratings.c.appointment_id)
        .where(rated)
        .group_by(key, ratings.c.stars)
    )
    if by == "office":
        statement = statement.where(ratings.c.appointment_id.is_not(None))
    found = _counted((row[0], row[1], row[2]) for row in await connection.execute(statement))
    return found or [Figure("", 0, 0, 0.0)] if by == "all" else found


@dataclass(frozen=True, slots=True)
class Rated:
    """What is rated: the answer to a message, or an appointment by its reference."""

    message: int | None = None
    reference: str | None = None


async def rate(connection: AsyncConnection, conversation_id: int, rated: Rated, stars: int, at: datetime) -> bool:
    """Keeps the stars of a conversation's own answer or appointment; later ones take their place, and their reasons go.

    False, and nothing is kept, where there is no such answer or appointment in the conversation.
    """
    subject = await _subject(connection, conversation_id, rated)
    if subject is None:
        return False
    column, ident, channel = subject
    given = {"stars": stars, "reason": None, "comment": None, "rated_at": at}
    statement = insert_into(connection, ratings).values(
        conversation_id=conversation_id, channel=channel, **{column: ident}, **given
    )
    await connection.execute(statement.on_conflict_do_update(index_elements=[column], set_=given))
    return True


async def explain(
    connection: AsyncConnection, conversation_id: int, rated: Rated, *, reason: str | None, comment: str | None
) -> bool:
    """Adds why; `comment` comes redacted. False where nothing was rated."""
    subject = await _subject(connection, conversation_id, rated)
    if subject is None:
        return False
    values = {name: value for name, value in (("reason", reason), ("comment", comment)) if value is not None}
    mine = ratings.c[subject[0]] == subject[1]
    return bool(values) and (await connection.execute(ratings.update().where(mine).values(**values))).rowcount == 1


async def reasons(connection: AsyncConnection, since: datetime, until: datetime) -> dict[str, int]:
    """How often each reason was given, the most frequent first."""
    given = ratings.c.reason.is_not(None) & (ratings.c.rated_at >= since) & (ratings.c.rated_at < until)
    number = func.count()
    statement = select(ratings.c.reason, number).where(given).group_by(ratings.c.reason)
    rows = await connection.execute(statement.order_by(number.desc(), ratings.c.reason))
    return {row[0]: row[1] for row in rows}


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927), which also holds for few cases and shares near 0 and 1."""
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, _Z * _Z
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = _Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def _counted(rated: Iterable[tuple[str, int, int]]) -> list[Figure]:
    """Figures of keys, stars, and how often these were given."""
    total, satisfied, stars = Counter[str](), Counter[str](), Counter[str]()
    for key, given, number in rated:
        total[key] += number
        satisfied[key] += number * (given >= SATISFIED_FROM)
        stars[key] += number * given
    return [Figure(key, total[key], satisfied[key], stars[key] / total[key]) for key in sorted(total)]


def _monday(at: datetime) -> str:
    day = day_of(at)
    return (day - timedelta(days=day.weekday())).isoformat()


def _key(by: By) -> Label[str]:
    answered = ratings.c.question_id.is_not(None)
    keys: dict[str, ColumnElement[str]] = {
        "all": literal(""),
        "office": func.coalesce(appointments.c.office_id, ""),
        "field": func.coalesce(questions.c.field, appointments.c.group_id, ""),
        "channel": ratings.c.channel,
        "subject": case((answered, "answer"), else_="appointment"),
    }
    return keys[by].label("key")


async def _subject(
    connection: AsyncConnection, conversation_id: int, rated: Rated
) -> tuple[str, int, str] | None:
    """The column of the table, the id and the channel of what is rated."""
    if rated.message is not None:
        answered = select(questions.c.id, questions.c.channel).where(
            questions.c.inbox_id == rated.message,
            questions.c.conversation_id == conversation_id,
            questions.c.outcome == "answer",
        )
        row = (await connection.execute(answered)).one_or_none()
        return ("question_id", row.id, row.channel) if row else None
    visited = select(appointments.c.id, appointments.c.channel).where(
        appointments.c.reference == rated.reference,
        appointments.c.conversation_id == conversation_id,
        appointments.c.state == "done",
    )
    row = (await connection.execute(visited)).one_or_none()
    return ("appointment_id", row.id, row.channel) if row else None
