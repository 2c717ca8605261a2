"""Moving and cancelling an appointment, by whoever has its link."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.appointments.errands import DAY, TIME, address
from api.appointments.private import HEADERS, count_booking, ticket_of
from api.appointments.room import services_of
from api.appointments.slip import Slip, slip_of
from api.appointments.tickets import show_ticket, to_ticket
from api.appointments.views import nearest_slots, parts, read_day, read_time, weeks
from api.forms import field, from_this_site, read_form
from api.pages import render
from booking.calendar import today
from booking.errors import BookingError, LimitReached, SlotClosed, SlotFull, TooEarly, TooLate, WrongState
from booking.types import Slot, State
from store.engine import read, write

router = APIRouter(include_in_schema=False)
_LOOK_AHEAD = timedelta(days=14)


@router.api_route("/lich-hen/{secret}/doi", methods=["GET", "HEAD"])
async def move_page(request: Request, secret: str) -> Response:
    """The days, or the times of the day in the address, at the same centre."""
    slip = await slip_of(request, await ticket_of(request, secret))
    if not slip.can_change:
        return to_ticket(secret)
    day = read_day(request.query_params.get(DAY, ""))
    return await (_days(request, slip) if day is None else _times(request, slip, day))


@router.post("/lich-hen/{secret}/doi", dependencies=[Depends(from_this_site)])
async def move(request: Request, secret: str) -> Response:
    """Takes the new time. The old one, sent again, changes nothing."""
    ticket = await ticket_of(request, secret)
    at, room = read_time(field(await read_form(request), TIME)), services_of(request)
    if at is None:
        return RedirectResponse(f"/lich-hen/{secret}/doi", status_code=303, headers=HEADERS)
    await count_booking(request)
    try:
        async with write(room.database) as connection:
            await room.booking.reschedule(connection, secret, at)
    except (SlotFull, SlotClosed, TooEarly, TooLate, LimitReached) as refused:
        slip = await slip_of(request, ticket)
        if slip.can_change:
            return await _times(request, slip, at.date(), at, refused)
        return await show_ticket(request, ticket, 409, refused)
    except WrongState:
        return to_ticket(secret)
    return to_ticket(secret, "doi")


@router.api_route("/lich-hen/{secret}/huy", methods=["GET", "HEAD"])
async def cancel_page(request: Request, secret: str) -> Response:
    """Asks whether to cancel."""
    slip = await slip_of(request, await ticket_of(request, secret))
    if not slip.can_change:
        return to_ticket(secret)
    return render(request, "booking/cancel.html", 200, HEADERS, slip=slip)


@router.post("/lich-hen/{secret}/huy", dependencies=[Depends(from_this_site)])
async def cancel(request: Request, secret: str) -> Response:
    """Cancels, or gives a held seat back; a second time changes nothing."""
    ticket, room = await ticket_of(request, secret), services_of(request)
    try:
        async with write(room.database) as connection:
            await room.booking.cancel(connection, secret)
    except (WrongState, TooLate) as refused:
        return await show_ticket(request, ticket, 409, refused)
    if ticket.appointment.state is State.HELD:
        slip = await slip_of(request, ticket)
        return RedirectResponse(address("/dat-lich/ngay", slip.again), status_code=303, headers=HEADERS)
    return to_ticket(secret, "huy")


async def _days(request: Request, slip: Slip) -> Response:
    view, room = slip.appointment, services_of(request)
    async with read(room.database) as connection:
        policy = await room.booking.policy(connection, view.office_id)
        first = today(slip.now)
        last = first + timedelta(days=policy.horizon_days)
        offers = await room.booking.free_days(connection, view.office_id, view.group_id, first, last, view.minutes)
    return render(request, "booking/move_day.html", 200, HEADERS, slip=slip, weeks=weeks(offers, first))


async def _times(
    request: Request, slip: Slip, day: date, wanted: datetime | None = None, refused: BookingError | None = None
) -> Response:
    slots = await _slots(request, slip, day, day if wanted is None else day + _LOOK_AHEAD)
    return render(
        request,
        "booking/move_time.html",
        409 if refused else 200,
        HEADERS,
        slip=slip,
        day=day,
        day_parts=parts(slot for slot in slots if slot.day == day),
        nearest=nearest_slots(slots, wanted) if wanted else [],
        refused=refused,
    )


async def _slots(request: Request, slip: Slip, first: date, last: date) -> list[Slot]:
    view, room = slip.appointment, services_of(request)
    async with read(room.database) as connection:
        return await room.booking.free_slots(connection, view.office_id, view.group_id, first, last, view.minutes)
