"""Who did what at an office on a day, for those who answer for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.appointments.views import read_day
from api.counter.screens import PREFIX, Manager, group_name, screen, today_at
from api.counter.wording import closed
from api.texts import counter_text, counter_words
from booking.history import Event, history
from booking.types import Closure
from booking.wording import day_words
from store import accounts
from store.engine import read

router = APIRouter(prefix=PREFIX)
_OFFICER = "officer:"
EVERYTHING = "tat-ca"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    what: str
    reference: str | None
    """None: it is about the office's calendar."""
    more: str


@router.get("/{office_id}/nhat-ky")
async def log_page(request: Request, office_id: str, officer: Manager, ngay: str = "", ai: str = "") -> Response:
    """The audit log of a day, as far as it is about this office: what officers did, or with `ai=tat-ca` everything."""
    today = today_at(request)
    day, everything = read_day(ngay) or today, ai == EVERYTHING
    async with read(services_of(request).database) as connection:
        events = await history(connection, office_id, day, only_officers=not everything)
        names = {str(account.id): account.full_name for account in await accounts.everyone(connection)}
    return screen(
        request,
        "log.html",
        officer,
        office_id,
        day=day,
        everything=everything,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        lines=[line_of(event, names) for event in events],
    )


def line_of(event: Event, names: Mapping[str, str]) -> Line:
    """An entry in words; one that nobody has found words for stands as it is."""
    what = counter_words(f"action_{event.action}") or event.action
    detail = _MORE.get(event.action, _why)(event.detail)
    return Line(event.at, actor_name(event.actor, names), what, event.reference, detail)


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """How people call who acted."""
    if actor.startswith(_OFFICER):
        number = actor.removeprefix(_OFFICER)
        return names.get(number) or counter_text("actor_gone", number=number)
    return counter_words(f"actor_{actor}") or actor


def _why(detail: Mapping[str, Any]) -> str:
    """The officer's reason; what the system notes for itself is not for reading."""
    why = str(detail.get("why", ""))
    return counter_words(f"why_{why.replace(' ', '_')}") or why


def _closure(detail: Mapping[str, Any]) -> str:
    begin, end = (datetime.fromisoformat(detail[key]) for key in ("from", "to"))
    return counter_text("more_closure", when=closed(Closure(begin, end, "")), reason=detail["why"])


def _capacity(detail: Mapping[str, Any]) -> str:
    group = group_name(detail["group"])
    return counter_text("more_capacity", group=group, online=detail["online"], walk_in=detail["walk_in"])


def _day(detail: Mapping[str, Any]) -> str:
    words = day_words(date.fromisoformat(detail["day"]))
    return f"{words}: {detail['why']}" if detail.get("why") else words


_MORE: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "closure_added": _closure,
    "capacity_set": _capacity,
    "special_day_set": _day,
    "special_day_cleared": _day,
    "slot_minutes_set": lambda detail: counter_text("minutes", minutes=detail["minutes"]),
}
"""How the details of an action are told; any other is told by its reason."""
