"""Renders the HTML templates: escaped always, undefined names are errors, texts from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.assets import asset_url
from api.texts import booking_text, page_text, staff_text
from booking.wording import WEEKDAYS, day_words, moment
from bot.types import Reply
from bot.wording import day

VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Site:
    """What every page may show; it stands in the application's state."""

    hotline: str | None = None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=page_text, s=staff_text, b=booking_text)
    environment.globals.update(asset=asset_url, page_of=page_of, weekdays=WEEKDAYS)
    environment.filters.update(day=day, clock=clock, moment=moment, weekday=day_words, stamp=stamp)
    environment.filters.update(upper_first=upper_first, lower_first=lower_first)
    return environment


def render(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """A template as a response. The site's own facts, such as the hotline, are there as `site`."""
    site: Site = request.app.state.site
    html = _environment().get_template(template).render(site=site, path=request.url.path, **values)
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))


def clock(moment: datetime) -> str:
    """The hour on a clock in Vietnam: 08:30."""
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def stamp(moment: datetime) -> str:
    """A time as forms carry it, in Vietnam: 2026-11-24T08:00."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"


def upper_first(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """With a small letter."""
    return text[:1].lower() + text[1:]


def page_of(reply: Reply) -> str | None:
    """Code of the procedure that an answer is about: all its choices lead to it, but for the votes."""
    codes = {choice.code for choice in reply.choices if not choice.is_vote}
    titled = bool(reply.blocks) and reply.blocks[0].kind == "title"
    return next(iter(codes)) if titled and len(codes) == 1 else None
