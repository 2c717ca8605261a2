"""One appointment: found, looked at, cancelled for the office; the slip with the number; the day on paper."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.appointments.views import read_day
from api.counter.queue import line_up
from api.counter.screens import PREFIX, Clerk, Manager, now_at, screen, see, today_at
from api.forms import field, read_form
from api.problems import Problem
from api.staff.access import Officer
from api.texts import counter_text
from booking.codes import read_secret
from booking.errors import BookingError, NotFound
from booking.types import Appointment, State
from store.engine import read, write

router = APIRouter(prefix=PREFIX)
_CANCELLABLE = (State.CONFIRMED, State.CHECKED_IN)


@router.get("/{office_id}/tim")
async def search_page(request: Request, office_id: str, officer: Clerk) -> Response:
    """Asks for a reference, a name or a phone."""
    return screen(request, "search.html", officer, office_id, wanted="", found=None)


@router.post("/{office_id}/tim")
async def search(request: Request, office_id: str, officer: Clerk) -> Response:
    """What was found. A form and no link: names and phones do not belong into addresses, which are kept."""
    wanted, room = " ".join(field(await read_form(request), "tim").split())[:300], services_of(request)
    async with read(room.database) as connection:
        if read_secret(wanted):
            wanted = await _reference_of(request, office_id, wanted)
        found = await room.booking.search(connection, office_id, wanted) if wanted else None
    return screen(request, "search.html", officer, office_id, wanted=wanted, found=found)


@router.get("/{office_id}/hen/{reference}")
async def appointment_page(request: Request, office_id: str, reference: str, officer: Clerk) -> Response:
    """Everything about one appointment that officers need."""
    return await _appointment(request, office_id, reference, officer)


@router.post("/{office_id}/hen/{reference}/huy")
async def cancel(request: Request, office_id: str, reference: str, officer: Manager) -> Response:
    """Cancels for the office; the citizen is told where a channel is known."""
    why, room = " ".join(field(await read_form(request), "ly-do").split())[:200], services_of(request)
    if not why:
        return await _appointment(request, office_id, reference, officer, 422, counter_text("why_needed"))
    try:
        async with write(room.database) as connection:
            await room.booking.cancel_by_office(connection, office_id, reference, str(officer.id), why)
    except NotFound:
        return _not_found(request, office_id, reference, officer)
    except BookingError as refused:
        return await _appointment(request, office_id, reference, officer, 409, str(refused))
    return see(office_id, f"/hen/{reference}")


@router.get("/{office_id}/phieu/{reference}")
async def slip(request: Request, office_id: str, reference: str, officer: Clerk) -> Response:
    """The number, to print and hand over."""
    room = services_of(request)
    try:
        view = await _find(request, office_id, reference)
    except NotFound:
        return _not_found(request, office_id, reference, officer)
    if view.number is None:
        raise Problem(404, "not_found")
    async with read(room.database) as connection:
        line = line_up(await room.booking.day_list(connection, office_id, view.day), now_at(request))
    ahead = line.ahead_of(view.reference)
    return screen(request, "slip.html", officer, office_id, view=view, ahead=ahead)


@router.get("/{office_id}/ngay")
async def day_sheet(request: Request, office_id: str, officer: Clerk, ngay: str = "") -> Response:
    """A day's list on paper."""
    day, room = read_day(ngay) or today_at(request), services_of(request)
    async with read(room.database) as connection:
        views = await room.booking.day_list(connection, office_id, day)
    coming = [view for view in views if view.state is not State.CANCELLED]
    left_out = len(views) - len(coming)
    return screen(request, "day.html", officer, office_id, day=day, views=coming, left_out=left_out)


async def _appointment(
    request: Request, office_id: str, reference: str, officer: Officer, status: int = 200, refused: str = ""
) -> Response:
    try:
        view = await _find(request, office_id, reference)
    except NotFound:
        return _not_found(request, office_id, reference, officer)
    return screen(
        request,
        "appointment.html",
        officer,
        office_id,
        status,
        view=view,
        refused=refused,
        is_today=view.day == today_at(request),
        has_begun=view.starts_at <= now_at(request),
        can_cancel=view.state in _CANCELLABLE,
    )


async def _find(request: Request, office_id: str, reference: str) -> Appointment:
    """By reference only: a secret does not belong into an officer's address. Raises `NotFound`."""
    room = services_of(request)
    if read_secret(reference):
        raise NotFound
    async with read(room.database) as connection:
        return await room.booking.find(connection, office_id, reference)


def _not_found(request: Request, office_id: str, reference: str, officer: Officer) -> Response:
    """The search, which says so and helps to look further."""
    wanted = "" if read_secret(reference) else reference[:20]
    return screen(request, "search.html", officer, office_id, 404, wanted=wanted, found=[])


async def _reference_of(request: Request, office_id: str, secret: str) -> str:
    """The reference of a scanned code; nothing where it is none of this office."""
    room = services_of(request)
    try:
        async with read(room.database) as connection:
            return (await room.booking.find(connection, office_id, secret)).reference
    except NotFound:
        return ""
