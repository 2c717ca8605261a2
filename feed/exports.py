"""Pages of questions, cases and answers for other systems, by rising number, each with the number to go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.counting import UNCOUNTED_OUTCOMES
from feed.published import in_force
from feed.trails import TRIALS
from store.feed_tables import answers, cases, label_corrections
from store.tables import questions

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is asked for: at most `limit` rows with a number above `after`, changed at or after `since`."""

    limit: int
    after: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they go out, and the number to go on from; None at the end."""

    rows: list[Row]
    following: int | None


QUESTION_COLUMNS = (
    *("id", "asked_at", "channel", "text", "kind", "sentiment", "flags", "outcome", "procedure_code", "field"),
    *("commune_id", "case_code"),
)
CASE_COLUMNS = (
    *("id", "code", "origin", "status", "kind", "sentiment", "flags", "urgent", "channel", "field", "procedure_code"),
    *("commune_id", "agency", "askers", "opened_at", "last_asked_at", "due_at", "answered_at", "closed_at"),
)
ANSWER_COLUMNS = (
    *("id", "case_code", "status", "question", "text", "agency", "field", "commune_id", "published_at", "expires_at"),
    "withdrawn_at",
)


async def question_page(connection: AsyncConnection, wanted: Wanted) -> Page:
    """Messages of citizens, redacted as they are stored, with a person's labels where there are some."""
    corrected = label_corrections.c
    columns = [
        *(questions.c[name] for name in ("id", "asked_at", "channel", "text")),
        func.coalesce(corrected.kind, questions.c.kind).label("kind"),
        func.coalesce(corrected.sentiment, questions.c.sentiment).label("sentiment"),
        func.coalesce(corrected.flags, questions.c.flags).label("flags"),
        case((questions.c.failed, literal("failed")), else_=questions.c.outcome).label("outcome"),
        *(questions.c[name] for name in ("procedure_code", "field", "commune_id")),
        cases.c.code.label("case_code"),
    ]
    source = questions.outerjoin(label_corrections, corrected.question_id == questions.c.id)
    source = source.outerjoin(cases, cases.c.id == questions.c.case_id)
    theirs = and_(questions.c.channel != TRIALS, questions.c.outcome.not_in(UNCOUNTED_OUTCOMES))
    statement = select(*columns).select_from(source).where(theirs)
    return await _page(connection, statement, wanted, questions.c.id, [questions.c.asked_at])


async def case_page(connection: AsyncConnection, wanted: Wanted) -> Page:
    """Matters for officials and how far they are, without what citizens wrote."""
    moments = [cases.c[name] for name in ("opened_at", "last_asked_at", "answered_at", "closed_at")]
    return await _page(connection, select(*(cases.c[name] for name in CASE_COLUMNS)), wanted, cases.c.id, moments)


async def answer_page(connection: AsyncConnection, wanted: Wanted, now: datetime) -> Page:
    """Answers in force for everybody; of those taken back, that they were."""
    held = in_force(now)
    columns = [
        answers.c.id,
        cases.c.code.label("case_code"),
        case((held, literal("published")), else_=literal("withdrawn")).label("status"),
        *(case((held, answers.c[name]), else_=null()).label(name) for name in ("question", "text")),
        *(answers.c.agency, cases.c.field, cases.c.commune_id),
        *(answers.c[name] for name in ("published_at", "expires_at", "withdrawn_at")),
    ]
    moments = [answers.c.published_at, answers.c.withdrawn_at]
    public = answers.c.published_at.is_not(None)
    statement = select(*columns).join(cases, cases.c.id == answers.c.case_id).where(public)
    return await _page(connection, statement, wanted, answers.c.id, moments)


async def _page(
    connection: AsyncConnection,
    statement: Select[Any],
    wanted: Wanted,
    number: ColumnElement[int],
    moments: Sequence[ColumnElement[datetime]],
) -> Page:
    statement = statement.where(number > wanted.after).order_by(number).limit(wanted.limit + 1)
    if wanted.since is not None:
        statement = statement.where(or_(*(moment >= wanted.since for moment in moments)))
    rows = [dict(row._mapping) for row in await connection.execute(statement)]
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return Page(rows, rows[-1]["id"] if more else None)
