"""Photos of reports: the platform's name of each, kept loose until the report is sent and then with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.report_tables import report_photos

MOST = 3
"""Photos of one report."""
_LONGEST = 200


async def keep(
    connection: AsyncConnection, conversation_id: int, channel: str, reference: str, now: datetime
) -> bool:
    """Keeps a photo for the report under way; False, and nothing is kept, where there are enough."""
    if len(reference) > _LONGEST or await pending(connection, conversation_id) >= MOST:
        return False
    values = {"conversation_id": conversation_id, "channel": channel, "reference": reference, "received_at": now}
    await connection.execute(report_photos.insert().values(**values))
    return True


async def pending(connection: AsyncConnection, conversation_id: int) -> int:
    """How many photos wait for a report to be sent."""
    statement = select(func.count()).select_from(report_photos).where(_loose(conversation_id))
    return int((await connection.execute(statement)).scalar_one())


async def attach(connection: AsyncConnection, conversation_id: int, case_id: int) -> int:
    """Gives the photos that wait to a report; returns how many."""
    chosen = update(report_photos).where(_loose(conversation_id)).values(case_id=case_id)
    return int((await connection.execute(chosen)).rowcount)


async def drop(connection: AsyncConnection, conversation_id: int) -> None:
    """Forgets the photos that wait: their report is not sent."""
    await connection.execute(delete(report_photos).where(_loose(conversation_id)))


def _loose(conversation_id: int) -> ColumnElement[bool]:
    return (report_photos.c.conversation_id == conversation_id) & report_photos.c.case_id.is_(None)
