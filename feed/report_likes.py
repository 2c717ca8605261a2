"""Reports that may be about the same problem: nearby, still open, of the last days, in much the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import OPEN
from feed.likeness import likeness, shared_phrases, words_of
from store.feed_tables import cases
from store.report_tables import reports

SINCE = timedelta(days=30)
ALIKE = 0.5
"""Share of the shorter report's telling words from which on it may be the same. The citizen decides."""
_NEAR = 0.03
"""Degrees; about three kilometres. Shared locations are rounded to two."""
_LOOKED_AT = 300
_MOST = 3


@dataclass(frozen=True, slots=True)
class Like:
    """A report that may be the same. `shared`: phrases that the new report holds, too, as its citizen wrote them.

    Nothing else of what the other report says goes to anybody.
    """

    code: str
    opened_at: datetime
    commune_id: str | None
    askers: int
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report is about: a commune, a rounded location, or both."""

    commune_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None


async def similar(connection: AsyncConnection, what: str, place: Place, now: datetime) -> list[Like]:
    """The most alike reports nearby; none where the place is not known."""
    near, words = _near(place), words_of(what)
    if near is None or not words:
        return []
    recent = (
        select(cases.c.code, cases.c.opened_at, cases.c.commune_id, cases.c.askers, reports.c.what)
        .join(reports, reports.c.case_id == cases.c.id)
        .where(near, reports.c.created_at >= now - SINCE, cases.c.status.in_(OPEN))
        .order_by(cases.c.id.desc())
        .limit(_LOOKED_AT)
    )
    found: list[tuple[float, Like]] = []
    for row in await connection.execute(recent):
        alike = likeness(words, words_of(row.what))
        if alike >= ALIKE:
            shared = shared_phrases(what, row.what)
            found.append((alike, Like(row.code, row.opened_at, row.commune_id, row.askers, shared)))
    return [like for _, like in sorted(found, key=lambda item: -item[0])[:_MOST]]


def _near(place: Place) -> ColumnElement[bool] | None:
    if place.commune_id is not None:
        return reports.c.commune_id == place.commune_id
    if place.latitude is None or place.longitude is None:
        return None
    latitude = reports.c.latitude.between(place.latitude - _NEAR, place.latitude + _NEAR)
    return latitude & reports.c.longitude.between(place.longitude - _NEAR, place.longitude + _NEAR)
