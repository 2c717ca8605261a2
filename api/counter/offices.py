"""The first page of the counter's screens: the own office, or a list for those who work for all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.appointments.places import find_offices
from api.counter.screens import PREFIX, VISITORS, address, knowledge_or_none
from api.pages import render
from api.staff.access import Officer, Role, allow, csrf_token
from api.texts import counter_text

router = APIRouter()


@router.get(PREFIX)
async def offices(request: Request, officer: Annotated[Officer, Depends(allow(*VISITORS))], tim: str = "") -> Response:
    """Leads to the own office; shows the others all offices, to be searched by name."""
    if officer.office_id is not None:
        return RedirectResponse(address(officer.office_id), status_code=303)
    knowledge = knowledge_or_none(request)
    found = find_offices(list(knowledge.offices.values()), tim[:100]) if knowledge else []
    return render(
        request,
        "counter/offices.html",
        csrf=csrf_token(request),
        officer=officer,
        c=counter_text,
        found=found,
        wanted=tim[:100],
        known=knowledge is not None,
        prefix=PREFIX,
        rest="/tuan" if officer.role is Role.LEADER else "",
    )
