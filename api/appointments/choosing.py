"""Choosing: what to come for, where, on which day, at what time; then a seat is held. Plain links and forms."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.appointments.errands import (
    DAY,
    TIME,
    Errand,
    Visit,
    address,
    errand_in,
    knowledge_of,
    offices_for,
    visit_in,
)
from api.appointments.places import Found, find_offices, short_name
from api.appointments.private import count_booking
from api.appointments.room import services_of
from api.appointments.views import nearest_slots, parts, read_day, read_time, weeks
from api.catalogue import Catalogue
from api.desk import new_token
from api.forms import field, from_this_site, read_form
from api.pages import render
from api.settings import Settings
from booking.calendar import today
from booking.errors import BookingError, SlotClosed, SlotFull, TooEarly, TooLate
from booking.types import Origin, Slot
from bot.appointments.services import services
from bot.appointments.venues import Reach, near_first
from knowledge.database import KnowledgeBase
from store.engine import read, write

router = APIRouter(include_in_schema=False)
CHANNEL = "web"
_FOUND, _NEAR = 12, 5
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{24}$")
_HOLDER_SECONDS = 12 * 3600
_LOOK_AHEAD = timedelta(days=14)


@router.api_route("/dat-lich", methods=["GET", "HEAD"])
async def what_page(request: Request, q: str = "") -> Response:
    """Asks what the citizen comes for: a search for procedures, and the service groups."""
    catalogue, query = services_of(request).catalogue(), " ".join(q[:200].split())
    found = await asyncio.to_thread(_search, catalogue, query) if query else []
    return render(request, "booking/what.html", query=query, found=found, groups=list(services().values()))


@router.api_route("/dat-lich/noi", methods=["GET", "HEAD"])
async def where_page(request: Request, tim: str = "") -> Response:
    """Asks where; says why not, where no counter takes it."""
    knowledge = knowledge_of(request)
    errand, typed = errand_in(knowledge, request.query_params), " ".join(tim[:100].split())
    if not errand.bookable:
        return render(request, "booking/no_counter.html", errand=errand)
    found = find_offices(offices_for(knowledge, errand), typed)
    near = _near(knowledge, errand, found) if typed else []
    return render(request, "booking/where.html", errand=errand, typed=typed, found=found, near=near, link=address)


@router.api_route("/dat-lich/ngay", methods=["GET", "HEAD"])
async def day_page(request: Request) -> Response:
    """Asks on which day."""
    visit, room = visit_in(knowledge_of(request), request.query_params), services_of(request)
    async with read(room.database) as connection:
        office = visit.office.id
        policy = await room.booking.policy(connection, office)
        first = today(room.booking.context.now())
        last = first + timedelta(days=policy.horizon_days)
        group, minutes = visit.errand.service.id, visit.errand.minutes
        offers = await room.booking.free_days(connection, office, group, first, last, minutes)
        calendar = await room.booking.calendar(connection, office)
    shown = weeks(offers, first)
    return render(request, "booking/day.html", visit=visit, weeks=shown, calendar=calendar, link=address)


@router.api_route("/dat-lich/gio", methods=["GET", "HEAD"])
async def time_page(request: Request) -> Response:
    """Asks at what time."""
    visit, day = visit_in(knowledge_of(request), request.query_params), read_day(request.query_params.get(DAY, ""))
    if day is None:
        return RedirectResponse(address("/dat-lich/ngay", visit.fields), status_code=303)
    return await _time_page(request, visit, day)


@router.post("/dat-lich/gio", dependencies=[Depends(from_this_site)])
async def hold_seat(request: Request) -> Response:
    """Holds the seat that was tapped, and leads to its ticket, which asks who comes."""
    form = await read_form(request)
    visit, at = visit_in(knowledge_of(request), request.query_params), read_time(field(form, TIME))
    if at is None:
        return RedirectResponse(address("/dat-lich/ngay", visit.fields), status_code=303)
    await count_booking(request)
    holder, room = _holder(request, field(form, "luot")), services_of(request)
    try:
        async with write(room.database) as connection:
            held = await room.booking.hold(connection, visit.wish(at), Origin(CHANNEL, holder=holder))
    except (SlotFull, SlotClosed, TooLate, TooEarly) as refused:
        return await _time_page(request, visit, at.date(), at, refused)
    response = RedirectResponse(f"/lich-hen/{held.secret}", status_code=303)
    _remember(response, holder, request.app.state.settings)
    return response


async def free_slots(request: Request, visit: Visit, first: date, last: date) -> list[Slot]:
    """The times that can be booked."""
    room = services_of(request)
    async with read(room.database) as connection:
        return await room.booking.free_slots(
            connection, visit.office.id, visit.errand.service.id, first, last, visit.errand.minutes
        )


async def _time_page(
    request: Request, visit: Visit, day: date, wanted: datetime | None = None, refused: BookingError | None = None
) -> Response:
    """The times of a day; when the one that was wanted is gone, the nearest others, on other days too."""
    room = services_of(request)
    async with read(room.database) as connection:
        calendar = await room.booking.calendar(connection, visit.office.id)
    slots = await free_slots(request, visit, day, day if wanted is None else day + _LOOK_AHEAD)
    return render(
        request,
        "booking/time.html",
        409 if refused else 200,
        visit=visit,
        day=day,
        day_parts=parts(slot for slot in slots if slot.day == day),
        nearest=nearest_slots(slots, wanted) if wanted else [],
        refused=refused,
        calendar=calendar,
        token=new_token(),
        link=address,
    )


def _search(catalogue: Catalogue, query: str) -> list[Errand]:
    codes = (hit.code for hit in catalogue.search(query, _FOUND))
    return [errand_in(catalogue.knowledge, {"viec": code}) for code in codes]


def _near(knowledge: KnowledgeBase, errand: Errand, found: list[Found]) -> list[tuple[str, str]]:
    """Id and name of the centres near the one that was found, where the citizen may go to any."""
    if errand.reach is not Reach.ANY or not found:
        return []
    others = near_first(offices_for(knowledge, errand), found[0].office, {item.office.id for item in found})
    return [(office.id, short_name(office)) for office in others[:_NEAR]]


def _holder(request: Request, given: str) -> str:
    """Who is choosing: the browser's cookie, or the page's own token, so that a double tap takes one seat."""
    known = request.cookies.get(_cookie_name(request.app.state.settings), "")
    return known if _TOKEN.match(known) else checked_token(given)


def checked_token(given: str) -> str:
    """The token of one of our forms; a new one in place of anything else."""
    return given if _TOKEN.match(given) else new_token()


def _cookie_name(settings: Settings) -> str:
    return "__Host-giu-cho" if settings.secure_cookies else "giu-cho"


def _remember(response: Response, holder: str, settings: Settings) -> None:
    response.set_cookie(
        _cookie_name(settings),
        holder,
        max_age=_HOLDER_SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
