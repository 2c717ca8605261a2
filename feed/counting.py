"""Counts of the question log by day, kept in tables for the days that are over (`store.rollup_tables`).

What is counted: every message of a citizen but votes and the request for deletion, with a person's labels where there
are some. A day is one of Vietnam. The tables are a cache: days that they lack, today among them, and days whose log has
changed since are counted from the log, so that every reader gets what the log holds, whether or not `keep` ever ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Label,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from feed.deadlines import ZONE
from feed.questions import UNANSWERED_OUTCOMES
from feed.trails import TRIALS
from feed.wording import day_of
from store.engine import is_sqlite
from store.feed_tables import label_corrections
from store.rollup_tables import counted_days, question_counts
from store.rows import insert_into
from store.tables import questions

UNCOUNTED_OUTCOMES = ("vote", "erased")
FAILED = "failed"
"""Stands in the place of the outcome where the engine broke."""
SETTLED = timedelta(hours=1)
"""A day is counted so long after its end: every transaction that wrote into it is over by then."""
_MOST_DAYS, _A_DAY = 100_000, 86_400
_EAST = 7 * 3600
"""Seconds by which Vietnam is ahead of UTC."""


class Dimension(StrEnum):
    """What the messages of a day are told apart by."""

    DAY = "day"
    """As 2026-11-22."""
    OUTCOME = "outcome"
    HOUR = "hour"
    """Weekday and hour by a clock in Vietnam, Sunday first: "0-00" to "6-23"."""
    CHANNEL = "channel"
    KIND = "kind"
    FIELD = "field"
    COMMUNE = "commune"
    TOPIC = "topic"
    """A procedure, "p:1.001193"; where none was found the group of near-same questions, "c:17"."""


UNKNOWN = ""
"""The value of what has none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of messages. They add up, but for `askers`."""

    asked: int = 0
    askers: int = 0
    """Conversations in which a topic was asked about, each day anew. Only topics have them: it costs as much as all
    other counts together."""
    answered: int = 0
    refused: int = 0
    """Not in our data, answer withheld, or the engine broke. The rest were asked back, booked, reported, small talk."""
    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def felt(self) -> int:
        """Messages whose sentiment is known."""
        return self.negative + self.neutral + self.positive

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = tuple(field.name for field in fields(Tally))
Span = tuple[date, date]
"""The first and the last day."""


async def counts(
    connection: AsyncConnection,
    span: Span,
    commune: str | None = None,
    dimensions: Sequence[Dimension] = tuple(Dimension),
) -> dict[Dimension, dict[str, Tally]]:
    """Counts of each value of each dimension over the span; only of a commune (its office's id), where one is named."""
    found: dict[Dimension, dict[str, Tally]] = {dimension: {} for dimension in dimensions}
    if commune is not None:
        theirs = and_(_within([span]), questions.c.commune_id == commune)
        _add(found, await connection.execute(_count(is_sqlite(connection), theirs, dimensions)))
        return found
    live = _runs(await _uncounted(connection, span))
    _add(found, await connection.execute(_kept(span, live, dimensions)))
    if live:
        _add(found, await connection.execute(_count(is_sqlite(connection), _within(live), dimensions)))
    return found


async def by_value(
    connection: AsyncConnection, dimension: Dimension, span: Span, commune: str | None = None
) -> dict[str, Tally]:
    """Counts of each value of one dimension."""
    return (await counts(connection, span, commune, [dimension]))[dimension]


async def keep(connection: AsyncConnection, now: datetime, limit: int = 5) -> int:
    """Counts up to `limit` days that are over and not counted yet, or stale; returns how many. Newest first."""
    days = await _to_count(connection, now, limit)
    for day in days:
        await _keep_day(connection, day)
    return len(days)


async def _to_count(connection: AsyncConnection, now: datetime, limit: int) -> list[date]:
    first = (await connection.execute(select(func.min(questions.c.asked_at)))).scalar_one()
    stale = select(counted_days.c.day).where(counted_days.c.stale).order_by(counted_days.c.day.desc()).limit(limit)
    found = list((await connection.execute(stale)).scalars())
    last = day_of(now - SETTLED) - timedelta(days=1)
    if first is not None and len(found) < limit:
        missing = await _uncounted(connection, (day_of(first), last))
        found += [day for day in reversed(missing) if day not in found][: limit - len(found)]
    return found


async def _keep_day(connection: AsyncConnection, day: date) -> None:
    """Locks the day's row first: whoever changes its log waits then, or is waited for, and is counted (see v0008)."""
    fresh = insert_into(connection, counted_days).values(day=day, stale=False)
    await connection.execute(fresh.on_conflict_do_update(index_elements=["day"], set_={"stale": False}))
    await connection.execute(delete(question_counts).where(question_counts.c.day == day))
    counted = _count(is_sqlite(connection), _within([(day, day)]), tuple(Dimension)).subquery().c
    found = select(counted.dimension, literal(day, question_counts.c.day.type), *list(counted)[1:])
    names = ["dimension", "day", "value", *_NAMES]
    await connection.execute(question_counts.insert().from_select(names, found))


async def forget(connection: AsyncConnection) -> None:
    """Empties the tables: everything is counted anew."""
    await connection.execute(delete(question_counts))
    await connection.execute(delete(counted_days))


def _add(found: dict[Dimension, dict[str, Tally]], rows: Iterable[Row[Any]]) -> None:
    for row in rows:
        dimension, value, *numbers = list(row)
        values = found[Dimension(dimension)]
        values[value] = values.get(value, Tally()) + Tally(*map(int, numbers))


async def _uncounted(connection: AsyncConnection, span: Span) -> list[date]:
    """Days of the span that the tables do not hold as the log is now."""
    sound = select(counted_days.c.day).where(counted_days.c.day.between(*span), ~counted_days.c.stale)
    held = set((await connection.execute(sound)).scalars())
    days = (span[0] + timedelta(days=number) for number in range((span[1] - span[0]).days + 1))
    return [day for day in days if day not in held]


def _runs(days: Sequence[date]) -> list[Span]:
    """Days in order as spans without gap."""
    runs: list[Span] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return runs


def _kept(span: Span, live: Sequence[Span], dimensions: Sequence[Dimension]) -> Select[Any]:
    table = question_counts
    where = and_(table.c.dimension.in_([str(dimension) for dimension in dimensions]), table.c.day.between(*span))
    for first, last in live:  # named one by one: a day that is counted this moment must not count twice
        where = and_(where, ~table.c.day.between(first, last))
    keys = table.c.dimension, table.c.value
    return select(*keys, *(func.sum(table.c[name]) for name in _NAMES)).where(where).group_by(*keys)


def _count(sqlite: bool, where: ColumnElement[bool], dimensions: Sequence[Dimension]) -> CompoundSelect[Any]:
    """Counts from the log, which is read once."""
    corrected = questions.outerjoin(label_corrections, label_corrections.c.question_id == questions.c.id)
    theirs = and_(questions.c.outcome.not_in(UNCOUNTED_OUTCOMES), questions.c.channel != TRIALS)
    values = [_value(dimension, sqlite).label(str(dimension)) for dimension in dimensions]
    entries = select(*values, *_entry(sqlite)).select_from(corrected).where(where, theirs).cte("entries").c
    return union_all(
        *(
            select(literal(str(dimension), Text).label("dimension"), entries[str(dimension)].label("value"))
            .add_columns(*_sums(entries, dimension))
            .group_by(entries[str(dimension)])
            for dimension in dimensions
        )
    )


def _entry(sqlite: bool) -> list[Label[Any]]:
    """What of an entry is counted, as 1 or 0; and who asked, on which day."""
    failed = questions.c.failed
    feeling = func.coalesce(label_corrections.c.sentiment, questions.c.sentiment)
    conditions = {
        "answered": and_(questions.c.outcome == "answer", ~failed),
        "refused": or_(questions.c.outcome.in_(UNANSWERED_OUTCOMES), failed),
        **{name: feeling == name for name in ("negative", "neutral", "positive")},
    }
    asker = questions.c.conversation_id * _MOST_DAYS + _day_number(sqlite)
    return [asker.label("asker"), *(case((it, 1), else_=0).label(name) for name, it in conditions.items())]


def _sums(entries: ReadOnlyColumnCollection[str, Any], dimension: Dimension) -> list[Label[Any]]:
    """How each name of `Tally` is counted."""
    askers: ColumnElement[int] = func.count(entries.asker.distinct()) if dimension is Dimension.TOPIC else literal(0)
    special = {"asked": func.count(), "askers": askers}
    return [special.get(name, func.sum(entries.get(name))).label(name) for name in _NAMES]


def _value(dimension: Dimension, sqlite: bool) -> ColumnElement[str]:
    c = questions.c
    match dimension:
        case Dimension.OUTCOME:
            return case((c.failed, literal(FAILED, Text)), else_=cast(c.outcome, Text))
        case Dimension.DAY:
            return _local(sqlite, "%Y-%m-%d", "YYYY-MM-DD")
        case Dimension.HOUR:
            return _week_hour(sqlite)
        case Dimension.CHANNEL:
            return cast(c.channel, Text)
        case Dimension.KIND:
            return func.coalesce(label_corrections.c.kind, c.kind, UNKNOWN)
        case Dimension.FIELD:
            return func.coalesce(c.field, UNKNOWN)
        case Dimension.COMMUNE:
            return func.coalesce(c.commune_id, UNKNOWN)
        case Dimension.TOPIC:
            named = case((c.cluster_id.is_not(None), literal("c:", Text) + cast(c.cluster_id, Text)), else_=UNKNOWN)
            return case((c.procedure_code.is_not(None), literal("p:", Text) + c.procedure_code), else_=named)


def _week_hour(sqlite: bool) -> ColumnElement[str]:
    """PostgreSQL calls Sunday 1, SQLite 0."""
    if sqlite:
        return _local(sqlite, "%w-%H", "")
    return cast(cast(_local(sqlite, "", "D"), BigInteger) - 1, Text) + _local(sqlite, "", "-HH24")


def _local(sqlite: bool, sqlite_format: str, postgres_format: str) -> ColumnElement[str]:
    asked = questions.c.asked_at
    if sqlite:
        second = func.substr(asked, 1, 19)  # SQLite would round half a millisecond up, into the next day
        return func.strftime(sqlite_format, second, "+7 hours")
    return func.to_char(func.timezone("UTC", asked, type_=DateTime) + timedelta(hours=7), postgres_format)


def _day_number(sqlite: bool) -> ColumnElement[int]:
    """Days in Vietnam since 1970."""
    second = func.substr(questions.c.asked_at, 1, 19)
    epoch = func.strftime("%s", second) if sqlite else func.floor(func.extract("epoch", questions.c.asked_at))
    return (cast(epoch, BigInteger) + _EAST) // _A_DAY


def _within(spans: Sequence[Span]) -> ColumnElement[bool]:
    """Asked on one of these days."""
    moments = [(_midnight(first), _midnight(last + timedelta(days=1))) for first, last in spans]
    return or_(*(and_(questions.c.asked_at >= begin, questions.c.asked_at < end) for begin, end in moments))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
