"""The day at the counters: who is here, who is next; checking in, tickets, calling, ending. Plain forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.appointments.room import services_of
from api.counter.queue import Line, line_up
from api.counter.screens import PREFIX, Clerk, now_at, screen, see, today_at
from api.forms import field, read_form
from api.staff.access import Officer
from api.texts import counter_text
from booking.codes import read_secret
from booking.errors import BookingError
from booking.locks import lock_offices
from booking.types import Appointment
from bot.appointments.services import services
from store.engine import read, write

router = APIRouter(prefix=PREFIX)
COOKIE = "quay"
_COUNTER_LENGTH = 40
_RENEW_FOR = timedelta(minutes=30)
"""After so long without a click the list stops renewing itself, so that a session that nobody uses can end."""
_SAID = ("checked_in", "called", "done", "no_show")
_SAID_PLAINLY = ("already", "nobody")
Step = Callable[[AsyncConnection], Awaitable[Appointment]]


@router.get("/{office_id}")
async def today_page(request: Request, office_id: str, officer: Clerk) -> Response:
    """Everybody of today, and the forms that a counter works with."""
    return await _today(request, office_id, officer)


@router.post("/{office_id}/tiep-nhan")
async def check_in(request: Request, office_id: str, officer: Clerk) -> Response:
    """Somebody is here: by reference or by what the scanner read."""
    code = field(await read_form(request), "ma").strip()[:300]
    booking = services_of(request).booking
    return await _do(
        request, office_id, officer, "checked_in", lambda c: booking.check_in(c, office_id, code, str(officer.id)), code
    )


@router.post("/{office_id}/lay-so")
async def walk_in(request: Request, office_id: str, officer: Clerk) -> Response:
    """A number for somebody without appointment; leads to the slip to print."""
    form, room = await read_form(request), services_of(request)
    service = services().get(field(form, "nhom"))
    if service is None:
        return await _today(request, office_id, officer, 422, counter_text("choose_group"))
    name = field(form, "ten").strip() or None
    try:
        async with write(room.database) as connection:
            view = await room.booking.walk_in(
                connection, office_id, service.id, str(officer.id), name=name, minutes=service.minutes
            )
    except BookingError as refused:
        return await _today(request, office_id, officer, 409, str(refused))
    return see(office_id, f"/phieu/{view.reference}")


@router.post("/{office_id}/goi")
async def call_next(request: Request, office_id: str, officer: Clerk) -> Response:
    """Ends the visit at this counter, if there is one, and calls the next. A form of an older state calls nobody."""
    form, room = await read_form(request), services_of(request)
    counter, group = " ".join(field(form, "quay").split())[:_COUNTER_LENGTH], field(form, "nhom")
    if not counter:
        return await _today(request, office_id, officer, 422, counter_text("name_counter"))
    account, before = str(officer.id), field(form, "dang")
    async with write(room.database) as connection:
        await lock_offices(connection, [office_id])
        serving = (await _line(request, connection, office_id)).at(counter)
        if (serving.view.reference if serving else "") != before:
            done = see(office_id, "?xong=already")
            return _remember(done, request, counter, group)
        if serving:
            await room.booking.finish(connection, office_id, before, account)
        group_id = group if group in services() else None
        called = await room.booking.call_next(connection, office_id, group_id, counter, account)
    done = see(office_id, f"?xong=called&ma={called.reference}" if called else "?xong=nobody")
    return _remember(done, request, counter, group)


@router.post("/{office_id}/xong")
async def finish(request: Request, office_id: str, officer: Clerk) -> Response:
    """The visit is done."""
    reference = field(await read_form(request), "ma")
    booking = services_of(request).booking
    return await _do(
        request, office_id, officer, "done", lambda c: booking.finish(c, office_id, reference, str(officer.id))
    )


@router.post("/{office_id}/vang")
async def no_show(request: Request, office_id: str, officer: Clerk) -> Response:
    """Did not come, or not when called."""
    reference = field(await read_form(request), "ma")
    booking = services_of(request).booking
    return await _do(
        request, office_id, officer, "no_show", lambda c: booking.no_show(c, office_id, reference, str(officer.id))
    )


async def _do(request: Request, office_id: str, officer: Officer, done: str, step: Step, code: str = "") -> Response:
    """One step; the page again with the reason where it was refused. A scanned secret is never shown again."""
    try:
        async with write(services_of(request).database) as connection:
            view = await step(connection)
    except BookingError as refused:
        shown = "" if read_secret(code) else code[:20]
        return await _today(request, office_id, officer, 409, str(refused), shown)
    return see(office_id, f"?xong={done}&ma={view.reference}")


async def _line(request: Request, connection: AsyncConnection, office_id: str) -> Line:
    views = await services_of(request).booking.day_list(connection, office_id, today_at(request))
    return line_up(views, now_at(request))


async def _today(
    request: Request, office_id: str, officer: Officer, status: int = 200, refused: str = "", code: str = ""
) -> Response:
    room, (counter, group) = services_of(request), _my_counter(request)
    async with read(room.database) as connection:
        line = await _line(request, connection, office_id)
        calendar = await room.booking.calendar(connection, office_id)
    renew, since = _renewal(request)
    return screen(
        request,
        "today.html",
        officer,
        office_id,
        status,
        line=line,
        mine=line.at(counter),
        calendar=calendar,
        counter=counter,
        group=group,
        groups=list(services().values()),
        day=today_at(request),
        now=now_at(request),
        refused=refused,
        code=code,
        said=_said(request, line),
        renew=renew,
        since=since,
        still=request.query_params.get("dung") == "1",
    )


def _said(request: Request, line: Line) -> tuple[str, str]:
    """What was done, and the reference that a slip can be printed for; both empty where nothing was."""
    done, reference = request.query_params.get("xong", ""), request.query_params.get("ma", "")
    if done in _SAID_PLAINLY:
        return counter_text(f"said_{done}"), ""
    view = line.find(reference)
    if done not in _SAID or view is None:
        return "", ""
    who, number = view.name or counter_text("nameless"), view.number or "–"
    text = counter_text(f"said_{done}", who=who, number=number, counter=view.counter or "")
    return text, reference if done == "checked_in" else ""


def _renewal(request: Request) -> tuple[bool, str]:
    """Whether the list renews itself, and since when it has done so without a click."""
    now, given = now_at(request), request.query_params.get("tu-luc", "")
    try:
        since = datetime.fromtimestamp(int(given[:12]), now.tzinfo) if given else now
    except (ValueError, OverflowError, OSError):
        since = now
    on = request.query_params.get("dung") != "1" and timedelta(0) <= now - since < _RENEW_FOR
    return on, str(int(since.timestamp()))


def _my_counter(request: Request) -> tuple[str, str]:
    """The counter and the group that this browser called for last."""
    counter, _, group = request.cookies.get(COOKIE, "").partition("|")
    return unquote(counter)[:_COUNTER_LENGTH], group if group in services() else ""


def _remember(response: Response, request: Request, counter: str, group: str) -> Response:
    secure = request.app.state.settings.secure_cookies
    value = f"{quote(counter, safe='')}|{group if group in services() else ''}"
    response.set_cookie(COOKIE, value, path=PREFIX, httponly=True, samesite="lax", secure=secure)
    return response
