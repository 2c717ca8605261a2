"""What all screens of the review share: who may open them, whose cases they see, names of places and officers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.appointments.room import services_of
from api.catalogue import Catalogue
from api.pages import render
from api.problems import Problem
from api.review.reading import address_of
from api.staff.access import Officer, Role, allow, csrf_token
from api.texts import review_text, review_words
from api.working_days import is_working_day
from booking.wording import day_words
from feed.case_list import Clocks
from feed.case_view import Case
from feed.change import Actor
from feed.deadlines import ZONE, Standing, days_left, due_at, standing, warned_until
from feed.opening import DAYS
from index.artefact import ArtefactUnusable

PREFIX = "/can-bo/hoi-dap"
REVIEWERS = (Role.ADMIN, Role.REVIEWER)
EDITORS = (*REVIEWERS, Role.OFFICE_MANAGER)
READERS = (*EDITORS, Role.LEADER)
Reader = Annotated[Officer, Depends(allow(*READERS))]
"""Sees cases; who works in one office, those of its commune."""
Editor = Annotated[Officer, Depends(allow(*EDITORS))]
"""Writes drafts and notes."""
Reviewer = Annotated[Officer, Depends(allow(*REVIEWERS))]
"""Does everything."""


def actor_of(officer: Officer) -> Actor:
    """The officer as the feed knows one."""
    return Actor(officer.id, officer.actor, str(officer.role), alone=officer.role is Role.ADMIN)


def check_case(officer: Officer, case: Case) -> None:
    """Raises `Problem` 403 for a case of another commune than the officer's own. A commune has the id of its centre."""
    if not officer.may_enter(case.commune_id):
        raise Problem(403, "office")


def now_at(request: Request) -> datetime:
    """The time by the service's clock."""
    return services_of(request).clock()


def today_at(request: Request) -> date:
    """The day in Vietnam."""
    return now_at(request).astimezone(ZONE).date()


def clocks_at(request: Request) -> Clocks:
    """The time, and until when a case is due soon."""
    now = now_at(request)
    return Clocks(now, warned_until(now, is_working_day))


def due_again(request: Request) -> datetime:
    """When a case is due that is open again: its citizens wait for the second time."""
    return due_at(now_at(request), DAYS, is_working_day)


def catalogue_or_none(request: Request) -> Catalogue | None:
    """The knowledge in force. The review works on without one: names and suggestions are missing then."""
    try:
        return services_of(request).catalogue()
    except ArtefactUnusable:
        return None


def communes_of(request: Request) -> Mapping[str, str]:
    """Names of the communes by id, in alphabetical order; empty while there is no knowledge."""
    catalogue = catalogue_or_none(request)
    offices = catalogue.knowledge.offices.values() if catalogue else ()
    named = {office.id: office.commune for office in offices if office.commune}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def public_numbers(request: Request) -> list[str]:
    """Numbers that are nobody's data: the hotline and the offices' telephones."""
    catalogue = catalogue_or_none(request)
    offices = catalogue.knowledge.offices.values() if catalogue else ()
    numbers = [office.phone for office in offices if office.phone]
    hotline = request.app.state.site.hotline
    return [*numbers, hotline] if hotline else numbers


def named(prefix: str, value: str | None) -> str:
    """What people call a label of the feed; the label itself where nobody has found words for it."""
    return review_words(f"{prefix}_{value}") or str(value)


def address(rest: str = "") -> str:
    """Where a screen is."""
    return f"{PREFIX}{rest}"


def see(rest: str = "") -> RedirectResponse:
    """Sends the browser on to a screen after a form."""
    return RedirectResponse(address(rest), status_code=303)


def screen(request: Request, template: str, officer: Officer, status: int = 200, **values: object) -> HTMLResponse:
    """A template below `templates/review/` as a response."""
    clocks, communes = clocks_at(request), communes_of(request)
    return render(
        request,
        f"review/{template}",
        status,
        None,
        csrf=csrf_token(request),
        officer=officer,
        reviews=officer.role in REVIEWERS,
        edits=officer.role in EDITORS,
        base=PREFIX,
        r=review_text,
        named=named,
        communes=communes,
        commune_name=lambda commune_id: communes.get(commune_id, commune_id),
        deadline=lambda due: Deadline(due, clocks),
        date_words=lambda at: day_words(at.astimezone(ZONE).date()),
        iso_day=lambda at: at.astimezone(ZONE).date().isoformat() if at else "",
        source_day=_source_day,
        at=lambda address, **changes: f"{PREFIX}{address_of(address, **changes)}",
        **values,
    )


def _source_day(day: date | str) -> str:
    """18/07/2026; what was kept is text."""
    return f"{date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"


class Deadline:
    """A deadline as a badge shows it."""

    def __init__(self, due: datetime, clocks: Clocks) -> None:
        self.standing = standing(due, clocks.now, clocks.soon)
        self.text = _deadline_text(due, clocks, self.standing)


def _deadline_text(due: datetime, clocks: Clocks, how: Standing) -> str:
    day = due.astimezone(ZONE).date()
    if how is Standing.OVERDUE:
        return review_text("due_over", day=f"{day:%d/%m}")
    left = days_left(clocks.now, due, is_working_day)
    return review_text("due_today" if left == 0 else "due_in", days=left, day=f"{day:%d/%m}")
