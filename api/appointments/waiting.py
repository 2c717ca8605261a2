"""The waiting list of a full day: a private page that says what place one has, and the seat when there is one."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.appointments.choosing import CHANNEL, checked_token
from api.appointments.errands import DAY, GROUP, OFFICE, PROCEDURE, Visit, address, knowledge_of, visit_in
from api.appointments.private import HEADERS, address_of, count_booking, too_fast
from api.appointments.room import services_of
from api.appointments.views import read_day
from api.desk import chat_id_of, new_token
from api.forms import field, from_this_site, read_form
from api.pages import render
from api.problems import Problem
from booking.errors import TooEarly, TooLate
from booking.types import DayStatus, Origin, State, Waiting, WaitWish
from knowledge.database import KnowledgeBase
from store import conversations
from store.engine import read, write

router = APIRouter(include_in_schema=False)


@router.api_route("/dat-lich/cho", methods=["GET", "HEAD"])
async def ask_page(request: Request) -> Response:
    """Says what waiting means, and offers it."""
    visit, day = visit_in(knowledge_of(request), request.query_params), read_day(request.query_params.get(DAY, ""))
    if day is None:
        return RedirectResponse(address("/dat-lich/ngay", visit.fields), status_code=303)
    if await _status(request, visit, day) is not DayStatus.FULL:
        return RedirectResponse(address("/dat-lich/gio", visit.fields, ngay=day.isoformat()), status_code=303)
    return render(request, "booking/wait.html", visit=visit, day=day, token=new_token(), link=address)


@router.post("/dat-lich/cho", dependencies=[Depends(from_this_site)])
async def wait(request: Request) -> Response:
    """Puts the visitor on the list, once for each page that was filled in, and leads to the private page."""
    visit, day = visit_in(knowledge_of(request), request.query_params), read_day(request.query_params.get(DAY, ""))
    token = field(await read_form(request), "luot")
    if day is None:
        return RedirectResponse(address("/dat-lich/ngay", visit.fields), status_code=303)
    await count_booking(request)
    room, now = services_of(request), services_of(request).booking.context.now()
    wish = WaitWish(visit.office.id, visit.errand.service.id, day, day, visit.errand.minutes, _code(visit))
    try:
        async with write(room.database) as connection:
            chat = chat_id_of(checked_token(token))
            conversation = await conversations.open_locked(connection, CHANNEL, chat, now)
            await room.booking.wait_for(connection, wish, Origin(CHANNEL, conversation.id))
    except (TooEarly, TooLate):
        return RedirectResponse(address("/dat-lich/ngay", visit.fields), status_code=303)
    return RedirectResponse(f"/dat-lich/cho/{conversation.public_id}", status_code=303, headers=HEADERS)


@router.api_route("/dat-lich/cho/{code}", methods=["GET", "HEAD"])
async def place_page(request: Request, code: str) -> Response:
    """What place one has; the seat that is kept, if one became free; what was booked from it."""
    room = services_of(request)
    conversation_id = await _conversation(request, code)
    async with read(room.database) as connection:
        waiting = await room.booking.waiting(connection, conversation_id)
        tickets = await room.booking.find_mine(connection, conversation_id)
    offered = [ticket for ticket in tickets if ticket.appointment.state is State.HELD]
    booked = [ticket for ticket in tickets if ticket.appointment.state is not State.HELD]
    values = {"waiting": [_described(knowledge_of(request), item) for item in waiting], "code": code}
    return render(request, "booking/place.html", 200, HEADERS, offered=offered, booked=booked, **values)


@router.post("/dat-lich/cho/{code}/thoi", dependencies=[Depends(from_this_site)])
async def stop(request: Request, code: str) -> Response:
    """Takes the visitor off the list."""
    room, conversation_id = services_of(request), await _conversation(request, code)
    async with write(room.database) as connection:
        await room.booking.stop_waiting(connection, conversation_id)
    return RedirectResponse(f"/dat-lich/cho/{code}", status_code=303, headers=HEADERS)


async def _status(request: Request, visit: Visit, day: date) -> DayStatus:
    room, errand = services_of(request), visit.errand
    async with read(room.database) as connection:
        [offer] = await room.booking.free_days(connection, visit.office.id, errand.service.id, day, day, errand.minutes)
    return offer.status


async def _conversation(request: Request, code: str) -> int:
    """Raises `Problem` 404, the same for every wrong code, or 429 after many."""
    room, visitor = services_of(request), address_of(request)
    limited = await room.limiter.may_try_code(visitor)
    if limited is not None:
        raise too_fast(limited)
    async with read(room.database) as connection:
        found = await conversations.find(connection, code)
    if found is None or found.channel != CHANNEL:
        await room.limiter.wrong_code(visitor)
        raise Problem(404, "no_ticket", HEADERS)
    return found.id


def _described(knowledge: KnowledgeBase, item: Waiting) -> tuple[Visit, Waiting]:
    fields = {OFFICE: item.wish.office_id, GROUP: item.wish.group_id, PROCEDURE: item.wish.procedure_code or ""}
    return visit_in(knowledge, fields), item


def _code(visit: Visit) -> str | None:
    return visit.errand.procedure.code if visit.errand.procedure else None
