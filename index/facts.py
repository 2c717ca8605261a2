"""What the ranker knows of each target besides its words."""

from __future__ import annotations

from collections.abc import Iterable

from index.features import TargetFacts
from knowledge.models import Level, Procedure

_CITIZENS = ("công dân", "cá nhân", "người việt nam", "hộ gia đình", "người dân")


def target_facts(procedures: Iterable[Procedure]) -> dict[str, TargetFacts]:
    """Level, subjects and popularity of each procedure."""
    return {procedure.code: _facts(procedure) for procedure in procedures}


def _facts(procedure: Procedure) -> TargetFacts:
    subjects = " ".join(procedure.subjects).casefold()
    return TargetFacts(
        commune=Level.COMMUNE in procedure.level,
        province=Level.PROVINCE in procedure.level,
        citizen=not subjects or any(word in subjects for word in _CITIZENS),
        popularity=procedure.popularity,
        has_card=bool(procedure.aliases),
    )
