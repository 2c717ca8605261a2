"""The office's calendar: hours, slots, seats, closures. A change first shows whom it hits and where they could go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from api.appointments.room import services_of
from api.appointments.views import read_time
from api.counter.changes import Change, Hit, try_out, with_choices
from api.counter.reading import MOST_SPANS, READERS, SLOT_LENGTHS, Fault, read_change
from api.counter.screens import PREFIX, Manager, is_told, now_at, screen, see, today_at
from api.forms import field, read_form
from api.problems import Problem
from api.staff.access import Officer
from api.texts import counter_text
from booking.errors import BookingError, NotFound
from booking.types import Appointment, Move
from bot.appointments.services import services
from store.engine import read, write

router = APIRouter(prefix=PREFIX)
FORMS = {
    "gio": "hours.html",
    "khung": "slot_length.html",
    "suc-chua": "capacity.html",
    "nghi": "closure.html",
    "ngay": "special_day.html",
}
"""Parts of the calendar that have a form of their own, each with its template."""
MOST_FIELDS = 400
MOST_HITS = 300
"""Shown at once; the others wait on the page of those that still have to be moved."""
_MOVE = "doi-"
_NOT_CARRIED = ("csrf", "buoc")
_AHEAD = timedelta(days=400)


@router.get("/{office_id}/thiet-lap")
async def overview(request: Request, office_id: str, officer: Manager) -> Response:
    """The calendar as it is."""
    return await _overview(request, office_id, officer)


@router.get("/{office_id}/thiet-lap/{part}")
async def part_page(request: Request, office_id: str, part: str, officer: Manager) -> Response:
    """The form for one part of the calendar."""
    if part in READERS and part not in FORMS:
        return see(office_id, "/thiet-lap")
    _check_part(part)
    return await _form(request, office_id, officer, part)


@router.post("/{office_id}/thiet-lap/{part}")
async def change_part(request: Request, office_id: str, part: str, officer: Manager) -> Response:
    """First shows what the change would hit; the second time, with `buoc=luu`, makes it and moves whom it says."""
    _check_part(part)
    form = await read_form(request, MOST_FIELDS)
    fields = {name: field(form, name) for name in form}
    try:
        change = read_change(part, fields, now_at(request))
        if fields.get("buoc") == "luu":
            return await _make(request, office_id, officer, change, moves_in(form))
        return await _preview(request, office_id, officer, part, change, fields)
    except Fault as fault:
        return await _form(request, office_id, officer, part, 422, counter_text(fault.key), fields)
    except BookingError as refused:
        return await _form(request, office_id, officer, part, 409, str(refused), fields)


@router.get("/{office_id}/can-doi")
async def conflicts_page(request: Request, office_id: str, officer: Manager) -> Response:
    """Appointments that do not fit the calendar and still stand."""
    return await _conflicts(request, office_id, officer)


@router.post("/{office_id}/can-doi")
async def move(request: Request, office_id: str, officer: Manager) -> Response:
    """Moves those for which a time was chosen."""
    moves = moves_in(await read_form(request, MOST_FIELDS))
    if not moves:
        return await _conflicts(request, office_id, officer, 422, counter_text("choose_time"))
    try:
        async with write(services_of(request).database) as connection:
            moved = await _move(request, connection, office_id, moves, officer)
    except BookingError as refused:
        return await _conflicts(request, office_id, officer, 409, str(refused))
    return see(office_id, _result(moved, len(moves)))


@router.get("/{office_id}/da-doi")
async def moved_page(request: Request, office_id: str, officer: Manager, hong: int = 0) -> Response:
    """Who was moved, and whom somebody has to call because no channel is known."""
    room = services_of(request)
    moved: list[Appointment] = []
    async with read(room.database) as connection:
        for reference in request.query_params.getlist("ma")[:MOST_HITS]:
            try:
                moved.append(await room.booking.find(connection, office_id, reference[:12]))
            except NotFound:
                continue
        left = len(await room.booking.conflicts(connection, office_id))
    return screen(
        request,
        "moved.html",
        officer,
        office_id,
        moved=moved,
        informed=[view for view in moved if is_told(view)],
        call=[view for view in moved if not is_told(view)],
        left=left,
        refused=max(0, min(hong, 999)),
    )


def moves_in(form: FormData) -> list[Move]:
    """Whom the officer moves and to when; those left for later are not in it."""
    wanted = ((name.removeprefix(_MOVE), read_time(field(form, name))) for name in form if name.startswith(_MOVE))
    return [Move(reference[:12], at) for reference, at in wanted if at is not None]


async def _make(request: Request, office_id: str, officer: Officer, change: Change, moves: list[Move]) -> Response:
    booking = services_of(request).booking
    async with write(services_of(request).database) as connection:
        await change.apply(booking, connection, office_id, str(officer.id))
        moved = await _move(request, connection, office_id, moves, officer)
        left = await booking.conflicts(connection, office_id)
    if moves:
        return see(office_id, _result(moved, len(moves)))
    return see(office_id, "/can-doi" if left else "/thiet-lap?xong=luu")


async def _move(
    request: Request, connection: AsyncConnection, office_id: str, moves: Sequence[Move], officer: Officer
) -> list[str]:
    """The references of those that could be moved."""
    done = await services_of(request).booking.move_conflicts(connection, office_id, moves, str(officer.id))
    return [one.appointment.reference for one in done if one.refused is None]


def _result(moved: Sequence[str], wanted: int) -> str:
    refused = f"&hong={wanted - len(moved)}" if len(moved) < wanted else ""
    return f"/da-doi?{'&'.join(f'ma={reference}' for reference in moved)}{refused}"


async def _preview(
    request: Request, office_id: str, officer: Officer, part: str, change: Change, fields: dict[str, str]
) -> Response:
    room = services_of(request)
    async with write(room.database) as connection:
        hits = await try_out(room.booking, connection, office_id, change, str(officer.id))
    return screen(
        request,
        "preview.html",
        officer,
        office_id,
        part=part,
        change=change,
        hits=hits[:MOST_HITS],
        more=max(0, len(hits) - MOST_HITS),
        carried={name: value for name, value in fields.items() if name not in _NOT_CARRIED},
    )


async def _overview(request: Request, office_id: str, officer: Officer) -> Response:
    room, today = services_of(request), today_at(request)
    async with read(room.database) as connection:
        calendar = await room.booking.calendar(connection, office_id, today, today + _AHEAD)
        policy = await room.booking.policy(connection, office_id)
        left = len(await room.booking.conflicts(connection, office_id))
    return screen(
        request,
        "setup.html",
        officer,
        office_id,
        calendar=calendar,
        policy=policy,
        left=left,
        groups=list(services().values()),
        saved=request.query_params.get("xong") == "luu",
    )


async def _form(
    request: Request,
    office_id: str,
    officer: Officer,
    part: str,
    status: int = 200,
    refused: str = "",
    fields: dict[str, str] | None = None,
) -> Response:
    """The form of a part as it is stored, or as it was sent when something is wrong with it."""
    if part not in FORMS:  # taking back has no form: whatever was wrong with it, the overview shows what there is
        return see(office_id, "/thiet-lap")
    room, today = services_of(request), today_at(request)
    async with read(room.database) as connection:
        calendar = await room.booking.calendar(connection, office_id, today, today + _AHEAD)
    return screen(
        request,
        FORMS[part],
        officer,
        office_id,
        status,
        part=part,
        calendar=calendar,
        groups=list(services().values()),
        spans=range(MOST_SPANS),
        slot_lengths=SLOT_LENGTHS,
        sent=fields or {},
        refused=refused,
        today=today,
    )


async def _conflicts(
    request: Request, office_id: str, officer: Officer, status: int = 200, refused: str = ""
) -> Response:
    room = services_of(request)
    async with read(room.database) as connection:
        found = await room.booking.conflicts(connection, office_id)
        hits: list[Hit] = await with_choices(room.booking, connection, found[:MOST_HITS])
    more = max(0, len(found) - len(hits))
    return screen(request, "conflicts.html", officer, office_id, status, hits=hits, more=more, refused=refused)


def _check_part(part: str) -> None:
    if part not in READERS:
        raise Problem(404, "not_found")
