"""The way from the web chat to a ticket booked there: the browser's own conversation opens it, no code in the chat."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api.appointments.private import HEADERS
from api.appointments.room import services_of
from api.problems import Problem
from api.web import CHANNEL, known_chat
from booking.types import Ticket
from store import conversations
from store.engine import read

router = APIRouter(include_in_schema=False)
_PATH = "/lich-hen-cua-toi"


def links_of(channel: str, reference: str) -> tuple[str | None, str | None]:
    """Where a citizen opens the ticket and its calendar file. Only a browser can show that it is theirs."""
    if channel != CHANNEL:
        return None, None
    return f"{_PATH}/{reference}", f"{_PATH}/{reference}/lich-hen.ics"


@router.get(_PATH + "/{reference}")
async def ticket_from_chat(request: Request, reference: str) -> Response:
    """Leads to the ticket of an appointment that this browser's conversation booked."""
    return _to(f"/lich-hen/{(await _own(request, reference)).secret}")


@router.get(_PATH + "/{reference}/lich-hen.ics")
async def calendar_from_chat(request: Request, reference: str) -> Response:
    """The same for its calendar file."""
    return _to(f"/lich-hen/{(await _own(request, reference)).secret}/lich-hen.ics")


async def _own(request: Request, reference: str) -> Ticket:
    """Raises `Problem` 404 for any appointment that is not this conversation's."""
    chat, room = await known_chat(request), services_of(request)
    if chat is not None:
        async with read(room.database) as connection:
            conversation = await conversations.of_chat(connection, CHANNEL, chat.id)
            mine = await room.booking.find_mine(connection, conversation.id) if conversation else []
        for ticket in mine:
            if ticket.reference == reference:
                return ticket
    raise Problem(404, "no_ticket", HEADERS)


def _to(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers=dict(HEADERS))
