"""Service groups: which counter of a centre takes a procedure, and how long a visit there is planned to take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.text import fold_all, tokens
from knowledge.models import Procedure

_DATA = Path(__file__).parent / "data"
OTHER = "khac"
"""The group of every field that no other takes."""


@dataclass(frozen=True, slots=True)
class Service:
    """A counter, by the id under which seats of it are booked."""

    id: str
    name: str
    """What citizens read."""
    minutes: int
    """How long a visit is planned to take; ours, not an office's word."""
    fields: frozenset[str]
    """Fields of procedures (lĩnh vực) that it takes."""
    asks: tuple[str, ...]
    """What people call it when they name no procedure."""


@cache
def services() -> Mapping[str, Service]:
    """All groups by id, in the order in which they are offered."""
    loaded = yaml.safe_load((_DATA / "services.yaml").read_text("utf-8"))
    return {
        ident: Service(ident, entry["name"], entry["minutes"], frozenset(entry["fields"]), tuple(entry["asks"]))
        for ident, entry in loaded.items()
    }


def service_of(procedure: Procedure) -> Service:
    """The counter that takes a procedure."""
    found = services().get(_by_field().get(procedure.field, OTHER))
    return found or services()[OTHER]


def minutes_of(service: Service, procedure: Procedure | None) -> int:
    """How long a visit is planned to take, in minutes."""
    return _longer().get(procedure.code, service.minutes) if procedure else service.minutes


def service_named(text: str) -> Service | None:
    """The counter that a text is the name of, with or without diacritics."""
    return _by_name().get(" ".join(fold_all(tokens(text))))


@cache
def _by_field() -> Mapping[str, str]:
    return {field: service.id for service in services().values() for field in service.fields}


@cache
def _by_name() -> Mapping[str, Service]:
    return {
        " ".join(fold_all(tokens(name))): service
        for service in services().values()
        for name in (service.name, *service.asks)
    }


@cache
def _longer() -> Mapping[str, int]:
    loaded: Mapping[str, int] = yaml.safe_load((_DATA / "visits.yaml").read_text("utf-8"))
    return loaded
