"""Figures of what officials answer: how many cases, how fast, how many in time, how many too late now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import OPEN
from feed.figures import Share
from store.engine import is_sqlite
from store.feed_tables import cases


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases of a span of time, and how things stand now."""

    opened: int
    """In the span."""
    answered: int
    """In the span."""
    median_hours: float | None
    """From opening to the answer, nights and days off included, of those answered in the span; None without any."""
    in_time: Share
    """Of the cases whose deadline was in the span and is over: answered or closed by then."""
    waiting: int
    """Open now."""
    overdue: int
    """Open now, and late."""
    urgent: int
    """Open now, with a flag of danger, bribery or self-harm."""


async def case_figures(
    connection: AsyncConnection, begin: datetime, end: datetime, now: datetime, commune: str | None = None
) -> CaseFigures:
    """Figures from `begin` to before `end`; only of a commune (its office's id), where one is named."""
    theirs = [] if commune is None else [cases.c.commune_id == commune]
    due = and_(*theirs, cases.c.due_at >= begin, cases.c.due_at < min(end, now))
    done = func.coalesce(cases.c.answered_at, cases.c.closed_at)
    kept = _how_many(done <= cases.c.due_at)
    in_time = (await connection.execute(select(kept, func.count()).where(due))).one()
    still = select(func.count(), _how_many(cases.c.due_at < now), _how_many(cases.c.urgent))
    now_open = (await connection.execute(still.where(*theirs, cases.c.status.in_(OPEN)))).one()
    answered = and_(*theirs, cases.c.answered_at >= begin, cases.c.answered_at < end)
    count = await _count(connection, answered)
    return CaseFigures(
        opened=await _count(connection, and_(*theirs, cases.c.opened_at >= begin, cases.c.opened_at < end)),
        answered=count,
        median_hours=await _median_hours(connection, answered, count),
        in_time=Share(in_time[0], in_time[1]),
        waiting=now_open[0],
        overdue=now_open[1],
        urgent=now_open[2],
    )


async def _median_hours(connection: AsyncConnection, where: ColumnElement[bool], count: int) -> float | None:
    """The middle one or two of the times, found by the database."""
    if not count:
        return None
    hours = _hours(is_sqlite(connection))
    middle = select(hours).where(where).order_by(hours).limit(2 - count % 2).offset((count - 1) // 2)
    found = [float(value) for value in (await connection.execute(middle)).scalars()]
    return sum(found) / len(found)


def _hours(sqlite: bool) -> ColumnElement[Any]:
    if sqlite:
        return (func.julianday(cases.c.answered_at) - func.julianday(cases.c.opened_at)) * 24
    return cast(func.extract("epoch", cases.c.answered_at - cases.c.opened_at), Float) / 3600


async def _count(connection: AsyncConnection, where: ColumnElement[bool]) -> int:
    counted: int = (await connection.execute(select(func.count()).select_from(cases).where(where))).scalar_one()
    return counted


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
