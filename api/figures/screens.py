"""What all pages of figures share: who may open them, which days and which commune, names, the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from api.appointments.room import services_of
from api.appointments.views import read_day
from api.counter.screens import knowledge_or_none
from api.figures.names import Names, group_names
from api.pages import render
from api.problems import Problem
from api.staff.access import Officer, Role, allow, csrf_token
from api.texts import figures_text
from feed.counting import Span
from feed.overview import Overview, overview
from feed.wording import day_of
from store.engine import read

HOME, SUPERVISION, SCREEN, REPORTS = "/can-bo/toan-canh", "/can-bo/giam-sat", "/can-bo/dieu-hanh", "/can-bo/bao-cao"
PROVINCE = (Role.ADMIN, Role.REVIEWER, Role.LEADER)
"""See the figures of the whole province and of every commune."""
READERS = (*PROVINCE, Role.OFFICE_MANAGER)
SUPERVISORS = (*PROVINCE, Role.SUPERVISOR)
_MONTH, _LONGEST = 30, 366

Reader = Annotated[Officer, Depends(allow(*READERS))]
"""Sees figures; who works in one office, those of its commune."""
Leader = Annotated[Officer, Depends(allow(*PROVINCE))]
Supervisor = Annotated[Officer, Depends(allow(*SUPERVISORS))]


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages."""

    path: str
    text: str
    roles: tuple[Role, ...]


TABS = (
    Tab(HOME, "tab_overview", READERS),
    Tab(SUPERVISION, "tab_supervision", SUPERVISORS),
    Tab(SCREEN, "tab_screen", PROVINCE),
    Tab(REPORTS, "tab_reports", PROVINCE),
)
_SPANS = (("period_week", 7), ("period_month", 30), ("period_quarter", 90), ("period_year", 365))


def today_at(request: Request) -> date:
    """The day in Vietnam."""
    return day_of(services_of(request).clock())


def period(first: str, last: str, today: date) -> Span:
    """The days that an address asks for, in order, not after today, at most a year; the last 30 when none are named."""
    end = min(read_day(last) or today, today)
    begin = min(read_day(first) or end - timedelta(days=_MONTH - 1), end)
    return max(begin, end - timedelta(days=_LONGEST - 1)), end


def scope(officer: Officer, asked: str) -> str | None:
    """The commune whose figures are shown, by the id of its centre; None for the whole province.

    Who works in one office sees its commune, whatever is asked for: raises `Problem` 403 for another one.
    """
    if officer.may_enter(None):
        return asked or None
    if asked and not officer.may_enter(asked):
        raise Problem(403, "office")
    return officer.office_id


async def figures_of(
    request: Request, span: Span, commune: str | None, *, quoting: bool = True
) -> tuple[Overview, Names]:
    """The figures of a span, and what things in them are called; without `quoting` in no citizen's words."""
    services = services_of(request)
    found = await overview(services.database, span, services.clock(), commune)
    topics = {*found.topics, *(rise.topic for rise in found.rises)} if quoting else set()
    async with read(services.database) as connection:
        groups = await group_names(connection, topics)
    return found, Names(knowledge_or_none(request), groups)


def spans(today: date) -> list[tuple[str, date, date]]:
    """Periods to choose from."""
    return [(key, today - timedelta(days=days - 1), today) for key, days in _SPANS]


def screen(
    request: Request, template: str, officer: Officer, headers: dict[str, str] | None = None, **values: object
) -> HTMLResponse:
    """A template below `templates/figures/` as a response."""
    return render(
        request,
        f"figures/{template}",
        200,
        headers,
        csrf=csrf_token(request),
        officer=officer,
        tabs=[tab for tab in TABS if officer.role in tab.roles],
        f=figures_text,
        **values,
    )
