"""The display of a waiting room: numbers and counters, for everybody to read from afar; no names, no codes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.appointments.errands import knowledge_of
from api.appointments.places import short_name
from api.appointments.room import services_of
from api.pages import render
from api.problems import Problem
from store.engine import read

router = APIRouter(include_in_schema=False)
SECONDS = 10
_CALLED, _WAITING = 6, 12


@router.api_route("/hang-doi/{office_id}", methods=["GET", "HEAD"])
async def queue_page(request: Request, office_id: str) -> Response:
    """Who is called where, and who comes next. Renews itself, unless `dung=1` asks it not to (WCAG 2.2.2)."""
    office = knowledge_of(request).offices.get(office_id)
    if office is None:
        raise Problem(404, "no_office")
    room = services_of(request)
    async with read(room.database) as connection:
        queue = await room.booking.queue_display(connection, office.id)
    return render(
        request,
        "booking/queue.html",
        office=office,
        place=short_name(office),
        called=queue.called[:_CALLED],
        waiting=queue.waiting[:_WAITING],
        more=max(0, len(queue.waiting) - _WAITING),
        now=room.booking.context.now(),
        seconds=SECONDS,
        still=request.query_params.get("dung") == "1",
    )
