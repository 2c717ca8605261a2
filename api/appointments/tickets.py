"""The ticket behind a private link: who comes, the appointment with its QR code, the calendar file."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse

from api.appointments.calendar_file import TYPE, calendar_file
from api.appointments.errands import address
from api.appointments.private import HEADERS, count_booking, feed_secret, feed_token, ticket_of
from api.appointments.room import services_of
from api.appointments.slip import Slip, slip_of
from api.forms import field, from_this_site, read_form
from api.pages import render
from api.settings import Settings
from api.texts import booking_text
from booking import codes, qr
from booking.errors import (
    Barred,
    BookingError,
    HoldExpired,
    InvalidPerson,
    LimitReached,
    SlotClosed,
    SlotFull,
    TooLate,
    WrongState,
)
from booking.service import BookingService
from booking.types import Origin, Person, Ticket, Wish
from store.engine import read, write

router = APIRouter(include_in_schema=False)
_NOTICES = ("dat", "doi", "huy")
"""What the address of a ticket may say was just done."""


@router.api_route("/lich-hen", methods=["GET", "HEAD"])
async def find_page(request: Request) -> Response:
    """Asks for the code, for those who have no link at hand."""
    return render(request, "booking/find.html", refused=False)


@router.post("/lich-hen", dependencies=[Depends(from_this_site)])
async def find_ticket(request: Request) -> Response:
    """Leads to the ticket of a code or link that was typed."""
    secret = codes.read_secret(field(await read_form(request), "ma"))
    if secret is None:
        return render(request, "booking/find.html", 422, refused=True)
    return to_ticket(secret)


@router.api_route("/lich-hen/{secret}", methods=["GET", "HEAD"])
async def ticket_page(request: Request, secret: str) -> Response:
    """The ticket, whatever became of it; while its seat is only held, the form for name and phone."""
    return await show_ticket(request, await ticket_of(request, secret))


@router.post("/lich-hen/{secret}", dependencies=[Depends(from_this_site)])
async def confirm(request: Request, secret: str) -> Response:
    """Takes name and phone. Sent twice, it gives the same ticket."""
    ticket, room = await ticket_of(request, secret), services_of(request)
    form = await read_form(request)
    person = Person(field(form, "ten")[:200], field(form, "dien_thoai")[:40], for_other=field(form, "giup") == "1")
    await count_booking(request)
    try:
        async with write(room.database) as connection:
            booked = await _book(connection, room.booking, ticket, person)
    except (SlotFull, TooLate, WrongState):
        return to_ticket(secret)
    except InvalidPerson as refused:
        return await show_ticket(request, ticket, 422, refused, person)
    except (LimitReached, Barred, SlotClosed) as refused:
        return await show_ticket(request, ticket, 409, refused, person)
    return to_ticket(booked.secret, "dat")


@router.get("/lich-hen/{secret}/lich-hen.ics")
async def calendar_download(request: Request, secret: str) -> Response:
    """The appointment for the citizen's own calendar, with the link to the ticket."""
    ticket = await ticket_of(request, secret)
    slip = await slip_of(request, ticket)
    content = calendar_file(slip, url=ticket_address(request, secret))
    disposition = f'attachment; filename="lich-hen-{ticket.reference}.ics"'
    return Response(content, media_type=TYPE, headers={**HEADERS, "Content-Disposition": disposition})


@router.get("/lich/{token}.ics")
async def calendar_feed(request: Request, token: str) -> Response:
    """The same for a calendar that follows it, at its provider too: it shows, and opens nothing."""
    secret = feed_secret(services_of(request).booking.context.key, token)
    slip = await slip_of(request, await ticket_of(request, secret or ""))
    return Response(calendar_file(slip, followed=True), media_type=TYPE, headers=dict(HEADERS))


async def show_ticket(
    request: Request,
    ticket: Ticket,
    status: int = 200,
    refused: BookingError | None = None,
    person: Person | None = None,
) -> Response:
    """The page that fits the appointment's state."""
    slip, room = await slip_of(request, ticket), services_of(request)
    async with read(room.database) as connection:
        policy = await room.booking.policy(connection, ticket.appointment.office_id)
    done = request.query_params.get("xong", "")
    values: dict[str, object] = {
        "slip": slip,
        "refused": refused,
        "person": person,
        "policy": policy,
        "done": done if done in _NOTICES else "",
        "link": address,
    }
    if slip.is_held:
        return render(request, "booking/details.html", status, HEADERS, **values)
    if slip.is_over:
        return render(request, "booking/over.html", status, HEADERS, **values)
    values |= _ways_in(request, slip)
    return render(request, "booking/ticket.html", status, HEADERS, **values)


async def _book(connection: AsyncConnection, booking: BookingService, ticket: Ticket, person: Person) -> Ticket:
    """Confirms. Whoever took longer than the hold lasts gets the same time if it is still free (WCAG 2.2.1)."""
    try:
        return await booking.confirm(connection, ticket.secret, person)
    except HoldExpired:
        view = ticket.appointment
        wish = Wish(view.office_id, view.group_id, view.starts_at, view.minutes, view.procedure_code)
        held = await booking.hold(connection, wish, Origin(view.channel, view.conversation_id))
        return await booking.confirm(connection, held.secret, person)


def ticket_address(request: Request, secret: str) -> str:
    """The ticket's whole address, for QR codes and calendars."""
    return f"{_site(request)}/lich-hen/{secret}"


def _ways_in(request: Request, slip: Slip) -> dict[str, object]:
    secret = slip.ticket.secret
    whole = ticket_address(request, secret)
    feed = f"{_site(request)}/lich/{feed_token(services_of(request).booking.context.key, secret)}.ics"
    label = booking_text("qr_label", reference=slip.ticket.reference)
    return {
        "qr": Markup(qr.svg(whole, label)),  # noqa: S704 - drawn by the library from our own address
        "address": whole,
        "feed": feed,
        "webcal": "webcal:" + feed.partition(":")[2],
    }


def _site(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.public_url or str(request.base_url).rstrip("/")


def to_ticket(secret: str, done: str = "") -> Response:
    """Back to the ticket, so that reloading sends nothing again."""
    return RedirectResponse(f"/lich-hen/{secret}" + (f"?xong={done}" if done else ""), status_code=303, headers=HEADERS)
