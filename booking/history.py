"""Who did what at an office: its calendar's changes and its appointments' steps, from the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.calendar import day_bounds
from store.booking_tables import appointments
from store.tables import audit

_APPOINTMENT = "appointment:"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. It holds no name and no phone of a citizen."""

    at: datetime
    actor: str
    """"officer:<account id>", "citizen" or "system"."""
    action: str
    """"appointment_done", "closure_added" and so on."""
    reference: str | None
    """Of the appointment; None for a change of the calendar."""
    detail: Mapping[str, Any]


async def history(
    connection: AsyncConnection, office_id: str, day: date, *, only_officers: bool, most: int = 500
) -> list[Event]:
    """What was done on a day (not: for a day), latest first; `only_officers` leaves out citizens and the system."""
    begin, end = day_bounds(day)
    about = case(
        (audit.c.subject.startswith(_APPOINTMENT), func.substr(audit.c.subject, len(_APPOINTMENT) + 1)),
        else_=None,
    )
    statement = (
        select(audit.c.at, audit.c.actor, audit.c.action, appointments.c.reference, audit.c.detail)
        .outerjoin(appointments, appointments.c.reference == about)
        .where(audit.c.at >= begin, audit.c.at < end)
        .where(or_(audit.c.subject == f"office:{office_id}", appointments.c.office_id == office_id))
        .where(audit.c.actor.startswith("officer:") if only_officers else true())
        .order_by(audit.c.id.desc())
        .limit(most)
    )
    return [Event(*row) for row in await connection.execute(statement)]
