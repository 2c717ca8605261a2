"""What a person says that a question is: beside what the machine said, never over it, and for the next training."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.labels.effective import FLAGS, KIND, SENTIMENT
from feed.labels.types import Flag, Kind, Sentiment
from store import audit
from store.feed_tables import label_corrections
from store.rows import insert_into
from store.tables import questions

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says; what is None stays as the machine has it. No flags at all is the empty set."""

    kind: Kind | None = None
    sentiment: Sentiment | None = None
    flags: frozenset[Flag] | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question whose labels a person has looked at, as it counts now. `text` is redacted."""

    text: str
    kind: str | None
    sentiment: str | None
    flags: tuple[str, ...]
    corrected_at: datetime


async def correct(
    connection: AsyncConnection, question_id: int, correction: Correction, author_id: int, now: datetime
) -> bool:
    """Writes a correction in the place of an earlier one, with an audit entry; False where there is no such question.

    A correction that says nothing takes the earlier one back.
    """
    known = select(questions.c.id).where(questions.c.id == question_id)
    if (await connection.execute(known)).scalar_one_or_none() is None:
        return False
    said = {
        "kind": correction.kind,
        "sentiment": correction.sentiment,
        "flags": None if correction.flags is None else sorted(correction.flags),
    }
    if correction == Correction():
        mine = label_corrections.c.question_id == question_id
        await connection.execute(delete(label_corrections).where(mine))
    else:
        values = {**said, "author_id": author_id, "corrected_at": now}
        statement = insert_into(connection, label_corrections).values(question_id=question_id, **values)
        await connection.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=values))
    await audit.record(connection, now, f"account:{author_id}", "labels_corrected", f"question:{question_id}", **said)
    return True


async def of_question(connection: AsyncConnection, question_id: int) -> Correction:
    """What was said of a question."""
    columns = (label_corrections.c.kind, label_corrections.c.sentiment, label_corrections.c.flags)
    mine = label_corrections.c.question_id == question_id
    row = (await connection.execute(select(*columns).where(mine))).one_or_none()
    if row is None:
        return Correction()
    return Correction(
        kind=None if row.kind is None else Kind(row.kind),
        sentiment=None if row.sentiment is None else Sentiment(row.sentiment),
        flags=None if row.flags is None else frozenset(map(Flag, row.flags)),
    )


async def corrected_messages(connection: AsyncConnection) -> AsyncIterator[Corrected]:
    """All corrected questions that somebody typed, oldest first."""
    last = 0
    while True:
        page = (
            select(
                questions.c.id,
                questions.c.text,
                KIND.label("kind"),
                SENTIMENT.label("sentiment"),
                FLAGS.label("flags"),
                label_corrections.c.corrected_at,
            )
            .join(label_corrections, label_corrections.c.question_id == questions.c.id)
            .where(questions.c.id > last, questions.c.choice.is_(None), questions.c.text != "")
            .order_by(questions.c.id)
            .limit(_PAGE)
        )
        rows = (await connection.execute(page)).all()
        for row in rows:
            yield Corrected(row.text, row.kind, row.sentiment, tuple(row.flags or ()), row.corrected_at)
        if len(rows) < _PAGE:
            return
        last = rows[-1].id
