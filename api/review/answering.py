"""Answering a case: draft, submit, approve or give back, publish, withdraw."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from api.appointments.room import services_of
from api.forms import field, read_form
from api.review.case import find_case, suggestions_for, take_step, text_of
from api.review.reading import MOST_FIELDS, confirmed, read_draft, read_end, read_id, version_in
from api.review.screens import PREFIX, Editor, Reviewer, due_again, public_numbers, today_at
from feed import answer_templates, answers
from feed.answers import Draft, Source
from store.engine import read

router = APIRouter(prefix=f"{PREFIX}/viec")
_TEMPLATE, _SUGGESTION = "mau-", "goi-y-"


@router.post("/{code}/nhap")
async def save_draft(request: Request, code: str, officer: Editor) -> Response:
    """Keeps what was written; with `chen` a template or a suggestion is put at its end first."""
    form = await read_form(request, MOST_FIELDS)
    draft, version, wanted = _draft(request, form), version_in(form), field(form, "chen")
    whole = await _with_piece(request, code, draft, wanted) if wanted else draft
    return await take_step(
        request, code, officer, "chen" if wanted else "nhap",
        lambda change, case: answers.save_draft(change, case.id, version, whole), whole,
    )  # fmt: skip


@router.post("/{code}/trinh")
async def submit(request: Request, code: str, officer: Editor) -> Response:
    """Hands the answer in for approval."""
    form = await read_form(request, MOST_FIELDS)
    draft, version, sure = _draft(request, form), version_in(form), confirmed(form)
    return await take_step(
        request, code, officer, "trinh",
        lambda change, case: answers.submit(change, case.id, version, draft, sure), draft,
    )  # fmt: skip


@router.post("/{code}/duyet")
async def approve(request: Request, code: str, officer: Reviewer) -> Response:
    """Approves the answer; it goes to all who asked."""
    form = await read_form(request, MOST_FIELDS)
    version, reason, sure, known = version_in(form), field(form, "ly-do"), confirmed(form), public_numbers(request)
    done = await take_step(
        request, code, officer, "duyet",
        lambda change, case: answers.approve(
            change, case.id, version, reason=reason, confirmed=sure, known=known
        ),
    )  # fmt: skip
    services_of(request).pipeline.outgoing.set()
    return done


@router.post("/{code}/tra-lai")
async def reject(request: Request, code: str, officer: Reviewer) -> Response:
    """Gives the answer back to its author."""
    form = await read_form(request, MOST_FIELDS)
    version, reason = version_in(form), field(form, "ly-do")
    return await take_step(
        request, code, officer, "tra-lai", lambda change, case: answers.reject(change, case.id, version, reason)
    )


@router.post("/{code}/cong-khai")
async def publish(request: Request, code: str, officer: Reviewer) -> Response:
    """Puts the answer on the public page, or changes its wording and its end there."""
    form = await read_form(request, MOST_FIELDS)
    version, question, expires = version_in(form), field(form, "cau-hoi"), read_end(field(form, "het-han"))
    reason, sure, known = field(form, "ly-do"), confirmed(form), public_numbers(request)
    return await take_step(
        request, code, officer, "cong-khai",
        lambda change, case: answers.publish(
            change, case.id, version, question, expires, reason=reason, confirmed=sure, known=known
        ),
    )  # fmt: skip


@router.post("/{code}/go")
async def unpublish(request: Request, code: str, officer: Reviewer) -> Response:
    """Takes the answer off the public page."""
    form = await read_form(request, MOST_FIELDS)
    version, reason = version_in(form), field(form, "ly-do")
    return await take_step(
        request, code, officer, "go", lambda change, case: answers.unpublish(change, case.id, version, reason)
    )


@router.post("/{code}/thu-hoi")
async def withdraw(request: Request, code: str, officer: Reviewer) -> Response:
    """Withdraws the answer; all who got it are told."""
    form = await read_form(request, MOST_FIELDS)
    version, reason, due = version_in(form), field(form, "ly-do"), due_again(request)
    done = await take_step(
        request, code, officer, "thu-hoi",
        lambda change, case: answers.withdraw(change, case.id, version, reason, due),
    )  # fmt: skip
    services_of(request).pipeline.outgoing.set()
    return done


def _draft(request: Request, form: FormData) -> Draft:
    return read_draft(form, today_at(request), public_numbers(request))


async def _with_piece(request: Request, code: str, draft: Draft, wanted: str) -> Draft:
    """The draft with a template or a suggestion at its end. What is not there any more is not put in."""
    async with read(services_of(request).database) as connection:
        if wanted.startswith(_TEMPLATE):
            number = read_id(wanted.removeprefix(_TEMPLATE))
            known = {template.id: template for template in await answer_templates.everything(connection)}
            return _longer(draft, known[number].text) if number in known else draft
        case = await find_case(connection, code)
        text = await text_of(connection, case)
    found = await suggestions_for(request, case, text)
    place = wanted.removeprefix(_SUGGESTION)
    if not place.isascii() or not place.isdigit() or int(place[:3]) >= len(found):
        return draft
    chosen = found[int(place[:3])]
    cited = (Source(one.title, one.date, one.section, one.url) for one in chosen.sources)
    sources = tuple(dict.fromkeys((*draft.sources, *cited)))
    return replace(_longer(draft, chosen.text), sources=sources, agency=draft.agency or chosen.agency or "")


def _longer(draft: Draft, text: str) -> Draft:
    return replace(draft, text=f"{draft.text.rstrip()}\n\n{text}".strip())
