"""What all screens of a counter share: who may open them, the office's name, the tabs, the names of what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.appointments.room import services_of
from api.counter.wording import closed, closed_on, number_text
from api.pages import render
from api.problems import Problem
from api.staff.access import COUNTER, MANAGERS, Officer, Role, allow, csrf_token
from api.texts import counter_text
from booking.calendar import today
from booking.types import Appointment
from bot.appointments.services import services
from index.artefact import ArtefactUnusable
from knowledge.database import KnowledgeBase

PREFIX = "/can-bo/lich-hen"
_WRITTEN_TO = ("telegram", "zalo", "zalo_oa", "zalo_bot", "sms")
VISITORS = (*COUNTER, Role.LEADER)
"""Who may look at a calendar: it shows how many come, not who."""
ANALYSTS = (*MANAGERS, Role.LEADER)

Clerk = Annotated[Officer, Depends(allow(*COUNTER, office="office_id"))]
"""Works the day of an office."""
Manager = Annotated[Officer, Depends(allow(*MANAGERS, office="office_id"))]
"""Changes the calendar of an office."""
Visitor = Annotated[Officer, Depends(allow(*VISITORS, office="office_id"))]
Analyst = Annotated[Officer, Depends(allow(*ANALYSTS, office="office_id"))]


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the screens of an office."""

    path: str
    """What follows the office's address."""
    text: str
    roles: tuple[Role, ...]


TABS = (
    Tab("", "tab_today", COUNTER),
    Tab("/tim", "tab_search", COUNTER),
    Tab("/tuan", "tab_week", VISITORS),
    Tab("/thiet-lap", "tab_setup", MANAGERS),
    Tab("/so-lieu", "tab_figures", ANALYSTS),
    Tab("/nhat-ky", "tab_history", MANAGERS),
)


async def known_office(request: Request, office_id: str) -> None:
    """Raises `Problem` 404 for an office that is none, as far as there is knowledge to say so."""
    knowledge = knowledge_or_none(request)
    if knowledge is not None and office_id not in knowledge.offices:
        raise Problem(404, "not_found")


def knowledge_or_none(request: Request) -> KnowledgeBase | None:
    """The knowledge in force. The counter works on without one: names are missing then, nothing else."""
    try:
        return services_of(request).catalogue().knowledge
    except ArtefactUnusable:
        return None


def office_name(request: Request, office_id: str) -> str:
    """The centre's name; its id where there is no knowledge."""
    knowledge = knowledge_or_none(request)
    office = knowledge.offices.get(office_id) if knowledge else None
    return office.name if office else office_id


def group_name(group_id: str) -> str:
    """What people call a service group; its id where it is no longer one."""
    service = services().get(group_id)
    return service.name if service else group_id


def errand_name(request: Request, view: Appointment) -> str:
    """The procedure that somebody comes for; empty where none was named."""
    knowledge = knowledge_or_none(request) if view.procedure_code else None
    procedure = knowledge.procedure(view.procedure_code) if knowledge and view.procedure_code else None
    return procedure.display_name if procedure else ""


def is_told(view: Appointment) -> bool:
    """Whether what the office changes reaches the citizen by itself; on the web nobody can be written to."""
    return view.conversation_id is not None and view.channel in _WRITTEN_TO


def now_at(request: Request) -> datetime:
    """The time by the booking room's clock."""
    return services_of(request).booking.context.now()


def today_at(request: Request) -> date:
    """The day at the offices."""
    return today(now_at(request))


def address(office_id: str, rest: str = "") -> str:
    """Where a screen of an office is."""
    return f"{PREFIX}/{office_id}{rest}"


def see(office_id: str, rest: str = "") -> RedirectResponse:
    """Sends the browser on to a screen after a form."""
    return RedirectResponse(address(office_id, rest), status_code=303)


def screen(
    request: Request, template: str, officer: Officer, office_id: str, status: int = 200, **values: object
) -> HTMLResponse:
    """A template below `templates/counter/` as a response."""
    return render(
        request,
        f"counter/{template}",
        status,
        None,
        csrf=csrf_token(request),
        officer=officer,
        office_id=office_id,
        office=office_name(request, office_id),
        base=address(office_id),
        tabs=[tab for tab in TABS if officer.role in tab.roles],
        c=counter_text,
        decimal=number_text,
        closed=closed,
        closed_on=closed_on,
        group_name=group_name,
        told=is_told,
        errand=lambda view: errand_name(request, view),
        **values,
    )
