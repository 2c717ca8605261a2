"""An office's figures over some days, as charts with the same numbers in a table beside each."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.appointments.views import read_day
from api.charts import Chart, chart
from api.counter.screens import PREFIX, Analyst, group_name, screen, today_at
from api.counter.wording import number_text
from api.texts import counter_text
from booking.types import Figures, Share, State
from store.engine import read

router = APIRouter(prefix=PREFIX)
_WEEK, _MONTH = timedelta(days=6), timedelta(days=29)
_LONGEST = timedelta(days=366)
_STATES = (State.DONE, State.NO_SHOW, State.CANCELLED, State.CONFIRMED, State.CHECKED_IN, State.SERVING)
_PERCENT = 100


@router.get("/{office_id}/so-lieu")
async def figures_page(request: Request, office_id: str, officer: Analyst, tu: str = "", den: str = "") -> Response:
    """Figures of the days that were chosen, at most a year; of seven days when none were."""
    room, today = services_of(request), today_at(request)
    first, last = period(read_day(tu), read_day(den), today)
    async with read(room.database) as connection:
        found = await room.booking.figures(connection, office_id, first, last)
    spans = [("span_day", today, today), ("span_week", today - _WEEK, today), ("span_month", today - _MONTH, today)]
    return screen(
        request,
        "figures.html",
        officer,
        office_id,
        found=found,
        total=sum(found.by_share.values()),
        charts=charts(found),
        spans=spans,
        percent=percent,
    )


def period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days that were asked for, in order, at most a year."""
    last = last or today
    first = first or last - _WEEK
    first, last = min(first, last), max(first, last)
    return max(first, last - _LONGEST), last


def charts(found: Figures) -> list[Chart]:
    """Load by hour, waits by hour, how visits ended, how people came, for which groups."""
    hours = range(min(found.by_hour, default=0), max(found.by_hour, default=-1) + 1)
    load = [(_hour(hour), found.by_hour.get(hour, 0), str(found.by_hour.get(hour, 0))) for hour in hours]
    waits = [(_hour(hour), minutes, _minutes(minutes)) for hour, minutes in sorted(found.wait_by_hour.items())]
    states = [(counter_text(f"figure_{state}"), found.by_state.get(state, 0)) for state in _STATES]
    shares = [(counter_text(f"share_{share}"), found.by_share.get(share, 0)) for share in Share]
    groups = sorted(((group_name(group), count) for group, count in found.by_group.items()), key=lambda row: -row[1])
    use = found.online_use or 0
    return [
        chart("load", load),
        chart("waits", waits),
        chart("states", [(label, count, str(count)) for label, count in states if count]),
        chart("shares", [(label, count, str(count)) for label, count in shares]),
        chart("use", [(counter_text("use_taken"), use * _PERCENT, percent(found.online_use))], full=_PERCENT),
        chart("groups", [(label, count, str(count)) for label, count in groups]),
    ]


def percent(ratio: float | None) -> str:
    """12,5 %; a dash where there is nothing to divide by."""
    return "–" if ratio is None else f"{number_text(ratio * _PERCENT)} %"


def _hour(hour: int) -> str:
    return counter_text("hour", hour=hour)


def _minutes(minutes: float) -> str:
    return counter_text("minutes", minutes=number_text(minutes))
