"""An appointment with all that its owner reads about it: names, papers to bring, what can still be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from api.appointments.errands import Errand, Visit, knowledge_of
from api.appointments.places import short_name
from api.appointments.room import services_of
from api.services import Services
from booking.types import Appointment, OfficeCalendar, State, Ticket
from bot.answers import answer, citation
from bot.appointments.services import OTHER, services
from bot.types import Block, Citation
from index.aspects import Aspect
from knowledge.database import KnowledgeBase
from knowledge.models import Office, Procedure
from store.engine import read

_OVER = (State.CANCELLED, State.EXPIRED, State.NO_SHOW, State.DONE)


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket as its page shows it."""

    ticket: Ticket
    errand: Errand
    office: Office | None
    """None when the centre is no longer in the knowledge."""
    calendar: OfficeCalendar
    now: datetime

    @property
    def appointment(self) -> Appointment:
        """What is stored."""
        return self.ticket.appointment

    @property
    def place(self) -> str:
        """The centre's name."""
        return self.office.name if self.office else self.appointment.office_id

    @property
    def short_place(self) -> str:
        """The commune's name."""
        return short_name(self.office) if self.office else self.appointment.office_id

    @property
    def is_held(self) -> bool:
        """The seat waits for name and phone."""
        expires = self.appointment.expires_at
        return self.appointment.state is State.HELD and expires is not None and expires > self.now

    @property
    def is_over(self) -> bool:
        """Nothing is to come: cancelled, missed, done, or a hold that ran out."""
        held = self.appointment.state is State.HELD and not self.is_held
        return held or self.appointment.state in _OVER

    @property
    def can_change(self) -> bool:
        """Whether it can be moved or cancelled."""
        return self.appointment.state is State.CONFIRMED and self.appointment.starts_at > self.now

    @property
    def ended_as(self) -> str:
        """How it is over, as a key of the catalogue."""
        held = self.appointment.state is State.HELD
        return State.EXPIRED.value if held else self.appointment.state.value

    @property
    def again(self) -> dict[str, str]:
        """The fields with which to book the same once more."""
        return Visit(self.errand, self.office).fields if self.office else self.errand.fields

    @property
    def citation(self) -> Citation | None:
        """Where the papers are taken from."""
        return citation(self.errand.procedure) if self.errand.procedure else None

    @property
    def papers(self) -> Sequence[Block]:
        """What to bring, as the procedure's record says; empty where no procedure was named."""
        return papers_of(self.errand.procedure) if self.errand.procedure else ()


def papers_of(procedure: Procedure) -> list[Block]:
    """The dossier, without title, without the chat's cuts."""
    blocks = answer(procedure, (Aspect.DOCUMENTS,), unfold=True).blocks
    notes = [Block(kind="note", text=note) for note in procedure.dossier_notes]
    return [block for block in blocks if block.kind not in ("title", "note")] + notes


async def slip_of(request: Request, ticket: Ticket) -> Slip:
    """The ticket with the names of the knowledge and the office's calendar."""
    room = services_of(request)
    knowledge, view = knowledge_of(request), ticket.appointment
    async with read(room.database) as connection:
        calendar = await room.booking.calendar(connection, view.office_id, view.day, view.day)
    return Slip(ticket, _errand(knowledge, view), knowledge.offices.get(view.office_id), calendar, _now(room))


def _errand(knowledge: KnowledgeBase, view: Appointment) -> Errand:
    """What was booked, also when procedure or group have gone since."""
    procedure = knowledge.procedure(view.procedure_code) if view.procedure_code else None
    return Errand(services().get(view.group_id) or services()[OTHER], procedure)


def _now(room: Services) -> datetime:
    return room.booking.context.now()
