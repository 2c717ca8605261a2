"""The short texts that a question is held against: titles, aliases, life situations, and what groups are asked by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.models import Elsewhere, Faq, Group, Procedure

_TITLE_NOISE = re.compile(r"^\s*thủ tục(?: hành chính)?\s+", re.IGNORECASE)


class UnitKind(StrEnum):
    """What a unit is: an official title, a name people use, a life situation, or the body of a record."""

    TITLE = "title"
    ALIAS = "alias"
    SITUATION = "situation"
    BODY = "body"


class TargetKind(StrEnum):
    """What a unit leads to. The first letter of a target's id says it, procedures are named by their code."""

    PROCEDURE = "procedure"
    GROUP = "group"
    ELSEWHERE = "elsewhere"
    FAQ = "faq"


@dataclass(frozen=True, slots=True)
class Unit:
    """One text and the target it leads to: a procedure's code, or `g:`, `e:`, `f:` and an id."""

    target: str
    kind: UnitKind
    text: str


def target_kind(target: str) -> TargetKind:
    """What a target id stands for."""
    prefixes = {"g:": TargetKind.GROUP, "e:": TargetKind.ELSEWHERE, "f:": TargetKind.FAQ}
    return prefixes.get(target[:2], TargetKind.PROCEDURE)


def procedure_units(procedure: Procedure) -> Iterator[Unit]:
    """Title, aliases, situations and body of one procedure."""
    yield Unit(procedure.code, UnitKind.TITLE, _TITLE_NOISE.sub("", procedure.name))
    if procedure.title and procedure.title.casefold() not in procedure.name.casefold():
        yield Unit(procedure.code, UnitKind.ALIAS, procedure.title)
    for alias in procedure.aliases:
        yield Unit(procedure.code, UnitKind.ALIAS, alias)
    for situation in procedure.situations:
        yield Unit(procedure.code, UnitKind.SITUATION, situation)
    yield Unit(procedure.code, UnitKind.BODY, _body(procedure))


def other_units(groups: Iterable[Group], elsewhere: Iterable[Elsewhere], faqs: Iterable[Faq]) -> Iterator[Unit]:
    """What groups of siblings are asked by, what is handled elsewhere, and answered questions."""
    for group in groups:
        yield from (Unit(f"g:{group.id}", UnitKind.ALIAS, ask) for ask in group.asks)
    for entry in elsewhere:
        yield from (Unit(f"e:{entry.id}", UnitKind.ALIAS, ask) for ask in entry.asks)
    for faq in faqs:
        yield from (Unit(f"f:{faq.id}", UnitKind.SITUATION, question) for question in faq.questions)


def _body(procedure: Procedure) -> str:
    parts = [procedure.field, procedure.summary or "", *procedure.result]
    parts += [document.name for document in procedure.dossier[:20]]
    parts += [f"{case.when}. {case.then}" for case in procedure.cases]
    parts += procedure.conditions[:6]
    return ". ".join(part for part in parts if part)[:3000]
