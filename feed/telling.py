"""Tells citizens what officials said: an answer to all who asked, and that it was withdrawn to all who had got it.

Each is told once, by rows of the outbox in the caller's transaction: what was decided and what is sent cannot part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.wording import day_of, day_words, say
from store import outbox as letters
from store.feed_tables import answer_receipts, answers, cases
from store.retention import addressed
from store.rows import insert_into
from store.tables import conversations, outbox, questions

_STEP = 500
"""Conversations looked up at once."""


async def tell_askers(connection: AsyncConnection, answer_id: int, now: datetime) -> int:
    """Sends an answer to everybody who asked its case and has not got it yet; returns how many were told.

    So are those who had got an answer of the case that was withdrawn.
    """
    answer = await _answer(connection, answer_id)
    told = 0
    for chat in await _chats(connection, await _waiting(connection, answer.case_id)):
        if await receive(connection, answer_id, chat.id, now):
            await letters.add(connection, letters.Draft(chat.id, chat.channel, _answer_reply(answer, now)), now)
            told += 1
    return told


async def tell_withdrawn(connection: AsyncConnection, answer_id: int, now: datetime) -> int:
    """Says to everybody who got an answer that it was withdrawn, each once; returns how many were told.

    Where the answer itself still waits to be sent, it never will be.
    """
    answer = await _answer(connection, answer_id)
    untold = (answer_receipts.c.answer_id == answer_id) & answer_receipts.c.told_withdrawn_at.is_(None)
    had = list((await connection.execute(select(answer_receipts.c.conversation_id).where(untold))).scalars())
    await connection.execute(update(answer_receipts).where(untold).values(told_withdrawn_at=now))
    reply, told = _withdrawn_reply(answer, now), 0
    for chat in await _chats(connection, had):
        if await _take_back(connection, chat.id, answer.text, reply, now):
            continue
        await letters.add(connection, letters.Draft(chat.id, chat.channel, reply), now)
        told += 1
    return told


async def receive(connection: AsyncConnection, answer_id: int, conversation_id: int, now: datetime) -> bool:
    """Notes that a conversation got an answer; False when that was known."""
    values = {"answer_id": answer_id, "conversation_id": conversation_id, "received_at": now}
    keys = ["answer_id", "conversation_id"]
    statement = insert_into(connection, answer_receipts).values(**values).on_conflict_do_nothing(index_elements=keys)
    return (await connection.execute(statement)).rowcount == 1


async def _answer(connection: AsyncConnection, answer_id: int) -> Row[Any]:
    statement = (
        select(answers, cases.c.code, cases.c.origin)
        .join(cases, cases.c.id == answers.c.case_id)
        .where(answers.c.id == answer_id)
    )
    return (await connection.execute(statement)).one()


async def _waiting(connection: AsyncConnection, case_id: int) -> list[int]:
    """The conversations that asked a case, and those that had a withdrawn answer of it."""
    asked = select(questions.c.conversation_id).where(questions.c.case_id == case_id)
    misled = (
        select(answer_receipts.c.conversation_id)
        .join(answers, answers.c.id == answer_receipts.c.answer_id)
        .where(answers.c.case_id == case_id, answer_receipts.c.told_withdrawn_at.is_not(None))
    )
    return list((await connection.execute(asked.union(misled))).scalars())


async def _chats(connection: AsyncConnection, ids: Sequence[int]) -> list[Row[int, str]]:
    """Those of the conversations that still have an address, held until the transaction ends, in one order."""
    found: list[Row[int, str]] = []
    for start in range(0, len(ids), _STEP):
        statement = (
            select(conversations.c.id, conversations.c.channel)
            .where(conversations.c.id.in_(sorted(ids)[start : start + _STEP]), addressed())
            .order_by(conversations.c.id)
            .with_for_update(read=True, key_share=True)
        )
        found += (await connection.execute(statement)).all()
    return found


async def _take_back(
    connection: AsyncConnection, conversation_id: int, text: str, instead: dict[str, Any], now: datetime
) -> bool:
    """Stops an answer that still waits in the outbox: nobody asked for it now, or `instead` takes its place."""
    waits = outbox.c.status.in_((letters.PENDING, letters.FAILED))
    free = outbox.c.lease_until.is_(None) | (outbox.c.lease_until <= now)
    waiting = (
        select(outbox.c.id, outbox.c.inbox_id, outbox.c.payload)
        .where(outbox.c.conversation_id == conversation_id, waits, free)
        .with_for_update(skip_locked=True)
    )
    stopped = False
    for row_id, inbox_id, payload in (await connection.execute(waiting)).all():
        if not any(block["text"] == text for block in payload["blocks"]):
            continue
        stopped, mine = True, outbox.c.id == row_id
        change = delete(outbox) if inbox_id is None else update(outbox).values(payload=instead)
        await connection.execute(change.where(mine))
    return stopped


def _answer_reply(answer: Row[Any], now: datetime) -> dict[str, Any]:
    """The answer with who gave it and when, in the form of replies."""
    given = day_of(answer.approved_at or now)
    opening = say("tell_answered_report" if answer.origin == "report" else "tell_answered")
    author = say("tell_author", agency=answer.agency, day=day_words(given), code=answer.code)
    blocks = [_block("text", opening), _block("title", answer.question)]
    return {"blocks": [*blocks, _block("text", answer.text), _block("note", author)], "citations": answer.sources}


def _withdrawn_reply(answer: Row[Any], now: datetime) -> dict[str, Any]:
    given = day_words(day_of(answer.approved_at or now))
    words = say("tell_withdrawn", day=given, question=answer.question, agency=answer.agency)
    return {"blocks": [_block("text", words), _block("text", say("tell_withdrawn_next"))]}


def _block(kind: str, text: str) -> dict[str, str]:
    return {"kind": kind, "text": text}
