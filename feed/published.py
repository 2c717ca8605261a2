"""The answers that are in force for everybody: approved, public, neither withdrawn nor expired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.redaction.view import fold
from store.feed_tables import answers, cases
from store.tables import questions

MOST_WORDINGS = 20
"""Of a case's questions, the newest ones by which its answer is found."""
LONGEST_WORDING = 300
MOST_WORDS = 10
"""Of a search."""


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A published answer with the code and the field of its case."""

    id: int
    case_id: int
    code: str
    field: str | None
    question: str
    text: str
    agency: str
    sources: tuple[dict[str, Any], ...]
    """In the form of a reply's citations."""
    published_at: datetime
    expires_at: datetime | None


_OF_ANSWER = ("id", "case_id", "question", "text", "agency", "sources", "published_at", "expires_at")
_COLUMNS = (*(answers.c[name] for name in _OF_ANSWER), cases.c.code, cases.c.field)


def in_force(now: datetime) -> ColumnElement[bool]:
    """Whether the bot and the public page may show an answer."""
    expired = answers.c.expires_at.is_not(None) & (answers.c.expires_at <= now)
    return (answers.c.status == "approved") & answers.c.public & answers.c.published_at.is_not(None) & ~expired


async def edition(connection: AsyncConnection, now: datetime) -> tuple[tuple[int, int, int], ...]:
    """What tells one state of all answers in force from another: id, version, how many asked."""
    statement = select(answers.c.id, answers.c.version, cases.c.askers).join(cases, cases.c.id == answers.c.case_id)
    rows = await connection.execute(statement.where(in_force(now)).order_by(answers.c.id))
    return tuple((row.id, row.version, row.askers) for row in rows)


async def all_in_force(connection: AsyncConnection, now: datetime) -> list[PublicAnswer]:
    """Every answer in force, the newest first."""
    statement = select(*_COLUMNS).join(cases, cases.c.id == answers.c.case_id).where(in_force(now))
    rows = await connection.execute(statement.order_by(answers.c.published_at.desc(), answers.c.id.desc()))
    return [_answer(row) for row in rows]


async def wordings(connection: AsyncConnection, case_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """How the cases' askers said it, redacted, the newest first, each wording once."""
    place = func.row_number().over(partition_by=questions.c.case_id, order_by=questions.c.id.desc()).label("place")
    asked = (
        select(questions.c.case_id, questions.c.text, place)
        .where(
            questions.c.case_id.in_(case_ids),
            questions.c.choice.is_(None),
            func.length(questions.c.text) <= LONGEST_WORDING,
        )
        .subquery()
    )
    rows = await connection.execute(select(asked).where(asked.c.place <= MOST_WORDINGS))
    found: dict[int, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row.case_id, {})[row.text] = None
    return {case_id: tuple(texts) for case_id, texts in found.items()}


async def held(connection: AsyncConnection, ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of the answers that are in force, and stay so until the transaction ends.

    Call it before the conversation is locked: who withdraws an answer holds it before the conversations.
    """
    statement = select(answers.c.id).where(answers.c.id.in_(sorted(ids)), in_force(now)).order_by(answers.c.id)
    return frozenset((await connection.execute(statement.with_for_update(read=True))).scalars())


def matching(found: Sequence[PublicAnswer], words: str, field: str = "") -> list[PublicAnswer]:
    """Those of the answers that hold all the words, with or without diacritics, and belong to the field named."""
    wanted = fold(words).split()[:MOST_WORDS]
    kept = [answer for answer in found if not field or answer.field == field]
    return [answer for answer in kept if all(word in fold(f"{answer.question} {answer.text}") for word in wanted)]


async def of_case(connection: AsyncConnection, code: str, now: datetime) -> PublicAnswer | None:
    """The answer in force of the case with this code."""
    statement = (
        select(*_COLUMNS).join(cases, cases.c.id == answers.c.case_id).where(cases.c.code == code, in_force(now))
    )
    row = (await connection.execute(statement.order_by(answers.c.id.desc()).limit(1))).one_or_none()
    return None if row is None else _answer(row)


async def was_public(connection: AsyncConnection, code: str) -> bool:
    """Whether the case with this code had a public answer at any time."""
    statement = select(answers.c.id).join(cases, cases.c.id == answers.c.case_id)
    mine = statement.where(cases.c.code == code, answers.c.published_at.is_not(None))
    return (await connection.execute(mine)).first() is not None


def _answer(row: Any) -> PublicAnswer:
    return PublicAnswer(**dict(row._mapping) | {"sources": tuple(row.sources)})
