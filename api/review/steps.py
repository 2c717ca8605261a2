"""Steps on a case apart from its answer: given away, deadline, note, labels, closed, opened again."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.forms import field, read_form
from api.problems import Problem
from api.review.case import Outcome, case_page, find_case, take_step
from api.review.reading import MOST_FIELDS, read_end, read_id, read_labels, version_in
from api.review.screens import PREFIX, Editor, Reviewer, actor_of, check_case, communes_of, due_again, now_at
from feed import cases
from feed.change import Change
from store.engine import write

router = APIRouter(prefix=f"{PREFIX}/viec")


@router.post("/{code}/giao")
async def assign(request: Request, code: str, officer: Reviewer) -> Response:
    """Gives it to an agency, an officer, or both."""
    form = await read_form(request, MOST_FIELDS)
    agency, assignee, version = field(form, "co-quan"), read_id(field(form, "can-bo")), version_in(form)
    return await take_step(
        request, code, officer, "giao", lambda change, case: cases.assign(change, case.id, version, agency, assignee)
    )


@router.post("/{code}/han")
async def set_deadline(request: Request, code: str, officer: Reviewer) -> Response:
    """Sets another deadline: the end of a day's office hours."""
    form = await read_form(request, MOST_FIELDS)
    due, reason, version = read_end(field(form, "han")) or now_at(request), field(form, "ly-do"), version_in(form)
    return await take_step(
        request, code, officer, "han", lambda change, case: cases.set_deadline(change, case.id, version, due, reason)
    )


@router.post("/{code}/ghi-chu")
async def add_note(request: Request, code: str, officer: Editor) -> Response:
    """Leaves a note for colleagues."""
    text = field(await read_form(request, MOST_FIELDS), "ghi-chu")
    return await take_step(
        request, code, officer, "ghi-chu", lambda change, case: cases.add_note(change, case.id, text)
    )


@router.post("/{code}/lien-he")
async def see_contact(request: Request, code: str, officer: Editor) -> Response:
    """Shows whom to call back; that it was looked at is on record."""
    async with write(services_of(request).database) as connection:
        case = await find_case(connection, code)
        check_case(officer, case)
        await cases.see_contact(Change(connection, now_at(request), actor_of(officer)), case.id)
    return await case_page(request, code, officer, Outcome(contact=True))


@router.post("/{code}/nhan")
async def correct_labels(request: Request, code: str, officer: Reviewer) -> Response:
    """Says what the case is, beside the machine's word."""
    form = await read_form(request, MOST_FIELDS)
    labels, version = read_labels(form, communes_of(request)), version_in(form)
    if labels is None:
        raise Problem(400, "malformed_form")
    return await take_step(
        request, code, officer, "nhan", lambda change, case: cases.correct_labels(change, case.id, version, labels)
    )


@router.post("/{code}/dong")
async def close(request: Request, code: str, officer: Reviewer) -> Response:
    """Closes it without an answer."""
    form = await read_form(request, MOST_FIELDS)
    reason, version = field(form, "ly-do"), version_in(form)
    return await take_step(
        request, code, officer, "dong", lambda change, case: cases.close(change, case.id, version, reason)
    )


@router.post("/{code}/mo-lai")
async def reopen(request: Request, code: str, officer: Reviewer) -> Response:
    """Opens it again, with a new deadline."""
    form = await read_form(request, MOST_FIELDS)
    reason, version, due = field(form, "ly-do"), version_in(form), due_again(request)
    return await take_step(
        request, code, officer, "mo-lai", lambda change, case: cases.reopen(change, case.id, version, due, reason)
    )
