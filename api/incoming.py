"""Follows the question log: what was asked is grouped, and stands before officials within a second where it has to.

Wakes when a turn was written, and looks by itself for what other replicas or a crash left. Several may run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.working_days import is_working_day
from feed import arrivals, typical
from feed.clusters import Ear, Groups, Heard
from feed.opening import Asked, Terms
from index.artefact import ArtefactUnusable
from index.library import Library
from index.likeness import likeness, told, wording
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import read, write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.incoming")
BATCH = 64
_LATE = 1000
"""Ids below the newest that are looked at in every round: transactions do not end in the order of their ids."""
_SWEEP_SECONDS = 600.0
"""Between two looks at the whole log."""
_WORDS_ONLY = "words"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often it looks by itself."""

    poll_seconds: float = 2.0
    sweep_seconds: float = _SWEEP_SECONDS


class IncomingWorker:
    """Groups questions and opens cases."""

    def __init__(
        self,
        engine: AsyncEngine,
        library: Callable[[], Library],
        clock: Clock = utc_now,
        *,
        wake: asyncio.Event | None = None,
        outgoing: asyncio.Event | None = None,
        wait: Waiter = wait_for,
        pace: Pace | None = None,
    ) -> None:
        """`wake` is set when a turn was written; `outgoing` is set when something was put in the outbox."""
        self._engine = engine
        self._library = library
        self._clock = clock
        self._wake = wake or asyncio.Event()
        self._outgoing = outgoing or asyncio.Event()
        self._wait = wait
        self._pace = pace or Pace()
        self._groups: tuple[Library, Groups] | None = None
        """With the library whose ear they have."""
        self._above = 0
        self._swept_at = clock()

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                worked = await self.work_once()
            except StoreUnavailable as error:
                _log.error("incoming_unavailable", cause=error.cause)
                worked = 0
            except ArtefactUnusable:
                worked = 0  # without knowledge nothing can be understood; nothing is lost
            if worked < BATCH:
                await self._wait(self._wake, self._pace.poll_seconds)

    async def work_once(self) -> int:
        """Works off the oldest open questions, a batch at most; returns how many."""
        now, library = self._clock(), self._library()
        groups = self._groups_of(library)
        if (now - self._swept_at).total_seconds() >= self._pace.sweep_seconds:
            self._above, self._swept_at = 0, now
            await self._name_nameless(groups)
        async with read(self._engine) as connection:
            newest = await arrivals.newest(connection)
            found = await arrivals.unplaced(connection, now, BATCH, above=self._above)
            unhelped = await arrivals.disliked(connection, BATCH, above=self._above)
        if found:
            await self._place(groups, found, library)
        if unhelped:
            async with write_repeatable(self._engine) as connection:
                self._note(await arrivals.take_disliked(connection, unhelped, terms_of(library), now))
        if len(found) < BATCH and len(unhelped) < BATCH:
            self._above = max(self._above, newest - _LATE)
        return len(found)

    async def _place(self, groups: Groups, found: Sequence[Asked], library: Library) -> None:
        heard = await asyncio.to_thread(_heard, groups.ear, found)
        try:
            async with write_repeatable(self._engine) as connection:
                batch = list(zip(found, heard, strict=True))
                worked = await arrivals.place(connection, groups, batch, terms_of(library), self._clock())
        except BaseException:
            self._groups = None  # they may hold what was never written
            raise
        self._note(worked)
        for cluster_id, count in worked.grown.items():
            size = groups.size(cluster_id)
            if typical.due(size - count, size):
                await self._name(groups, cluster_id)

    async def _name(self, groups: Groups, cluster_id: int) -> None:
        async with read(self._engine) as connection:
            named = await typical.candidates(connection, cluster_id)
        if not named:
            return
        voices = await asyncio.to_thread(lambda: [groups.ear.hear(text) for _, text in named])
        question_id, text = named[typical.closest(voices, groups.centre(cluster_id))]
        async with write_repeatable(self._engine) as connection:
            await typical.name(connection, cluster_id, question_id)
        groups.rename(cluster_id, text)

    async def _name_nameless(self, groups: Groups) -> None:
        """Names anew what was called by a question that its citizen has deleted."""
        async with read(self._engine) as connection:
            found = await typical.nameless(connection, BATCH)
            await groups.follow(connection)
        for cluster_id in found:
            if cluster_id in groups:
                await self._name(groups, cluster_id)

    def _note(self, worked: arrivals.Worked) -> None:
        if worked.told:
            self._outgoing.set()
        if worked.cases:
            _log.info("cases_taken", count=worked.cases, told=worked.told)

    def _groups_of(self, library: Library) -> Groups:
        if self._groups is None or self._groups[0] is not library:
            self._groups = (library, Groups(ear_of(library)))
        return self._groups[1]


def ear_of(library: Library) -> Ear:
    """How the feed understands questions: by the library's encoder, or by words where there is none."""
    encoded = library.embedder is not None
    return Ear(
        space=getattr(library.embedder, "name", _WORDS_ONLY)[:80],
        hear=lambda text: wording(library, library.analyse(text)),
        words=lambda text: told(library.analyse(text)),
        likeness=partial(likeness, encoded=encoded),
    )


def terms_of(library: Library) -> Terms:
    """Who is in charge, as the knowledge in force says: the commune's centre, or the procedure's agency."""
    knowledge = library.knowledge

    def agency(code: str | None, commune_id: str | None) -> str | None:
        procedure = knowledge.procedure(code) if code else None
        office = knowledge.offices.get(commune_id) if commune_id else None
        if office is not None and (procedure is None or "commune" in procedure.level):
            return office.name
        return procedure.agency if procedure is not None else None

    def field(code: str | None) -> str | None:
        procedure = knowledge.procedure(code) if code else None
        return procedure.field if procedure is not None else None

    return Terms(agency, field, is_working_day)


def _heard(ear: Ear, batch: Sequence[Asked]) -> list[Heard]:
    return [Heard(asked.id, asked.text, asked.asked_at, ear.hear(asked.text)) for asked in batch]
