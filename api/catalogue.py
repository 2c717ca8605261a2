"""The knowledge as pages and REST show it: one procedure, a search, and what the data consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.types import Candidate
from index.library import Library
from index.units import TargetKind, target_kind
from knowledge.database import KnowledgeBase
from knowledge.models import Procedure

Search = Callable[[str, int], Sequence[Candidate]]
_ASKED_EVERY_DAY = 5
_POPULAR = 24


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The knowledge of one build with its search. Immutable."""

    version: str
    knowledge: KnowledgeBase
    search: Search
    """The procedures nearest to a citizen's words, best first. CPU work of some milliseconds."""
    library: Library
    """All that was built, for drafts of officers' answers."""

    def overview(self) -> Overview:
        """What the data consists of; worked out once per build."""
        return overview_of(self.knowledge)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the data consists of."""

    popular: tuple[tuple[str, str], ...]
    """Code and title of the procedures asked for most, by title."""
    newest: date | None
    oldest: date | None


def catalogue_of(library: Library) -> Catalogue:
    """The catalogue of an opened artefact."""
    return Catalogue(library.version, library.knowledge, lambda text, limit: _search(library, text, limit), library)


@lru_cache(maxsize=1)
def overview_of(knowledge: KnowledgeBase) -> Overview:
    """Reads every record once: about a second for the whole national portal."""
    popular: list[tuple[str, str]] = []
    dates: set[date] = set()
    for procedure in knowledge.procedures():
        dates.add(procedure.source.as_of)
        if procedure.popularity >= _ASKED_EVERY_DAY:
            popular.append((procedure.code, procedure.display_name))
    popular.sort(key=lambda item: item[1])
    return Overview(tuple(popular[:_POPULAR]), max(dates, default=None), min(dates, default=None))


def _search(library: Library, text: str, limit: int) -> list[Candidate]:
    exact = library.knowledge.procedure(text.strip())
    if exact is not None:
        return [_candidate(exact, 1.0)]
    query = library.analyse(text)
    if not query.words:
        return []
    found: dict[str, Candidate] = {}
    for item in library.rank(query, limit * 2).candidates:
        for procedure in _procedures(library.knowledge, item.target):
            probability = min(1.0, max(0.0, item.probability))
            found.setdefault(procedure.code, _candidate(procedure, probability))
    return list(found.values())[:limit]


def _procedures(knowledge: KnowledgeBase, target: str) -> list[Procedure]:
    """What a target leads to: a procedure itself, the members of a group, nothing for the rest."""
    codes: tuple[str, ...] = ()
    if target_kind(target) is TargetKind.PROCEDURE:
        codes = (target,)
    elif target_kind(target) is TargetKind.GROUP:
        codes = tuple(variant.code for variant in knowledge.groups[target[2:]].variants)
    return [procedure for code in codes if (procedure := knowledge.procedure(code)) is not None]


def _candidate(procedure: Procedure, probability: float) -> Candidate:
    return Candidate(code=procedure.code, name=procedure.display_name, probability=probability)
