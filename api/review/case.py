"""One case: what citizens asked, the answer under way, notes and history; the page that every step comes back to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.appointments.room import services_of
from api.problems import Problem
from api.review.history import lines_of
from api.review.inbox import can_answer
from api.review.screens import (
    PREFIX,
    Reader,
    actor_of,
    catalogue_or_none,
    check_case,
    now_at,
    public_numbers,
    screen,
    see,
)
from api.review.suggesting import Suggestion, agency_of, suggest
from api.staff.access import Officer
from api.texts import review_words
from feed import answer_templates, case_view, cluster_figures, reports
from feed.answers import MOST_SOURCES, Draft
from feed.case_states import Step, steps
from feed.case_view import Answer, Case
from feed.change import Change
from feed.cluster_figures import ClusterFigures
from feed.errors import FeedError, NotFound, PersonalData
from feed.labels.types import Flag, Kind, Sentiment
from feed.publishing import findings
from store import accounts
from store.engine import read, write

router = APIRouter(prefix=PREFIX)
EXPIRES = timedelta(days=365)
"""A public answer is proposed to hold so long."""
_SPARE_SOURCES = 2

Deed = Callable[[Change, Case], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step left behind: why it was refused and what was typed, so that nothing is lost; or what to show."""

    text: str = ""
    status: int = 200
    draft: Draft | None = None
    found: Sequence[tuple[str, str]] = ()
    """Kind and words of what looks like personal data and was not confirmed."""
    contact: bool = False
    """Whether to show whom to call back."""


@router.get("/viec/{code}")
async def page(request: Request, code: str, officer: Reader) -> Response:
    """The case."""
    return await case_page(request, code, officer)


async def take_step(
    request: Request, code: str, officer: Officer, done: str, deed: Deed, draft: Draft | None = None
) -> Response:
    """One step in one transaction; the case's page again, with the reason and what was typed where it was refused."""
    try:
        async with write(services_of(request).database) as connection:
            case = await find_case(connection, code)
            check_case(officer, case)
            await deed(Change(connection, now_at(request), actor_of(officer)), case)
    except PersonalData as refused:
        found = [(kind.value, text) for kind, text in refused.findings]
        return await case_page(request, code, officer, Outcome(str(refused), 422, draft, found))
    except FeedError as refused:
        return await case_page(request, code, officer, Outcome(str(refused), 409, draft))
    return see(f"/viec/{code}?xong={done}")


async def case_page(request: Request, code: str, officer: Officer, outcome: Outcome | None = None) -> Response:
    """The case's page. Raises `Problem` 404 for a code that is none, 403 for a case of another commune."""
    outcome = outcome or Outcome()
    async with read(services_of(request).database) as connection:
        case = await find_case(connection, code)
        check_case(officer, case)
        report = await reports.details(connection, case.id)
        answers = await case_view.answers_of(connection, case.id)
        everyone = await accounts.everyone(connection)
        values: dict[str, Any] = {
            "lead": await text_of(connection, case),
            "wordings": await case_view.wordings_of(connection, case),
            "excerpt": await case_view.excerpt_of(connection, case),
            "figures": await case_view.figures_of(connection, case.id),
            "notes": await case_view.notes_of(connection, case.id),
            "events": await case_view.history_of(connection, case.id),
            "cluster": await _cluster(connection, case, now_at(request)),
            "templates": await answer_templates.everything(connection),
        }
    names = {account.id: account.full_name for account in everyone}
    events = values.pop("events")
    submitted = next((one for one in answers if one.status == "submitted"), None)
    approved = next((one for one in answers if one.status == "approved"), None)
    return screen(
        request,
        "case.html",
        officer,
        outcome.status,
        case=case,
        report=report,
        contact=outcome.contact,
        answers=answers,
        submitted=submitted,
        approved=approved,
        written=_written(request, case, answers, outcome.draft),
        rows=_rows(answers, outcome.draft),
        findings=_findings(request, submitted, outcome),
        publishable=_findings(request, approved, outcome),
        suggestions=await suggestions_for(request, case, values["lead"]),
        agency=_agency(request, case),
        officers=[one for one in everyone if can_answer(one) and not one.locked],
        names=names,
        history=lines_of(events, {str(number): name for number, name in names.items()}),
        open=steps(case.status),
        Step=Step,
        kinds=list(Kind),
        moods=list(Sentiment),
        flags=list(Flag),
        own=submitted is not None and submitted.author_id == officer.id,
        refused=outcome.text,
        said=review_words(f"said_{request.query_params.get('xong', '')}") if not outcome.text else None,
        tomorrow=now_at(request) + timedelta(days=1),
        year=now_at(request) + EXPIRES,
        **values,
    )


