"""What of the question log is open data: counts by week that speak of nobody, and published answers.

Only weeks that are over, Monday to Sunday in Vietnam, and only one property at a time: crossed with each other,
properties would single people out. Each table obeys `feed.anonymity`. No text of a citizen goes out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed import published
from feed.anonymity import K, publish
from feed.counting import FAILED, UNCOUNTED_OUTCOMES
from feed.deadlines import ZONE
from feed.trails import TRIALS
from feed.wording import day_of
from store.feed_tables import label_corrections
from store.tables import questions

DIMENSIONS = ("day", "field", "commune", "channel", "kind", "mood", "outcome")
NONE = "(none)"
"""The value of messages that have none."""
REST = "(rest)"
"""Values with too few people, put together."""
COUNT_COLUMNS = ("week", "dimension", "value", "messages")
ANSWER_COLUMNS = ("code", "field", "question", "answer", "agency", "published_on", "expires_on", "sources")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    """Who sent a message, and its value of each dimension."""

    person: Hashable
    values: tuple[str, ...]
    """In the order of `DIMENSIONS`."""


@dataclass(frozen=True, slots=True)
class Count:
    """Messages of a week with a value; dimension and value are "total" for all of them."""

    week: date
    """Its Monday."""
    dimension: str
    value: str
    messages: int


def counts_of(week: date, messages: Iterable[Message], k: int = K) -> list[Count]:
    """What may be published of a week; nothing where fewer than k people wrote."""
    tables: list[dict[str, Counter[Hashable]]] = [defaultdict(Counter) for _ in DIMENSIONS]
    total = 0
    for message in messages:
        total += 1
        for table, value in zip(tables, message.values, strict=True):
            table[value][message.person] += 1
    found: list[Count] = []
    for dimension, table in zip(DIMENSIONS, tables, strict=True):
        shown = publish(table, k)
        if shown is None:
            return []
        found += [Count(week, dimension, value, number) for value, number in sorted(shown.cells.items())]
        found += [Count(week, dimension, REST, shown.rest)] if shown.rest is not None else []
    return [Count(week, "total", "total", total), *found]


async def weekly_counts(connection: AsyncConnection, now: datetime) -> list[Count]:
    """Counts of every week that is over, the oldest first."""
    first = (await connection.execute(select(func.min(questions.c.asked_at)))).scalar_one()
    if first is None:
        return []
    found: list[Count] = []
    for week in _weeks(day_of(first), day_of(now)):
        found += counts_of(week, await _messages(connection, week))
    return found


async def open_answers(connection: AsyncConnection, now: datetime) -> list[dict[str, Any]]:
    """Answers in force for everybody, as the public page shows them."""
    return [
        {
            "code": answer.code,
            "field": answer.field,
            "question": answer.question,
            "answer": answer.text,
            "agency": answer.agency,
            "published_on": day_of(answer.published_at).isoformat(),
            "expires_on": day_of(answer.expires_at).isoformat() if answer.expires_at else None,
            "sources": "; ".join(str(source.get("title", "")) for source in answer.sources),
        }
        for answer in await published.all_in_force(connection, now)
    ]


def _weeks(first: date, today: date) -> Iterator[date]:
    """Mondays of the weeks that are over."""
    week = first - timedelta(days=first.weekday())
    while week + _WEEK <= today:
        yield week
        week += _WEEK


async def _messages(connection: AsyncConnection, week: date) -> list[Message]:
    begin, end = (datetime.combine(day, time(), ZONE) for day in (week, week + _WEEK))
    c, corrected = questions.c, label_corrections.c
    columns = (
        c.conversation_id,
        c.asked_at,
        c.field,
        c.commune_id,
        c.channel,
        func.coalesce(corrected.kind, c.kind),
        func.coalesce(corrected.sentiment, c.sentiment),
        case((c.failed, literal(FAILED)), else_=c.outcome),
    )
    rows = await connection.execute(
        select(*columns)
        .select_from(questions.outerjoin(label_corrections, corrected.question_id == c.id))
        .where(c.asked_at >= begin, c.asked_at < end, c.channel != TRIALS, c.outcome.not_in(UNCOUNTED_OUTCOMES))
    )
    return [Message(row[0], (day_of(row[1]).isoformat(), *(value or NONE for value in row[2:]))) for row in rows]
