"""Reports of problems (phản ánh, kiến nghị): sending, supporting, looking up, what officers see, whom to tell.

What a report says is the citizen's and redacted. Whoever knows a code learns how far its case is, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed import report_photos
from feed.case_states import OPEN, Status
from feed.codes import new_code
from feed.wording import say
from store.confided import Confided
from store.feed_tables import cases
from store.report_tables import report_photos as photos_table
from store.report_tables import report_supporters, reports
from store.rows import insert, insert_into
from store.tables import questions

ORIGIN = "report"
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it is sent. `contact` only where the citizen may be called back."""

    conversation_id: int
    channel: str
    what: str
    place: str
    due_at: datetime
    commune_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    contact: Confided | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a report's case is; no word of the citizen's."""

    code: str
    status: str
    status_words: str
    opened_at: datetime
    due_at: datetime
    open: bool
    agency: str | None
    commune_id: str | None
    askers: int
    """The reporter and those who joined."""


@dataclass(frozen=True, slots=True)
class Details:
    """A report as officers see it on its case's page."""

    what: str
    place: str
    commune_id: str | None
    latitude: float | None
    longitude: float | None
    call_back: bool
    contact_name: str | None
    contact_phone: str | None
    """None where calling back was not agreed to, or where their time is over."""
    supporters: int
    photos: tuple[tuple[str, str], ...]
    """Channel and the platform's reference of each."""
    created_at: datetime


async def send(connection: AsyncConnection, draft: Draft, now: datetime) -> Standing:
    """Opens a case with the report and the photos that wait."""
    case_id = await _open_case(connection, draft, now)
    contact = draft.contact or Confided()
    values = {
        "case_id": case_id,
        "conversation_id": draft.conversation_id,
        "what": draft.what,
        "place": draft.place,
        "commune_id": draft.commune_id,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "call_back": draft.contact is not None,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "told_status": Status.NEW,
        "created_at": now,
    }
    await connection.execute(reports.insert().values(**values))
    await report_photos.attach(connection, draft.conversation_id, case_id)
    return _standing((await connection.execute(_standings().where(cases.c.id == case_id))).one())


async def look_up(connection: AsyncConnection, code: str) -> Standing | None:
    """How far the report with this code is; None where there is none."""
    row = (await connection.execute(_standings().where(cases.c.code == code))).one_or_none()
    return _standing(row) if row else None


async def of_conversation(connection: AsyncConnection, conversation_id: int, most: int = 10) -> list[Standing]:
    """The reports that somebody sent or joined, the newest first."""
    joined = select(report_supporters.c.case_id).where(report_supporters.c.conversation_id == conversation_id)
    sent = select(reports.c.case_id).where(reports.c.conversation_id == conversation_id)
    mine = _standings().where(cases.c.id.in_(joined.union(sent))).order_by(cases.c.id.desc()).limit(most)
    return [_standing(row) for row in await connection.execute(mine)]


async def join(connection: AsyncConnection, code: str, conversation_id: int, now: datetime) -> Standing | None:
    """One more who has this problem; joining twice, or one's own, changes nothing. None where no such case is open."""
    found = (
        select(cases.c.id, reports.c.conversation_id)
        .join(reports, reports.c.case_id == cases.c.id)
        .where(cases.c.code == code, cases.c.status.in_(OPEN))
        .with_for_update(of=cases)
    )
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    if row.conversation_id != conversation_id:
        values = {"case_id": row.id, "conversation_id": conversation_id, "joined_at": now}
        keys = ["case_id", "conversation_id"]
        new = insert_into(connection, report_supporters).values(**values).on_conflict_do_nothing(index_elements=keys)
        if (await connection.execute(new)).rowcount == 1:
            more = {"askers": cases.c.askers + 1, "last_asked_at": now}
            await connection.execute(update(cases).where(cases.c.id == row.id).values(**more))
    return await look_up(connection, code)


async def link(connection: AsyncConnection, code: str, question_id: int) -> None:
    """Ties the message that sent or joined a report to its case, so that its answer reaches who wrote it."""
    case_id = (await connection.execute(select(cases.c.id).where(cases.c.code == code))).scalar_one()
    await connection.execute(update(questions).where(questions.c.id == question_id).values(case_id=case_id))
    first = update(cases).where(cases.c.id == case_id, cases.c.lead_question_id.is_(None))
    await connection.execute(first.values(lead_question_id=question_id))


async def details(connection: AsyncConnection, case_id: int) -> Details | None:
    """What a report says, for the page of its case; None where the case is no report, or its citizen deleted it."""
    row = (await connection.execute(select(reports).where(reports.c.case_id == case_id))).one_or_none()
    if row is None:
        return None
    joined = select(func.count()).select_from(report_supporters).where(report_supporters.c.case_id == case_id)
    photos = select(photos_table.c.channel, photos_table.c.reference).where(photos_table.c.case_id == case_id)
    return Details(
        what=row.what,
        place=row.place,
        commune_id=row.commune_id,
        latitude=row.latitude,
        longitude=row.longitude,
        call_back=row.call_back,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        supporters=(await connection.execute(joined)).scalar_one(),
        photos=tuple((photo.channel, photo.reference) for photo in await connection.execute(photos)),
        created_at=row.created_at,
    )


async def _open_case(connection: AsyncConnection, draft: Draft, now: datetime) -> int:
    values: dict[str, Any] = {
        "origin": ORIGIN,
        "status": Status.NEW,
        "kind": draft.kind,
        "flags": [],
        "channel": draft.channel,
        "commune_id": draft.commune_id,
        "opened_at": now,
        "last_asked_at": now,
        "due_at": draft.due_at,
    }
    return await insert(connection, cases, values | {"code": await _free_code(connection)})


async def _free_code(connection: AsyncConnection) -> str:
    """One of 700 million that is not taken; the unique constraint stands behind it."""
    for _ in range(_ATTEMPTS):
        code = new_code()
        if (await connection.execute(select(cases.c.id).where(cases.c.code == code))).first() is None:
            return code
    raise RuntimeError("no free code: the random source is broken")


def _standings() -> Select[Any]:
    columns = ("code", "status", "opened_at", "due_at", "agency", "commune_id", "askers")
    return select(*(cases.c[name] for name in columns)).where(cases.c.origin == ORIGIN)


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        row.code,
        row.status,
        say(f"report_status_{row.status}"),
        row.opened_at,
        row.due_at,
        row.status in OPEN,
        row.agency,
        row.commune_id,
        row.askers,
    )
