"""What a citizen comes for and where, as the addresses and forms of the booking pages carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request

from api.appointments.places import short_name
from api.problems import Problem
from api.services import Services
from booking.types import Wish
from bot.appointments.services import Service, minutes_of, service_of, services
from bot.appointments.venues import Reach, bookable, reach_of, takes, venues
from knowledge.database import KnowledgeBase
from knowledge.models import Office, Procedure

PROCEDURE, GROUP, OFFICE, DAY, TIME = "viec", "nhom", "noi", "ngay", "gio"
"""Names of the fields, in addresses and in forms. None of them says who comes."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A procedure, or a service group when the citizen names none."""

    service: Service
    procedure: Procedure | None = None

    @property
    def name(self) -> str:
        """What the citizen reads."""
        return self.procedure.display_name if self.procedure else self.service.name

    @property
    def fields(self) -> dict[str, str]:
        """What carries it on."""
        return {PROCEDURE: self.procedure.code} if self.procedure else {GROUP: self.service.id}

    @property
    def reach(self) -> Reach:
        """Who takes it."""
        return reach_of(self.procedure)

    @property
    def bookable(self) -> bool:
        """Whether there is a counter for it."""
        return bookable(self.procedure)

    @property
    def minutes(self) -> int:
        """How long the visit is planned to take."""
        return minutes_of(self.service, self.procedure)


@dataclass(frozen=True, slots=True)
class Visit:
    """An errand at a centre that can take it."""

    errand: Errand
    office: Office

    @property
    def place(self) -> str:
        """The centre's short name."""
        return short_name(self.office)

    @property
    def fields(self) -> dict[str, str]:
        """What carries it on."""
        return self.errand.fields | {OFFICE: self.office.id}

    def wish(self, starts_at: datetime) -> Wish:
        """A seat for it."""
        code = self.errand.procedure.code if self.errand.procedure else None
        return Wish(self.office.id, self.errand.service.id, starts_at, self.errand.minutes, code)


def errand_in(knowledge: KnowledgeBase, fields: Mapping[str, str]) -> Errand:
    """The errand that an address or a form names. Raises `Problem` 404 when it names none."""
    code = fields.get(PROCEDURE, "")
    if code:
        procedure = knowledge.procedure(code)
        if procedure is None:
            raise Problem(404, "no_procedure", code=code[:20])
        return Errand(service_of(procedure), procedure)
    service = services().get(fields.get(GROUP, ""))
    if service is None:
        raise Problem(404, "no_errand")
    return Errand(service)


def visit_in(knowledge: KnowledgeBase, fields: Mapping[str, str]) -> Visit:
    """The errand and its centre. Raises `Problem` 404 for a centre that does not take it."""
    errand, office = errand_in(knowledge, fields), knowledge.offices.get(fields.get(OFFICE, ""))
    if office is None or not errand.bookable or not takes(office, errand.procedure):
        raise Problem(404, "no_office")
    return Visit(errand, office)


def offices_for(knowledge: KnowledgeBase, errand: Errand) -> list[Office]:
    """The centres that take it."""
    return venues(errand.procedure, knowledge.offices.values())


def address(path: str, fields: Mapping[str, str], **more: str) -> str:
    """An address with its fields."""
    return f"{path}?{urlencode({**fields, **more})}"


def knowledge_of(request: Request) -> KnowledgeBase:
    """The knowledge in force. Raises `ArtefactUnusable`."""
    room: Services = request.app.state.services
    return room.catalogue().knowledge
