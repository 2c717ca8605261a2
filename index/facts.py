"""What the ranker knows of each target besides its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path

import sqlite_utils

from index.features import TargetFacts
from index.readonly import open_readonly
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


def write_facts(path: Path, facts: Mapping[str, TargetFacts]) -> None:
    """Add the facts to the search database."""
    database = sqlite_utils.Database(path)
    database.execute("pragma synchronous = off")  # the build syncs the finished file
    try:
        rows = ({"target": target, **asdict(item)} for target, item in facts.items())
        database.table("targets").create(
            {"target": str, **dict.fromkeys((f.name for f in fields(TargetFacts)), int)}, pk="target"
        )
        database.table("targets").insert_all(rows)
    finally:
        database.close()


def read_facts(path: Path) -> dict[str, TargetFacts]:
    """What `write_facts` wrote."""
    with closing(open_readonly(path)) as connection:
        rows = connection.execute("select target, commune, province, citizen, popularity, has_card from targets")
        return {
            target: TargetFacts(bool(commune), bool(province), bool(citizen), popularity, bool(has_card))
            for target, commune, province, citizen, popularity, has_card in rows
        }
