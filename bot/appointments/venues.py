"""Which centres can take a procedure, if any counter can: by its level, its ways of handing in, its territory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from knowledge.models import ChannelKind, Level, Office, Procedure

_EARTH_KM = 6371.0


class Reach(StrEnum):
    """Who takes a procedure's dossier at a counter."""

    ANY = "any"
    """Any centre of the province: it does not depend on territory, or no procedure was named."""
    COMMUNE = "commune"
    """The centre of the citizen's commune."""
    PROVINCE = "province"
    """The province's centre alone."""
    BOTH = "both"
    """The commune's or the province's, by the case."""
    ONLINE = "online"
    """No counter: it is handed in on the web alone."""
    ELSEWHERE = "elsewhere"
    """No counter of ours: another body settles it, or the data does not say who does."""


_COUNTERS = frozenset({Reach.ANY, Reach.COMMUNE, Reach.PROVINCE, Reach.BOTH})


def reach_of(procedure: Procedure | None) -> Reach:
    """Who takes the procedure at a counter; any centre where none is named."""
    if procedure is None:
        return Reach.ANY
    commune, province = Level.COMMUNE in procedure.level, Level.PROVINCE in procedure.level
    if not commune and not province:
        return Reach.ELSEWHERE
    if procedure.channels and all(channel.kind is not ChannelKind.IN_PERSON for channel in procedure.channels):
        return Reach.ONLINE
    if procedure.non_territorial:
        return Reach.ANY
    if commune and province:
        return Reach.BOTH
    return Reach.COMMUNE if commune else Reach.PROVINCE


def bookable(procedure: Procedure | None) -> bool:
    """Whether a counter of ours can take it."""
    return reach_of(procedure) in _COUNTERS


def takes(office: Office, procedure: Procedure | None) -> bool:
    """Whether this centre can take it."""
    reach = reach_of(procedure)
    return reach in (Reach.ANY, Reach.BOTH) or (reach in _COUNTERS and office.level == reach.value)


def venues(procedure: Procedure | None, offices: Iterable[Office]) -> list[Office]:
    """The centres that can take it, the province's first, then by name."""
    found = [office for office in offices if takes(office, procedure)]
    return sorted(found, key=lambda office: (office.level != "province", office.commune or office.name))


def nearest(offices: Iterable[Office], latitude: float, longitude: float, most: int) -> list[Office]:
    """The `most` nearest of the centres whose place is known, as the crow flies."""
    placed = [office for office in offices if office.latitude is not None and office.longitude is not None]
    return sorted(placed, key=lambda office: distance_km(office, latitude, longitude))[:most]


def near_first(offices: Iterable[Office], beside: Office, but: Collection[str] = ()) -> list[Office]:
    """The centres by their distance from another one, without it and without those in `but`."""
    if beside.latitude is None or beside.longitude is None:
        return []
    others = [office for office in offices if office.id != beside.id and office.id not in but]
    return nearest(others, beside.latitude, beside.longitude, len(others))


def distance_km(office: Office, latitude: float, longitude: float) -> float:
    """Great-circle distance in kilometres; infinite where the office's place is not known."""
    if office.latitude is None or office.longitude is None:
        return float("inf")
    here, there = radians(latitude), radians(office.latitude)
    half = sin((there - here) / 2) ** 2
    half += cos(here) * cos(there) * sin(radians(office.longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
