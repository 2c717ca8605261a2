"""Ready-made pieces of answers. Every change writes an entry into the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.change import Change, required
from feed.errors import NotFound, TitleTaken
from store.feed_tables import answer_templates
from store.rows import insert_new

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Template:
    """One of them."""

    id: int
    title: str
    text: str
    updated_at: datetime


async def everything(connection: AsyncConnection) -> list[Template]:
    """All templates by title."""
    rows = await connection.execute(select(answer_templates).order_by(answer_templates.c.title))
    return [Template(**row._mapping) for row in rows]


async def find(connection: AsyncConnection, template_id: int) -> Template:
    """The template of this number. Raises `NotFound`."""
    statement = select(answer_templates).where(answer_templates.c.id == template_id)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return Template(**row._mapping)


async def add(change: Change, title: str, text: str) -> int:
    """Keeps a new template. Raises `Missing`, `TooLong` or `TitleTaken`."""
    values = _values(change, title, text)
    template_id = await insert_new(change.connection, answer_templates, values, ["title"])
    if template_id is None:
        raise TitleTaken
    await change.record("template_added", f"template:{template_id}", title=values["title"])
    return template_id


async def edit(change: Change, template_id: int, title: str, text: str) -> None:
    """Changes a template; answers made with it stay as they are. Raises like `add`, and `NotFound`."""
    values = _values(change, title, text)
    statement = update(answer_templates).where(answer_templates.c.id == template_id)
    try:
        changed = await change.connection.execute(statement.values(**values))
    except IntegrityError as error:
        raise TitleTaken from error
    if changed.rowcount == 0:
        raise NotFound
    await change.record("template_changed", f"template:{template_id}", title=values["title"])


async def remove(change: Change, template_id: int) -> None:
    """Deletes a template. Raises `NotFound`."""
    template = await find(change.connection, template_id)
    await change.connection.execute(delete(answer_templates).where(answer_templates.c.id == template_id))
    await change.record("template_removed", f"template:{template_id}", title=template.title)


def _values(change: Change, title: str, text: str) -> dict[str, Any]:
    return {
        "title": required(title, "title", LONGEST_TITLE),
        "text": required(text, "answer"),
        "updated_at": change.at,
    }
