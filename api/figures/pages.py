"""The dashboards: the whole picture, the supervision page, the operations centre's screen."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from api.figures.live import live_of
from api.figures.panels import Panel, communes, facts, panels
from api.figures.screens import (
    HOME,
    SCREEN,
    SUPERVISION,
    Leader,
    Reader,
    Supervisor,
    figures_of,
    period,
    scope,
    screen,
    spans,
    today_at,
)
from feed.overview import Overview

router = APIRouter()
REFRESH_SECONDS = 60
_SUPERVISED = ("moods", "rises", "outcomes", "fields", "channels", "kinds", "communes", "satisfied", "targets")
_ON_SCREEN = ("moods", "rises", "outcomes", "channels")
_WEEK = timedelta(days=6)


@router.get(HOME)
async def overview_page(request: Request, officer: Reader, tu: str = "", den: str = "", noi: str = "") -> Response:
    """Everything about the days that were chosen; of one commune, where one is named."""
    commune, today = scope(officer, noi), today_at(request)
    found, names = await figures_of(request, period(tu, den, today), commune)
    offices = names.knowledge.offices if names.knowledge else {}
    places = [(ident, names.commune(ident)) for ident in offices] if officer.office_id is None else []
    return screen(
        request,
        "overview.html",
        officer,
        found=found,
        place=names.commune(commune) if commune else "",
        places=sorted(places, key=lambda place: place[1]),
        facts=facts(found),
        panels=panels(found, names),
        spans=spans(today),
        base=HOME,
        now=await live_of(request).latest(commune),
    )


@router.get(SUPERVISION)
async def supervision_page(request: Request, officer: Supervisor, tu: str = "", den: str = "") -> Response:
    """Figures for those who supervise from outside the administration: none of citizens' own words."""
    today = today_at(request)
    found, names = await figures_of(request, period(tu, den, today), None, quoting=False)
    return screen(
        request,
        "supervision.html",
        officer,
        found=found,
        facts=facts(found),
        panels=_chosen(panels(found, names), _SUPERVISED),
        spans=spans(today),
        base=SUPERVISION,
    )


@router.get(SCREEN)
async def screen_page(request: Request, officer: Leader) -> Response:
    """The last seven days for a large screen, which loads itself anew."""
    today = today_at(request)
    found, names = await figures_of(request, (today - _WEEK, today), None)
    return screen(
        request,
        "screen.html",
        officer,
        {"Refresh": str(REFRESH_SECONDS)},
        found=found,
        facts=_headline(found),
        panels=_chosen(panels(found, names), _ON_SCREEN),
        map=communes(found, names),
        now=await live_of(request).latest(None),
    )


def _chosen(found: list[Panel], keys: tuple[str, ...]) -> list[Panel]:
    return [panel for panel in found if panel.key in keys]


def _headline(found: Overview) -> list[object]:
    return [fact for fact in facts(found) if fact.key in ("asked", "answered", "negative", "median", "in_time")]
