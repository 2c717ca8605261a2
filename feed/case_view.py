"""All that officers see of one case: what was asked, by how many and where, answers, notes, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import Status
from feed.door import clean
from feed.errors import NotFound
from feed.labels.effective import CORRECTED, FLAGS, KIND, SENTIMENT, corrected
from store.feed_tables import answers, case_notes, cases
from store.tables import audit, outbox, questions

_WORDINGS = 20
_EXCERPT = 5
_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One matter."""

    id: int
    code: str
    origin: str
    status: Status
    version: int
    lead_question_id: int | None
    cluster_id: int | None
    kind: str | None
    sentiment: str | None
    flags: tuple[str, ...]
    urgent: bool
    channel: str
    field: str | None
    procedure_code: str | None
    commune_id: str | None
    agency: str | None
    assignee_id: int | None
    askers: int
    opened_at: datetime
    last_asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, from draft to withdrawn. `sources` have the form of a reply's citations."""

    id: int
    question: str
    text: str
    sources: tuple[Mapping[str, Any], ...]
    agency: str
    status: str
    public: bool
    author_id: int | None
    approver_id: int | None
    created_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    published_at: datetime | None
    expires_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


@dataclass(frozen=True, slots=True)
class Wording:
    """One question as it stands in the log, redacted, with the labels that count."""

    id: int
    text: str
    asked_at: datetime
    channel: str
    commune_id: str | None
    kind: str | None
    sentiment: str | None
    flags: tuple[str, ...]
    corrected: bool
    """Whether a person said what it is."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message before the question, and what the service replied."""

    text: str
    reply: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What one officer leaves for the others."""

    author_id: int | None
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the audit log."""

    at: datetime
    actor: str
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Who asks: questions, conversations, and questions by channel, commune and mood, the most first."""

    questions: int
    conversations: int
    channels: tuple[tuple[str | None, int], ...]
    communes: tuple[tuple[str | None, int], ...]
    moods: tuple[tuple[str | None, int], ...]


async def find(connection: AsyncConnection, code: str) -> Case:
    """The case with this code. Raises `NotFound`."""
    columns = [cases.c[name] for name in Case.__dataclass_fields__]
    row = (await connection.execute(select(*columns).where(cases.c.code == clean(code)[:20]))).one_or_none()
    if row is None:
        raise NotFound
    values = dict(row._mapping)
    return Case(**values | {"status": Status(row.status), "flags": tuple(row.flags)})


async def answers_of(connection: AsyncConnection, case_id: int) -> list[Answer]:
    """Its answers, newest first."""
    columns = [answers.c[name] for name in Answer.__dataclass_fields__]
    statement = select(*columns).where(answers.c.case_id == case_id).order_by(answers.c.id.desc())
    rows = await connection.execute(statement)
    return [Answer(**dict(row._mapping) | {"sources": tuple(row.sources)}) for row in rows]


async def notes_of(connection: AsyncConnection, case_id: int) -> list[Note]:
    """Its notes, newest first."""
    statement = select(case_notes).where(case_notes.c.case_id == case_id).order_by(case_notes.c.id.desc())
    return [Note(row.author_id, row.text, row.created_at) for row in await connection.execute(statement)]


async def history_of(connection: AsyncConnection, case_id: int) -> list[Event]:
    """What was done with it, latest first."""
    statement = (
        select(audit.c.at, audit.c.actor, audit.c.action, audit.c.detail)
        .where(audit.c.subject == f"case:{case_id}")
        .order_by(audit.c.id.desc())
        .limit(_EVENTS)
    )
    return [Event(*row) for row in await connection.execute(statement)]


async def wordings_of(connection: AsyncConnection, found: Case) -> list[Wording]:
    """How citizens asked it, each wording once: the first question, then the latest ones."""
    first = case((questions.c.id == found.lead_question_id, 0), else_=1)
    statement = (
        select(
            *(questions.c[name] for name in ("id", "text", "asked_at", "channel", "commune_id")),
            KIND.label("kind"),
            SENTIMENT.label("sentiment"),
            FLAGS.label("flags"),
            CORRECTED.label("corrected"),
        )
        .select_from(corrected())
        .where(questions.c.case_id == found.id, questions.c.text != "")
        .order_by(first, questions.c.id.desc())
        .limit(5 * _WORDINGS)
    )
    by_text: dict[str, Wording] = {}
    for row in await connection.execute(statement):
        by_text.setdefault(row.text.casefold(), _wording(row))
    return list(by_text.values())[:_WORDINGS]


async def excerpt_of(connection: AsyncConnection, found: Case) -> list[Said]:
    """The conversation up to the first question, as it is stored: redacted. Empty where it was deleted."""
    lead = select(questions.c.conversation_id, questions.c.id).where(questions.c.id == found.lead_question_id)
    row = (await connection.execute(lead)).one_or_none()
    if row is None:
        return []
    before = (
        select(questions.c.inbox_id, questions.c.text, questions.c.asked_at)
        .where(questions.c.conversation_id == row.conversation_id, questions.c.id <= row.id)
        .order_by(questions.c.id.desc())
        .limit(_EXCERPT)
    )
    said = (await connection.execute(before)).all()[::-1]
    replies: dict[int, list[str]] = {}
    sent = select(outbox.c.inbox_id, outbox.c.payload).where(outbox.c.inbox_id.in_([one.inbox_id for one in said]))
    for inbox_id, payload in await connection.execute(sent.order_by(outbox.c.id)):
        replies.setdefault(inbox_id, []).extend(_lines(payload))
    return [Said(one.text, tuple(replies.get(one.inbox_id, ())), one.asked_at) for one in said]


async def figures_of(connection: AsyncConnection, case_id: int) -> Figures:
    """Who asks it, counted over all its questions."""
    mine = questions.c.case_id == case_id
    total = select(func.count(), func.count(questions.c.conversation_id.distinct())).where(mine)
    asked, chats = (await connection.execute(total)).one()

    async def by(column: ColumnElement[Any]) -> tuple[tuple[str | None, int], ...]:
        number = func.count().label("number")
        statement = select(column, number).select_from(corrected()).where(mine).group_by(column)
        rows = await connection.execute(statement.order_by(number.desc(), column).limit(10))
        return tuple((value, count) for value, count in rows)

    return Figures(
        asked, chats, await by(questions.c.channel), await by(questions.c.commune_id), await by(SENTIMENT)
    )


def _wording(row: Any) -> Wording:
    values = dict(row._mapping)
    return Wording(**values | {"flags": tuple(row.flags or ()), "corrected": bool(row.corrected)})


def _lines(payload: Mapping[str, Any]) -> list[str]:
    """The text of a reply, without its choices."""
    lines: list[str] = []
    for block in payload.get("blocks", ()):
        lines += [block["text"]] if block.get("text") else []
        lines += [f"– {item}" for item in block.get("items", ())]
    return lines
