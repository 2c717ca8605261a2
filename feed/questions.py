"""The question log: one entry for every message that was handled, with how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert
from store.tables import questions

UNANSWERED_OUTCOMES = ("out_of_scope", "blocked")


@dataclass(frozen=True, slots=True)
class Question:
    """What is recorded of one message. `text` is redacted."""

    inbox_id: int
    conversation_id: int
    channel: str
    text: str
    asked_at: datetime
    outcome: str
    """One of the engine's closed list of outcomes."""
    knowledge_version: str
    latency_ms: float
    """What the engine took, without waiting and storing."""
    choice: str | None = None
    """Id of the choice, where the citizen tapped instead of writing; `text` is then its label."""
    procedure_code: str | None = None
    """The procedure that the answer, booking or report was about."""
    candidates: tuple[dict[str, Any], ...] = ()
    """Procedures that were considered, best first: code, name, probability."""
    aspects: tuple[str, ...] = ()
    score: float | None = None
    failed: bool = False
    """Whether the engine broke, so that the citizen got an apology."""
    kind: str | None = None
    """By the machine, like sentiment and flags; None for a tap or a command. See `feed.labels`."""
    kind_confidence: float | None = None
    sentiment: str | None = None
    sentiment_confidence: float | None = None
    flags: tuple[str, ...] | None = None
    labelled_by: str | None = None
    """Version of the model that gave these labels."""
    field: str | None = None
    """Field (lĩnh vực) of the procedure."""
    commune_id: str | None = None
    """Office of the commune that the message names, or that the conversation is about."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as it stands in the log."""

    id: int
    question: Question


_FIELDS = tuple(Question.__dataclass_fields__)
_LISTS = ("candidates", "aspects", "flags")
_COLUMNS = (questions.c.id, *(questions.c[name] for name in _FIELDS))


async def log(connection: AsyncConnection, question: Question) -> int:
    """Writes an entry and returns its id. A second one for the same message is an integrity error."""
    values = {name: getattr(question, name) for name in _FIELDS}
    values |= {name: list(values[name]) for name in _LISTS if values[name] is not None}
    return await insert(connection, questions, values)


async def count(
    connection: AsyncConnection, *, since: datetime | None = None, outcome: str | None = None
) -> int:
    """How many questions were asked, from `since` on, with that outcome."""
    statement = select(func.count()).select_from(questions)
    if since is not None:
        statement = statement.where(questions.c.asked_at >= since)
    if outcome is not None:
        statement = statement.where(questions.c.outcome == outcome)
    number: int = (await connection.execute(statement)).scalar_one()
    return number


async def of_message(connection: AsyncConnection, inbox_id: int) -> Logged | None:
    """The entry of one message."""
    found = await _select(connection, questions.c.inbox_id == inbox_id, limit=1, before=None)
    return found[0] if found else None


async def latest(connection: AsyncConnection, limit: int, *, before: int | None = None) -> list[Logged]:
    """The newest entries first; `before` is the last id of the page before."""
    return await _select(connection, None, limit, before)


async def unanswered(connection: AsyncConnection, limit: int, *, before: int | None = None) -> list[Logged]:
    """Questions that our data could not answer, whose answer was withheld, or that broke the engine; newest first."""
    where = or_(questions.c.outcome.in_(UNANSWERED_OUTCOMES), questions.c.failed)
    return await _select(connection, where, limit, before)


async def _select(
    connection: AsyncConnection, where: ColumnElement[bool] | None, limit: int, before: int | None
) -> list[Logged]:
    statement = select(*_COLUMNS).order_by(questions.c.id.desc()).limit(limit)
    if where is not None:
        statement = statement.where(where)
    if before is not None:
        statement = statement.where(questions.c.id < before)
    return [_logged(row) for row in await connection.execute(statement)]


def _logged(row: Row[Any]) -> Logged:
    values = dict(row._mapping)
    row_id = values.pop("id")
    values |= {name: tuple(values[name]) for name in _LISTS if values[name] is not None}
    return Logged(row_id, Question(**values))
