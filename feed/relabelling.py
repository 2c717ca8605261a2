"""Reads questions whose labels are not of the present model, and writes their new labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.tables import questions


@dataclass(frozen=True, slots=True)
class Stored:
    """A question as far as labelling needs it. `text` is redacted."""

    id: int
    text: str
    procedure_code: str | None
    field: str | None
    commune_id: str | None


@dataclass(frozen=True, slots=True)
class Values:
    """New values of a question's labels, by column."""

    id: int
    columns: dict[str, Any]


async def next_unlabelled(connection: AsyncConnection, model: str, after: int, limit: int) -> list[Stored]:
    """Typed questions after this id that have no labels of this model, by id."""
    columns = [questions.c[name] for name in Stored.__dataclass_fields__]
    old = or_(questions.c.labelled_by.is_(None), questions.c.labelled_by != model)
    typed = (questions.c.choice.is_(None), questions.c.text != "")
    statement = select(*columns).where(questions.c.id > after, old, *typed).order_by(questions.c.id).limit(limit)
    return [Stored(*row) for row in await connection.execute(statement)]


async def write_labels(connection: AsyncConnection, labelled: Sequence[Values]) -> None:
    """Writes them; a question that was deleted meanwhile stays deleted."""
    if not labelled:
        return
    names = list(labelled[0].columns)
    chosen = update(questions).where(questions.c.id == bindparam("question_id"))
    statement = chosen.values({name: bindparam(f"new_{name}") for name in names})
    rows = [
        {"question_id": one.id, **{f"new_{name}": _plain(one.columns[name]) for name in names}} for one in labelled
    ]
    await connection.execute(statement, rows)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
