"""Tells who sent or joined a report how far it is: once for each change, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import OPEN, Status
from feed.wording import say
from store import outbox
from store.feed_tables import cases
from store.report_tables import report_supporters, reports
from store.retention import addressed
from store.tables import conversations

_TOLD = frozenset({Status.ASSIGNED, Status.CLOSED})
"""An answer is told with its text (`feed.telling`), and that one is drafted concerns nobody outside."""


async def tell_reporter(connection: AsyncConnection, case_id: int, now: datetime) -> int:
    """Tells of the state that a case has now, if that is news; returns how many conversations were told."""
    statement = (
        select(cases.c.code, cases.c.status, cases.c.agency, reports.c.told_status, reports.c.conversation_id)
        .join(reports, reports.c.case_id == cases.c.id)
        .where(cases.c.id == case_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None or row.status == row.told_status:
        return 0
    noted = update(reports).where(reports.c.case_id == case_id)
    await connection.execute(noted.values(told_status=row.status))
    if row.status not in _TOLD:
        return 0
    told = await _tell(connection, [row.conversation_id], _state_reply("report_told", row), now)
    others = await _supporters(connection, case_id)
    return told + await _tell(connection, others, _state_reply("report_told_supporter", row), now)


async def withdraw_all(connection: AsyncConnection, conversation_id: int, now: datetime) -> int:
    """Takes back what a conversation reported, because its citizen deletes it: open cases are closed without words.

    Those who joined are told. Returns how many reports went.
    """
    mine = select(reports.c.case_id, cases.c.code, cases.c.status)
    mine = mine.join(cases, cases.c.id == reports.c.case_id).where(reports.c.conversation_id == conversation_id)
    gone = (await connection.execute(mine)).all()
    for row in gone:
        if row.status in OPEN:
            closed = {"status": Status.CLOSED, "closed_at": now, "version": cases.c.version + 1}
            await connection.execute(update(cases).where(cases.c.id == row.case_id).values(**closed))
            reply = {"blocks": [_block(say("report_told_withdrawn", code=row.code))]}
            await _tell(connection, await _supporters(connection, row.case_id), reply, now)
    await connection.execute(delete(reports).where(reports.c.conversation_id == conversation_id))
    return len(gone)


async def _supporters(connection: AsyncConnection, case_id: int) -> list[int]:
    joined = select(report_supporters.c.conversation_id).where(report_supporters.c.case_id == case_id)
    return list((await connection.execute(joined.order_by(report_supporters.c.conversation_id))).scalars())


async def _tell(connection: AsyncConnection, ids: list[int], reply: dict[str, Any], now: datetime) -> int:
    """Those of the conversations that still have an address."""
    reached = select(conversations.c.id, conversations.c.channel).where(conversations.c.id.in_(ids), addressed())
    rows = (await connection.execute(reached.order_by(conversations.c.id))).all()
    for row in rows:
        await outbox.add(connection, outbox.Draft(row.id, row.channel, reply), now)
    return len(rows)


def _state_reply(key: str, row: Any) -> dict[str, Any]:
    status = say(f"report_status_{row.status}")
    named = row.agency is not None and row.status == Status.ASSIGNED
    words = say(f"{key}_agency" if named else key, code=row.code, status=status, agency=row.agency)
    return {"blocks": [_block(words), _block(say("report_how_to_look", code=row.code), "note")]}


def _block(text: str, kind: str = "text") -> dict[str, str]:
    return {"kind": kind, "text": text}
