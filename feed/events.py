"""What other systems are told: a case came, it is urgent, an answer was published or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.export_tables import webhook_deliveries
from store.feed_tables import answers, cases


class EventKind(StrEnum):
    """Names as other systems read them; they stay as they are."""

    CASE_OPENED = "case.opened"
    CASE_URGENT = "case.urgent"
    ANSWER_PUBLISHED = "answer.published"
    ANSWER_WITHDRAWN = "answer.withdrawn"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `data` is what others are told: nothing that a citizen wrote."""

    kind: EventKind
    subject_id: int
    data: dict[str, Any]


_OF_CASE = (
    *("id", "code", "origin", "kind", "flags", "urgent", "field", "commune_id", "agency", "opened_at", "due_at"),
)
_CASE = tuple(cases.c[name] for name in _OF_CASE)
_ANSWER = (
    answers.c.id,
    cases.c.code,
    cases.c.field,
    cases.c.commune_id,
    answers.c.agency,
    answers.c.question,
    answers.c.text,
    answers.c.published_at,
    answers.c.withdrawn_at,
)


async def untold(
    connection: AsyncConnection, kind: EventKind, webhook_id: int, since: datetime, limit: int
) -> list[Event]:
    """What happened since and was not yet queued for this webhook, the oldest first."""
    statement = _cases(kind) if kind in (EventKind.CASE_OPENED, EventKind.CASE_URGENT) else _answers(kind)
    subject, moment = _subject(kind), _moment(kind)
    queued = exists().where(
        webhook_deliveries.c.webhook_id == webhook_id,
        webhook_deliveries.c.event == str(kind),
        webhook_deliveries.c.subject_id == subject,
    )
    rows = await connection.execute(statement.where(moment >= since, ~queued).order_by(moment, subject).limit(limit))
    return [Event(kind, row.id, _told(row._mapping, kind)) for row in rows]


def _cases(kind: EventKind) -> Select[Any]:
    found = select(*_CASE)
    return found.where(cases.c.urgent) if kind is EventKind.CASE_URGENT else found


def _answers(kind: EventKind) -> Select[Any]:
    found = select(*_ANSWER).join(cases, cases.c.id == answers.c.case_id)
    if kind is EventKind.ANSWER_WITHDRAWN:
        return found.where(answers.c.status == "withdrawn", answers.c.published_at.is_not(None))
    return found.where(and_(answers.c.status == "approved", answers.c.public))


def _subject(kind: EventKind) -> ColumnElement[int]:
    return cases.c.id if kind in (EventKind.CASE_OPENED, EventKind.CASE_URGENT) else answers.c.id


def _moment(kind: EventKind) -> ColumnElement[datetime]:
    if kind is EventKind.ANSWER_PUBLISHED:
        return answers.c.published_at
    return answers.c.withdrawn_at if kind is EventKind.ANSWER_WITHDRAWN else cases.c.opened_at


def _told(row: Any, kind: EventKind) -> dict[str, Any]:
    """The columns as JSON; of an answer that was taken back neither question nor text."""
    left_out = {"id"} | ({"question", "text"} if kind is EventKind.ANSWER_WITHDRAWN else set())
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in left_out
    }
