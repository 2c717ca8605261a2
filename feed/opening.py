"""Opens a case for every question that needs an official, or joins the open one that already asks the same.

Which questions those are: not answered, answered badly, a complaint or a proposal, or one with a flag that brings it to
a person at once. Questions that became part of a report belong to the report's case (`feed.reports`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import OPEN, Status
from feed.codes import new_code
from feed.deadlines import IsWorkingDay, due_at
from feed.labels.types import Kind
from feed.published import in_force
from feed.questions import UNANSWERED_OUTCOMES
from store.feed_tables import answer_receipts, answers, cases
from store.rows import insert_new
from store.tables import questions

ORIGIN = "question"
PREFIX = "HD"
"""Hỏi đáp."""
DAYS = 5
"""Working days for an answer; urgent ones have `URGENT_DAYS`."""
URGENT_DAYS = 1
REPORT_OUTCOME = "report"
"""Of messages within the dialogue that takes a report: it opens a case of its own when it is sent."""
_KINDS = frozenset({Kind.COMPLAINT, Kind.PROPOSAL})
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the log, as far as it matters here."""

    id: int
    conversation_id: int
    channel: str
    text: str
    asked_at: datetime
    outcome: str
    failed: bool
    kind: str | None
    sentiment: str | None
    flags: tuple[str, ...]
    field: str | None
    procedure_code: str | None
    commune_id: str | None
    cluster_id: int | None = None
    disliked: bool = False
    """Its citizen said that the answer did not help."""

    @property
    def concerns_officials(self) -> bool:
        """Whether somebody has to answer it."""
        unanswered = self.outcome in UNANSWERED_OUTCOMES or self.failed
        return unanswered or self.disliked or self.kind in _KINDS or bool(self.flags)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller knows and the feed does not: who is in charge, and which days are worked."""

    agency: Callable[[str | None, str | None], str | None]
    """By the procedure's code and the commune's id."""
    field: Callable[[str | None], str | None]
    """Of a procedure, by its code."""
    is_working_day: IsWorkingDay


@dataclass(frozen=True, slots=True)
class Taken:
    """The case that a question belongs to now. `answer_id`: an answer that stands already and its asker is owed."""

    case_id: int
    answer_id: int | None = None


async def take_up(connection: AsyncConnection, asked: Asked, terms: Terms, now: datetime) -> Taken:
    """Opens a case for the question or joins one. The caller holds the lock of all groups and notes the case's id."""
    latest = await _latest(connection, asked.cluster_id)
    if latest is not None and latest.status in OPEN:
        await _join(connection, latest, asked)
        return Taken(latest.id)
    answer_id = await _owed(connection, latest, asked) if latest is not None else None
    if latest is not None and answer_id is not None:
        await _join(connection, latest, asked)
        return Taken(latest.id, answer_id)
    return Taken(await _open(connection, asked, terms, now))


async def _latest(connection: AsyncConnection, cluster_id: int | None) -> Row[Any] | None:
    """The group's newest case, held until the transaction ends."""
    if cluster_id is None:
        return None
    mine = (cases.c.cluster_id == cluster_id) & (cases.c.origin == ORIGIN)
    statement = select(cases).where(mine).order_by(cases.c.id.desc()).limit(1).with_for_update()
    return (await connection.execute(statement)).one_or_none()


async def _owed(connection: AsyncConnection, case: Row[Any], asked: Asked) -> int | None:
    """The public answer of an answered case, where this citizen has not got it yet and asks nothing urgent."""
    if case.status != Status.ANSWERED or asked.flags:
        return None
    got = exists().where(
        answer_receipts.c.answer_id == answers.c.id, answer_receipts.c.conversation_id == asked.conversation_id
    )
    statement = select(answers.c.id).where(answers.c.case_id == case.id, in_force(asked.asked_at), ~got)
    return (await connection.execute(statement.order_by(answers.c.id.desc()).limit(1))).scalar_one_or_none()


async def _join(connection: AsyncConnection, case: Row[Any], asked: Asked) -> None:
    """One more asks it: counted once a person, urgent from the first urgent word on."""
    mine = (questions.c.case_id == case.id) & (questions.c.conversation_id == asked.conversation_id)
    known = (await connection.execute(select(questions.c.id).where(mine).limit(1))).first() is not None
    flags = list(dict.fromkeys([*case.flags, *asked.flags]))
    values = {
        "askers": case.askers + (not known),
        "last_asked_at": max(case.last_asked_at, asked.asked_at),
        "flags": flags,
        "urgent": case.urgent or bool(asked.flags),
        "commune_id": case.commune_id or asked.commune_id,
    }
    await connection.execute(update(cases).where(cases.c.id == case.id).values(**values))


async def _open(connection: AsyncConnection, asked: Asked, terms: Terms, now: datetime) -> int:
    urgent = bool(asked.flags)
    values = {
        "origin": ORIGIN,
        "lead_question_id": asked.id,
        "cluster_id": asked.cluster_id,
        "status": Status.NEW,
        "kind": asked.kind,
        "sentiment": asked.sentiment,
        "flags": list(asked.flags),
        "urgent": urgent,
        "channel": asked.channel,
        "field": asked.field or terms.field(asked.procedure_code),
        "procedure_code": asked.procedure_code,
        "commune_id": asked.commune_id,
        "agency": terms.agency(asked.procedure_code, asked.commune_id),
        "opened_at": now,
        "last_asked_at": asked.asked_at,
        "due_at": due_at(now, URGENT_DAYS if urgent else DAYS, terms.is_working_day),
    }
    for _ in range(_ATTEMPTS):
        case_id = await insert_new(connection, cases, values | {"code": new_code(PREFIX)}, ["code"])
        if case_id is not None:
            return case_id
    raise RuntimeError("no free code: the random source is broken")
