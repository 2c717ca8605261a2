"""Appointments as rows: read, made, changed from state to state, each change with its line in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import codes
from booking.calendar import today
from booking.context import Context
from booking.errors import WrongState
from booking.states import check
from booking.types import ZONE, Appointment, Share, State, Ticket
from store import audit
from store.booking_tables import appointments
from store.rows import insert_new

CITIZEN, SYSTEM = "citizen", "system"
_OWN: tuple[str, ...] = (
    *("reference", "sequence", "office_id", "group_id", "procedure_code", "name", "phone", "for_other", "channel"),
    *("conversation_id", "expires_at", "number", "counter", "checked_in_at", "called_at", "finished_at"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """An appointment with what never leaves this room."""

    id: int
    nonce: str
    phone_hash: str | None
    view: Appointment

    def ticket(self, key: bytes) -> Ticket:
        """The appointment in its owner's hand."""
        return Ticket(self.view, codes.secret_of(key, self.nonce))


def officer(account: str) -> str:
    """Who acts, for the audit log."""
    return f"officer:{account}"[:80]


async def one(connection: AsyncConnection, *where: ColumnElement[bool], locked: bool = False) -> Record | None:
    """The only appointment that fits, or None; `locked`, until the transaction ends."""
    statement = select(appointments).where(*where)
    if locked:
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _record(row)


async def several(
    connection: AsyncConnection, *where: ColumnElement[bool], limit: int | None = None
) -> list[Record]:
    """All that fit, by time."""
    statement = select(appointments).where(*where).order_by(appointments.c.starts_at, appointments.c.id).limit(limit)
    return [_record(row) for row in await connection.execute(statement)]


async def create(connection: AsyncConnection, context: Context, actor: str, day: date, **values: Any) -> Record:
    """A new appointment under a reference that nobody else has."""
    nonce, now = codes.new_nonce(), context.now()
    fixed = {
        "nonce": nonce,
        "secret_hash": codes.hash_of(codes.secret_of(context.key, nonce)),
        "day": day,
        "created_at": now,
        "changed_at": now,
    }
    made = None
    while made is None:
        row = {"reference": codes.new_reference(day)} | fixed | values
        made = await insert_new(connection, appointments, row, ["reference"])
    record = await _again(connection, made)
    await _note(connection, record, actor, None, "")
    return record


async def change(
    connection: AsyncConnection, record: Record, state: State, now: datetime, actor: str, why: str = "", **values: Any
) -> Record:
    """Takes an appointment to another state. Raises `WrongState`, also when somebody else changed it meanwhile."""
    old = record.view.state
    check(old, state)
    mine = (appointments.c.id == record.id) & (appointments.c.state == old)
    done = await connection.execute(update(appointments).where(mine).values(state=state, changed_at=now, **values))
    if done.rowcount != 1:
        raise WrongState(old)
    changed = await _again(connection, record.id)
    await _note(connection, changed, actor, old, why)
    return changed


def is_ahead(now: datetime) -> ColumnElement[bool]:
    """Still to come or going on: a hold that is not over, a visit that was not ended."""
    present = appointments.c.state.in_((State.CHECKED_IN, State.SERVING)) & (appointments.c.day == today(now))
    booked = (appointments.c.state == State.CONFIRMED) & (appointments.c.ends_at > now)
    held = (appointments.c.state == State.HELD) & (appointments.c.expires_at > now)
    return or_(present, booked, held)


async def _note(connection: AsyncConnection, record: Record, actor: str, old: State | None, why: str) -> None:
    view = record.view
    action = "appointment_moved" if old is view.state else f"appointment_{view.state.value}"
    detail = {"from": old.value if old else None, "to": view.state.value} | ({"why": why} if why else {})
    await audit.record(connection, view.changed_at, actor, action, f"appointment:{view.reference}", **detail)


async def _again(connection: AsyncConnection, row_id: int) -> Record:
    return _record((await connection.execute(select(appointments).where(appointments.c.id == row_id))).one())


def _record(row: Row[Any]) -> Record:
    values = row._mapping
    view = Appointment(
        uid=codes.uid_of(row.nonce),
        state=State(row.state),
        share=Share(row.share),
        starts_at=row.starts_at.astimezone(ZONE),
        ends_at=row.ends_at.astimezone(ZONE),
        changed_at=row.changed_at,
        **{name: values[name] for name in _OWN},
    )
    return Record(row.id, row.nonce, row.phone_hash, view)