async def suggestions_for(request: Request, case: Case, text: str) -> list[Suggestion]:
    """What the knowledge would answer; none while there is no knowledge."""
    catalogue = catalogue_or_none(request)
    if catalogue is None or not text:
        return []
    return await asyncio.to_thread(suggest, catalogue.library, text, case.procedure_code)


async def find_case(connection: AsyncConnection, code: str) -> Case:
    """The case with this code. Raises `Problem` 404."""
    try:
        return await case_view.find(connection, code)
    except NotFound as error:
        raise Problem(404, "not_found") from error


async def text_of(connection: AsyncConnection, case: Case) -> str:
    """What the first citizen wrote; empty where that was deleted."""
    report = await reports.details(connection, case.id)
    if report is not None:
        return report.what
    wordings = await case_view.wordings_of(connection, case)
    return wordings[0].text if wordings else ""


async def _cluster(connection: AsyncConnection, case: Case, now: datetime) -> ClusterFigures | None:
    """How many ask the like, and how that grows."""
    if case.cluster_id is None:
        return None
    return (await cluster_figures.figures(connection, [case.cluster_id], now)).get(case.cluster_id)


def _agency(request: Request, case: Case) -> str:
    """Who is in charge: as it was given, else as the knowledge of the procedure says, else the commune's centre."""
    catalogue = catalogue_or_none(request)
    if case.agency or catalogue is None:
        return case.agency or ""
    office = catalogue.knowledge.offices.get(case.commune_id or "")
    return agency_of(catalogue.library, case.procedure_code) or (office.name if office else "")


def _written(request: Request, case: Case, answers: Sequence[Answer], sent: Draft | None) -> Draft:
    """What stands in the editor: what was just typed, else the draft, else the empty answer."""
    if sent is not None:
        return sent
    draft = next((one for one in answers if one.status == "draft"), None)
    if draft is None:
        return Draft("", "", _agency(request, case), public=case.origin == "question")
    return Draft(draft.question, draft.text, draft.agency, public=draft.public, expires_at=draft.expires_at)


def _rows(answers: Sequence[Answer], sent: Draft | None) -> list[dict[str, Any]]:
    """The rows of sources in the editor, some empty ones at the end."""
    if sent is not None:
        known = [
            {"title": one.title, "section": one.section, "url": one.url, "date": one.date.isoformat()}
            for one in sent.sources
        ]
    else:
        draft = next((one for one in answers if one.status == "draft"), None)
        known = [dict(source) for source in draft.sources] if draft else []
    empty: dict[str, Any] = {"title": "", "section": None, "url": None, "date": ""}
    return [*known, *([empty] * _SPARE_SOURCES)][:MOST_SOURCES]


def _findings(request: Request, answer: Answer | None, outcome: Outcome) -> list[tuple[str, str]]:
    """What looks like personal data in an answer: shown before anybody is asked to confirm it."""
    if answer is None:
        return list(outcome.found)
    found = findings(answer.question, answer.text, known=public_numbers(request))
    return list(dict.fromkeys([*((one.kind.value, one.text) for one in found), *outcome.found]))
