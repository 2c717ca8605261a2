"""Targets of the plan documents beside what is measured here, each with its document and section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from feed.satisfaction import Figure
from knowledge.database import KnowledgeBase
from knowledge.models import Plan, Statement

_FILE = Path(__file__).parents[1] / "data" / "targets.yaml"


class Compared(BaseModel):
    """Which statement stands beside which figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: str
    statement: str
    figure: Literal["answer", "appointment"]


@dataclass(frozen=True, slots=True)
class Target:
    """A target as its document states it, and our nearest figure; None where nobody has rated."""

    subject: str
    value: str
    period: str
    document: str
    section: str
    figure: Literal["answer", "appointment"]
    measured: Figure | None


def targets(knowledge: KnowledgeBase | None, satisfied: Mapping[str, Figure]) -> list[Target]:
    """Every target whose document is in the knowledge."""
    found = []
    for compared in compared_targets():
        plan = knowledge.plans.get(compared.plan) if knowledge else None
        statement = _statement(plan, compared.statement) if plan else None
        if plan and statement and statement.subject and statement.value:
            found.append(
                Target(
                    subject=statement.subject,
                    value=statement.value,
                    period=statement.period or "",
                    document=plan.number or plan.short,
                    section=statement.section,
                    figure=compared.figure,
                    measured=satisfied.get(compared.figure),
                )
            )
    return found


@cache
def compared_targets() -> tuple[Compared, ...]:
    """What `targets.yaml` says."""
    return tuple(Compared.model_validate(entry) for entry in yaml.safe_load(_FILE.read_text("utf-8")))


def _statement(plan: Plan, statement_id: str) -> Statement | None:
    return next((statement for statement in plan.statements if statement.id == statement_id), None)
