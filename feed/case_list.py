"""The officers' list of cases: filters, an order in which nothing urgent is missed, pages, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import OPEN, Status
from feed.deadlines import Standing
from store.feed_tables import cases
from store.report_tables import reports
from store.staff_tables import accounts
from store.tables import questions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Whose(StrEnum):
    """Cases by whom they were given to, where it is no officer by number."""

    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown; an empty filter leaves out nothing."""

    statuses: tuple[Status, ...] = OPEN
    origin: str | None = None
    kind: str | None = None
    sentiment: str | None = None
    topic: str | None = None
    """A field of the procedures, or a procedure's code."""
    commune_id: str | None = None
    channel: str | None = None
    deadline: Standing | None = None
    """Only `SOON` or `OVERDUE`; both concern open cases alone."""
    urgent: bool = False
    assignee: int | Whose | None = None
    text: str = ""
    """A part of the question, or a case's whole code."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time, and until when a case is due soon (`feed.deadlines.warned_until`)."""

    now: datetime
    soon: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list the next page begins: after this case."""

    urgent: bool
    at: datetime
    """Its deadline; in a list with finished cases when it was opened."""
    id: int

    def __str__(self) -> str:
        """As an address carries it."""
        return f"{int(self.urgent)}.{(self.at - _EPOCH) // _MICROSECOND}.{self.id}"


def read_place(text: str) -> Place | None:
    """The place that an address names; None where it names none."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    try:
        return Place(parts[0] == "1", _EPOCH + int(parts[1]) * _MICROSECOND, int(parts[2]))
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in the list. `text` is None where its citizens have deleted what they wrote."""

    id: int
    code: str
    version: int
    origin: str
    status: Status
    text: str | None
    kind: str | None
    sentiment: str | None
    flags: tuple[str, ...]
    urgent: bool
    channel: str
    field: str | None
    procedure_code: str | None
    commune_id: str | None
    agency: str | None
    assignee: str | None
    """Full name of the officer."""
    askers: int
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases there are, and how many of them need a hand soonest."""

    open: int = 0
    new: int = 0
    submitted: int = 0
    urgent: int = 0
    overdue: int = 0
    soon: int = 0


_COLUMNS = (
    *(cases.c[name] for name in ("id", "code", "version", "origin", "status", "kind", "sentiment", "flags", "urgent")),
    *(cases.c[name] for name in ("channel", "field", "procedure_code", "commune_id", "agency", "askers")),
    *(cases.c[name] for name in ("opened_at", "due_at")),
    func.coalesce(reports.c.what, questions.c.text).label("text"),
    accounts.c.full_name.label("assignee"),
)


async def page(
    connection: AsyncConnection, filters: Filters, clocks: Clocks, limit: int, after: Place | None = None
) -> tuple[list[Listed], Place | None]:
    """Up to `limit` cases and where the next page begins, None at the end.

    Open cases: urgent ones first, then those due first. With finished ones among them: newest first.
    """
    history = is_history(filters)
    statement = _joined(select(*_COLUMNS)).where(*_conditions(filters, clocks))
    if after is not None:
        statement = statement.where(_beyond(after, history=history))
    order = (cases.c.opened_at.desc(), cases.c.id.desc()) if history else _OPEN_ORDER
    rows = (await connection.execute(statement.order_by(*order).limit(limit + 1))).all()
    found = [_listed(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    last = found[-1]
    return found, Place(last.urgent, last.opened_at if history else last.due_at, last.id)


async def counts(connection: AsyncConnection, clocks: Clocks, commune_id: str | None = None) -> Counts:
    """The open cases, of a commune or of all."""

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    statement = select(
        func.count(),
        number(cases.c.status == Status.NEW),
        number(cases.c.status == Status.SUBMITTED),
        number(cases.c.urgent),
        number(cases.c.due_at < clocks.now),
        number(cases.c.due_at.between(clocks.now, clocks.soon)),
    ).where(cases.c.status.in_(OPEN))
    if commune_id is not None:
        statement = statement.where(cases.c.commune_id == commune_id)
    return Counts(*(int(value) for value in (await connection.execute(statement)).one()))


async def newest(connection: AsyncConnection, commune_id: str | None = None) -> int:
    """Id of the case that was opened last; 0 without any. Cheap enough to ask every second."""
    statement = select(func.coalesce(func.max(cases.c.id), 0))
    if commune_id is not None:
        statement = statement.where(cases.c.commune_id == commune_id)
    return int((await connection.execute(statement)).scalar_one())


def is_history(filters: Filters) -> bool:
    """Whether finished cases are shown, too: the newest stand first then, since no deadline concerns most of them."""
    return not set(filters.statuses) <= set(OPEN)


_OPEN_ORDER = (cases.c.urgent.desc(), cases.c.due_at, cases.c.id)


def _joined(statement: Select[Any]) -> Select[Any]:
    source = cases.outerjoin(questions, questions.c.id == cases.c.lead_question_id)
    source = source.outerjoin(reports, reports.c.case_id == cases.c.id)
    return statement.select_from(source.outerjoin(accounts, accounts.c.id == cases.c.assignee_id))


def _conditions(filters: Filters, clocks: Clocks) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [_in_state(filters)]
    for name in ("origin", "kind", "sentiment", "commune_id", "channel"):
        if getattr(filters, name) is not None:
            where.append(cases.c[name] == getattr(filters, name))
    if filters.topic is not None:
        where.append(or_(cases.c.field == filters.topic, cases.c.procedure_code == filters.topic))
    if filters.urgent:
        where.append(cases.c.urgent)
    if filters.assignee is Whose.NOBODY:
        where.append(cases.c.assignee_id.is_(None))
    elif filters.assignee is not None:
        where.append(cases.c.assignee_id == filters.assignee)
    return where + _by_deadline(filters.deadline, clocks) + _by_text(filters.text)


def _in_state(filters: Filters) -> ColumnElement[bool]:
    """Of the history said by what is left out: most of it is finished, and SQLite would sort it anew by its states
    instead of reading it in the order in which it is shown."""
    if is_history(filters):
        return cases.c.status.not_in([status for status in Status if status not in filters.statuses])
    return cases.c.status.in_(filters.statuses)


def _by_deadline(deadline: Standing | None, clocks: Clocks) -> list[ColumnElement[bool]]:
    if deadline is Standing.OVERDUE:
        return [cases.c.status.in_(OPEN), cases.c.due_at < clocks.now]
    if deadline is Standing.SOON:
        return [cases.c.status.in_(OPEN), cases.c.due_at.between(clocks.now, clocks.soon)]
    return []


def _by_text(text: str) -> list[ColumnElement[bool]]:
    wanted = text.strip()
    if not wanted:
        return []
    said = (column.icontains(wanted, autoescape=True) for column in (questions.c.text, reports.c.what))
    return [or_(cases.c.code == wanted.upper(), *said)]


def _beyond(after: Place, *, history: bool) -> ColumnElement[bool]:
    if history:
        return tuple_(cases.c.opened_at, cases.c.id) < tuple_(after.at, after.id)
    behind = tuple_(cases.c.due_at, cases.c.id) > tuple_(after.at, after.id)
    return or_(~cases.c.urgent, behind) if after.urgent else and_(~cases.c.urgent, behind)


def _listed(row: Row[Any]) -> Listed:
    values = dict(row._mapping)
    return Listed(**values | {"status": Status(row.status), "flags": tuple(row.flags)})
