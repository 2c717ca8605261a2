"""The tasks of a unit in a plan document: those it leads, then those it helps with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from index.plan_units import unit_key
from knowledge.models import Plan, Statement

_ROLES = ("lead", "coordinating")


@dataclass(frozen=True, slots=True)
class DutyList:
    """What one document gives one unit to do."""

    plan: Plan
    unit: str
    """As the document writes it first."""
    statements: tuple[Statement, ...]


def duty_lists(plans: Iterable[Plan], keys: Collection[str]) -> list[DutyList]:
    """The tasks of the units with these keys (see `unit_key`), document by document; none where there are none."""
    found = list[DutyList]()
    for plan in plans:
        for unit in dict.fromkeys(unit for _, _, unit in _mentions(plan) if unit_key(unit) in keys):
            if unit_key(unit) not in {unit_key(other.unit) for other in found if other.plan.id == plan.id}:
                found.append(_duties(plan, unit))
    return found


def pointer(duties: DutyList) -> str:
    """Where the unit of a list stands, short and in ASCII: plan, statement, role and place in it."""
    statement = duties.statements[0]
    role = next(role for role in _ROLES if _place(statement, role, duties.unit) is not None)
    return f"{duties.plan.id}:{statement.id}:{role[0]}{_place(statement, role, duties.unit)}"


def find_duties(plans: Iterable[Plan], pointed: str) -> DutyList | None:
    """The list that `pointer` pointed to; None when the documents hold it no more."""
    for plan in plans:
        for statement, role, unit in _mentions(plan):
            if pointed == f"{plan.id}:{statement.id}:{role[0]}{getattr(statement, role).index(unit)}":
                return _duties(plan, unit)
    return None


def _duties(plan: Plan, unit: str) -> DutyList:
    key = unit_key(unit)
    by_role = [
        statement
        for role in _ROLES
        for statement in plan.statements
        if key in map(unit_key, getattr(statement, role))
    ]
    return DutyList(plan, unit, tuple({statement.id: statement for statement in by_role}.values()))


def _mentions(plan: Plan) -> Iterator[tuple[Statement, str, str]]:
    for role in _ROLES:
        for statement in plan.statements:
            for unit in getattr(statement, role):
                yield statement, role, unit


def _place(statement: Statement, role: str, unit: str) -> int | None:
    units = [unit_key(other) for other in getattr(statement, role)]
    return units.index(unit_key(unit)) if unit_key(unit) in units else None
