"""Conversations: one row per chat of a channel, holding what the engine remembers of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit as audit_log
from store.rows import insert_new
from store.tables import conversations, inbox, outbox, questions


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stored conversation. `version` rises with every turn; `public_id` is unguessable."""

    id: int
    public_id: str
    channel: str
    chat_id: str
    state: dict[str, Any]
    version: int


_COLUMNS = (
    conversations.c.id,
    conversations.c.public_id,
    conversations.c.channel,
    conversations.c.chat_id,
    conversations.c.state,
    conversations.c.version,
)


def new_public_id() -> str:
    """A name for a conversation that cannot be guessed: 128 random bits."""
    return secrets.token_urlsafe(16)


async def open_locked(connection: AsyncConnection, channel: str, chat_id: str, now: datetime) -> Conversation:
    """The conversation of a chat, made if it is new, locked until the transaction ends."""
    where = (conversations.c.channel == channel) & (conversations.c.chat_id == chat_id)
    while (found := await _one(connection, where, locked=True)) is None:
        values = {
            "public_id": new_public_id(),
            "channel": channel,
            "chat_id": chat_id,
            "state": {},
            "created_at": now,
            "updated_at": now,
        }
        await insert_new(connection, conversations, values, ["channel", "chat_id"])
    return found


async def load(connection: AsyncConnection, conversation_id: int) -> Conversation | None:
    """The conversation, or None when it was deleted."""
    return await _one(connection, conversations.c.id == conversation_id, locked=False)


async def load_locked(connection: AsyncConnection, conversation_id: int) -> Conversation | None:
    """The conversation, locked until the transaction ends. Always lock it before rows that belong to it."""
    return await _one(connection, conversations.c.id == conversation_id, locked=True)


async def find(connection: AsyncConnection, public_id: str) -> Conversation | None:
    """The conversation that the outside world knows by `public_id`."""
    return await _one(connection, conversations.c.public_id == public_id, locked=False)


async def of_chat(connection: AsyncConnection, channel: str, chat_id: str) -> Conversation | None:
    """The conversation of a channel's chat, if anything was ever said in it."""
    mine = (conversations.c.channel == channel) & (conversations.c.chat_id == chat_id)
    return await _one(connection, mine, locked=False)


async def save_state(
    connection: AsyncConnection, conversation: Conversation, state: dict[str, Any], now: datetime
) -> None:
    """Writes the state after a turn. The caller holds the lock and has compared the version."""
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation.id)
        .values(state=state, version=conversation.version + 1, updated_at=now)
    )


async def delete_conversation(connection: AsyncConnection, conversation_id: int, now: datetime) -> bool:
    """Deletes everything a person said or was told, with an audit entry; False when there is nothing.

    Emptied inbox rows stay behind under the platform's message id, so that an update which the platform sends
    again is not taken for a new question.
    """
    conversation = await load_locked(connection, conversation_id)
    if conversation is None:
        return False
    mine = inbox.c.conversation_id == conversation_id
    emptied = {"text": "", "choice": None, "conversation_id": None, "status": "done", "lease_until": None}
    await connection.execute(questions.delete().where(questions.c.conversation_id == conversation_id))
    await connection.execute(outbox.delete().where(outbox.c.conversation_id == conversation_id))
    await connection.execute(update(inbox).where(mine).values(**emptied))
    await connection.execute(conversations.delete().where(conversations.c.id == conversation_id))
    subject = f"conversation:{conversation_id}"
    await audit_log.record(connection, now, "citizen", "conversation_deleted", subject, channel=conversation.channel)
    return True


async def _one(connection: AsyncConnection, where: ColumnElement[bool], *, locked: bool) -> Conversation | None:
    statement = select(*_COLUMNS).where(where)
    if locked:
        statement = statement.with_for_update()  # SQLite ignores it: there the whole write is exclusive
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Conversation(*row)
