"""The list of cases with its filters in the address, what is new since, and steps on many cases at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from api.appointments.room import services_of
from api.forms import field, read_form
from api.review.reading import MOST_FIELDS, STATUSES, address_of, read_filters, read_id, ticked
from api.review.screens import EDITORS, PREFIX, Reader, Reviewer, actor_of, clocks_at, now_at, screen, see
from api.staff.access import BOUND, Officer
from api.texts import review_text
from feed import cases
from feed.case_list import counts, newest, page, read_place
from feed.cases import Bulk, Chosen
from feed.change import Change
from feed.errors import FeedError
from feed.labels.types import Kind, Sentiment
from store import accounts
from store.engine import read, write

router = APIRouter(prefix=PREFIX)
PAGE = 40


@router.get("")
async def inbox(request: Request, officer: Reader) -> Response:
    """Cases as the address filters them; urgent ones first, then those due first."""
    return await inbox_page(request, officer)


@router.get("/nhip")
async def pulse(request: Request, officer: Reader) -> Response:
    """What changes when a case comes in: asked every two seconds by an open list, so it counts and no more."""
    commune = office_of(officer)
    async with read(services_of(request).database) as connection:
        found = await counts(connection, clocks_at(request), commune)
        last = await newest(connection, commune)
    body = {"last": last, "open": found.open, "new": found.new, "urgent": found.urgent, "overdue": found.overdue}
    return JSONResponse(body)


@router.post("/hang-loat")
async def many(request: Request, officer: Reviewer) -> Response:
    """One step on all ticked cases. Those that somebody else has changed meanwhile are left as they are."""
    form = await read_form(request, MOST_FIELDS)
    chosen, wanted = ticked(form), field(form, "lam")
    if not chosen:
        return await inbox_page(request, officer, 422, review_text("bulk_none"))
    try:
        async with write(services_of(request).database) as connection:
            done = await _do(Change(connection, now_at(request), actor_of(officer)), chosen, wanted, form)
    except FeedError as refused:
        return await inbox_page(request, officer, 422, str(refused))
    return see(f"{address_of(request.query_params) or '?'}&xong=hang-loat&lam={done.done}&con={done.refused}")


async def inbox_page(request: Request, officer: Officer, status: int = 200, refused: str = "") -> Response:
    """The list, with what was refused."""
    address, clocks, commune = request.query_params, clocks_at(request), office_of(officer)
    filters = read_filters(address, officer.id, commune)
    async with read(services_of(request).database) as connection:
        found, after = await page(connection, filters, clocks, PAGE, read_place(address.get("sau", "")))
        values: dict[str, Any] = {
            "counts": await counts(connection, clocks, commune),
            "last": await newest(connection, commune),
            "officers": [one for one in await accounts.everyone(connection) if can_answer(one) and not one.locked],
        }
    return screen(
        request,
        "inbox.html",
        officer,
        status,
        cases=found,
        after=after,
        address=address,
        filters=filters,
        statuses=STATUSES,
        kinds=list(Kind),
        moods=list(Sentiment),
        channels=CHANNELS,
        refused=refused,
        said=_said(request),
        bound=commune,
        **values,
    )


CHANNELS = ("web", "telegram", "zalo_oa", "zalo_bot", "sms", "rest")


def office_of(officer: Officer) -> str | None:
    """The commune that an officer of one office is bound to; an office without one sees nothing."""
    return (officer.office_id or "-") if officer.role in BOUND else None


def can_answer(account: accounts.Account) -> bool:
    """Whether cases can be given to this officer."""
    return account.role in EDITORS


async def _do(change: Change, chosen: list[Chosen], wanted: str, form: Any) -> Bulk:
    if wanted == "dong":
        return await cases.close_all(change, chosen, field(form, "ly-do"))
    assignee = read_id(field(form, "can-bo"))
    return await cases.assign_all(change, chosen, field(form, "co-quan"), assignee)


def _said(request: Request) -> str:
    """What was done to many."""
    query = request.query_params
    if query.get("xong") != "hang-loat":
        return ""
    done, left = (read_id(query.get(name, "")) or 0 for name in ("lam", "con"))
    text = review_text("bulk_done", count=done)
    return f"{text} {review_text('bulk_left', count=left)}" if left else text
