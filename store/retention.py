"""Deletes what is older than its time: messages, the chats' addresses, the question log. In small steps.

Each function does at most `limit` rows in the transaction it is given and returns how many, so that a caller repeats it
without holding SQLite's write lock for long; a killed one has lost nothing but time.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import report_retention
from store.booking_tables import appointments, waits
from store.conversations import new_public_id
from store.erasure import EMPTIED
from store.inbox import NEW
from store.outbox import DEAD, SENT
from store.tables import conversations, inbox, outbox, questions

_NOBODY = "gone:"
"""How a chat's address begins that was deleted; no platform's does."""


async def empty_messages(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Takes the text out of handled messages; their entry in the question log stays."""
    old = (
        select(inbox.c.id)
        .where(inbox.c.conversation_id.is_not(None), inbox.c.received_at < before, inbox.c.status != NEW)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return await _rows(connection, update(inbox).where(inbox.c.id.in_(old)).values(**EMPTIED))


async def delete_replies(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes replies that were sent or given up."""
    done = outbox.c.status.in_((SENT, DEAD))
    old = select(outbox.c.id).where(outbox.c.created_at < before, done).order_by(outbox.c.id).limit(limit)
    return await _rows(connection, delete(outbox).where(outbox.c.id.in_(old)))


async def detach_idle(connection: AsyncConnection, before: datetime, now: datetime, limit: int) -> int:
    """Deletes the address and the memory of conversations in which nothing was said since `before`.

    What is left of one is a row without meaning that holds its entries of the question log together. One with an
    appointment to come stays, since it will be reminded.
    """
    to_come = exists().where(appointments.c.conversation_id == conversations.c.id, appointments.c.ends_at > now)
    idle = (
        select(conversations.c.id)
        .where(
            conversations.c.updated_at < before,
            addressed(),
            ~to_come,
            ~report_retention.awaits_word(),
            ~_waits_for_something(),
        )
        .order_by(conversations.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = list((await connection.execute(idle)).scalars())
    for conversation_id in found:
        await _detach(connection, conversation_id)
    return len(found)


async def delete_questions(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes entries of the question log with their votes."""
    old = select(questions.c.id).where(questions.c.asked_at < before).order_by(questions.c.asked_at).limit(limit)
    return await _rows(connection, delete(questions).where(questions.c.id.in_(old)))


async def delete_erased(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes conversations whose last word, before `before`, was their deletion: all has been delivered."""
    later = questions.alias("later")
    more = exists().where(later.c.conversation_id == questions.c.conversation_id, later.c.id > questions.c.id)
    erased = select(questions.c.conversation_id).where(
        questions.c.outcome == "erased", questions.c.asked_at < before, ~more
    )
    gone = select(conversations.c.id).where(conversations.c.id.in_(erased), ~_waits_for_something())
    return await _delete_conversations(connection, gone.order_by(conversations.c.id).limit(limit))


async def delete_remnants(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes conversations without address and messages without text to which nothing belongs any more."""
    asked = exists().where(questions.c.conversation_id == conversations.c.id)
    empty = select(conversations.c.id).where(~addressed(), ~asked).order_by(conversations.c.id).limit(limit)
    deleted = await _delete_conversations(connection, empty)
    logged = exists().where(questions.c.inbox_id == inbox.c.id)
    answered = exists().where(outbox.c.inbox_id == inbox.c.id)
    forgotten = inbox.c.conversation_id.is_(None) & (inbox.c.received_at < before)
    old = select(inbox.c.id).where(forgotten, ~logged, ~answered).order_by(inbox.c.id).limit(limit)
    return deleted + await _rows(connection, delete(inbox).where(inbox.c.id.in_(old)))


def addressed() -> ColumnElement[bool]:
    """Whether a conversation still has a chat to which something can be sent."""
    return ~conversations.c.chat_id.startswith(_NOBODY, autoescape=True)


async def _detach(connection: AsyncConnection, conversation_id: int) -> None:
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation_id))
    await connection.execute(delete(waits).where(waits.c.conversation_id == conversation_id))
    await report_retention.detach(connection, conversation_id)
    over = update(appointments).where(appointments.c.conversation_id == conversation_id)
    await connection.execute(over.values(conversation_id=None))
    mine = update(inbox).where(inbox.c.conversation_id == conversation_id)
    await connection.execute(mine.values(**EMPTIED))
    nobody = {"chat_id": _NOBODY + secrets.token_urlsafe(12), "public_id": new_public_id(), "state": {}}
    row = update(conversations).where(conversations.c.id == conversation_id)
    await connection.execute(row.values(**nobody, version=conversations.c.version + 1))


async def _delete_conversations(connection: AsyncConnection, chosen: Select[int]) -> int:
    """With all that belongs to them."""
    found = list((await connection.execute(chosen.with_for_update(skip_locked=True))).scalars())
    await connection.execute(delete(questions).where(questions.c.conversation_id.in_(found)))
    await connection.execute(delete(outbox).where(outbox.c.conversation_id.in_(found)))
    await connection.execute(update(inbox).where(inbox.c.conversation_id.in_(found)).values(**EMPTIED))
    return await _rows(connection, delete(conversations).where(conversations.c.id.in_(found)))


def _waits_for_something() -> ColumnElement[bool]:
    return or_(
        exists().where(inbox.c.conversation_id == conversations.c.id, inbox.c.status == NEW),
        exists().where(outbox.c.conversation_id == conversations.c.id, outbox.c.status.not_in((SENT, DEAD))),
    )


async def _rows(connection: AsyncConnection, statement: Update | Delete) -> int:
    return int((await connection.execute(statement)).rowcount)
