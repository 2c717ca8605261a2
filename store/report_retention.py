"""Deletes what is older than its time of reports and ratings, in small steps as `store.retention` does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.feed_tables import cases
from store.report_tables import ratings, report_photos, report_supporters, reports
from store.tables import conversations


async def forget_contacts(connection: AsyncConnection, ended_before: datetime, limit: int) -> int:
    """Takes name and phone out of reports whose case was answered or closed before that time."""
    ended = or_(cases.c.answered_at < ended_before, cases.c.closed_at < ended_before)
    named = or_(reports.c.contact_name.is_not(None), reports.c.contact_phone.is_not(None))
    old = select(reports.c.case_id).join(cases, cases.c.id == reports.c.case_id).where(named, ended)
    chosen = update(reports).where(reports.c.case_id.in_(old.order_by(reports.c.case_id).limit(limit)))
    return int((await connection.execute(chosen.values(contact_name=None, contact_phone=None))).rowcount)


async def delete_reports(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes what old reports say, with their supporters and photos. Their cases stay, without words."""
    old = select(reports.c.case_id).where(reports.c.created_at < before).order_by(reports.c.case_id).limit(limit)
    return int((await connection.execute(delete(reports).where(reports.c.case_id.in_(old)))).rowcount)


async def delete_loose_photos(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Forgets photos for reports that were never sent."""
    loose = report_photos.c.case_id.is_(None) & (report_photos.c.received_at < before)
    old = select(report_photos.c.id).where(loose).order_by(report_photos.c.id).limit(limit)
    return int((await connection.execute(delete(report_photos).where(report_photos.c.id.in_(old)))).rowcount)


async def delete_ratings(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes old ratings, those of appointments, too."""
    old = select(ratings.c.id).where(ratings.c.rated_at < before).order_by(ratings.c.id).limit(limit)
    return int((await connection.execute(delete(ratings).where(ratings.c.id.in_(old)))).rowcount)


def awaits_word() -> ColumnElement[bool]:
    """Whether a conversation sent or joined a report that nobody has answered or closed: it will be told."""
    open_case = cases.c.answered_at.is_(None) & cases.c.closed_at.is_(None)
    sent = exists().where(reports.c.conversation_id == conversations.c.id, cases.c.id == reports.c.case_id, open_case)
    mine = report_supporters.c.conversation_id == conversations.c.id
    joined = exists().where(mine, cases.c.id == report_supporters.c.case_id, open_case)
    return or_(sent, joined)


async def detach(connection: AsyncConnection, conversation_id: int) -> None:
    """Takes out of its reports how to reach the person, as its conversation loses its address."""
    mine = update(reports).where(reports.c.conversation_id == conversation_id)
    await connection.execute(mine.values(contact_name=None, contact_phone=None))
    await connection.execute(delete(report_supporters).where(report_supporters.c.conversation_id == conversation_id))
    loose = (report_photos.c.conversation_id == conversation_id) & report_photos.c.case_id.is_(None)
    await connection.execute(delete(report_photos).where(loose))


async def erase(connection: AsyncConnection, conversation_id: int) -> int:
    """Deletes the reports, photos and ratings of a conversation; returns how many ratings there were.

    What has to be told to others before is the caller's (`feed.report_telling.withdraw_all`).
    """
    for table in (reports, report_supporters, report_photos):
        await connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    rated = delete(ratings).where(ratings.c.conversation_id == conversation_id)
    return int((await connection.execute(rated)).rowcount)
