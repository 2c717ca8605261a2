"""The answers of officials as the engine gives them: read anew by the second, held while a turn is written.

Each replica keeps its own shelf in memory and follows the table; that a withdrawn answer is never given does not rest
on how fast it does, but on the look at the row in the transaction that writes the turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.published import PREFIX, Published, Shelf, nothing, shelf_of
from bot.types import Citation, Outcome, RecordKind, Turn
from feed import published
from feed.telling import receive
from feed.wording import day_of
from index.artefact import ArtefactUnusable
from index.library import Library
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import read
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.published")
PAGE = "/tra-loi"
SECONDS = 2.0
"""Between two looks at the table."""


class PublishedDesk:
    """The published answers of this replica."""

    def __init__(
        self,
        engine: AsyncEngine,
        library: Callable[[], Library],
        clock: Clock = utc_now,
        *,
        site: str = "",
        wait: Waiter = wait_for,
    ) -> None:
        """`site` is the address of the public pages, without a slash at its end."""
        self._engine = engine
        self._library = library
        self._clock = clock
        self._site = site
        self._wait = wait
        self._shelf: Shelf = nothing()
        self._edition: tuple[object, ...] = ()
        self.changed = asyncio.Event()
        """Set it where something was published or withdrawn here: it is read at once then."""

    def shelf(self) -> Shelf:
        """The answers in force, as far as this replica knows."""
        return self._shelf

    async def refresh(self) -> bool:
        """Reads the answers in force, if there was any change; returns whether there was."""
        now = self._clock()
        try:
            library = self._library()
        except ArtefactUnusable:
            return False
        async with read(self._engine) as connection:
            edition = (library.version, *await published.edition(connection, now))
            if edition == self._edition:
                return False
            found = await published.all_in_force(connection, now)
            said = await published.wordings(connection, [answer.case_id for answer in found])
        answers = [self._answer(answer, said.get(answer.case_id, ())) for answer in found]
        self._shelf = await asyncio.to_thread(shelf_of, library, answers, self._shelf)
        self._edition = edition
        _log.info("answers_read", count=len(answers))
        return True

    async def run(self) -> None:
        """Follows the table until it is cancelled."""
        while True:
            try:
                await self.refresh()
            except StoreUnavailable as error:
                _log.error("answers_unavailable", cause=error.cause)
            await self._wait(self.changed, SECONDS)

    async def still_true(self, connection: AsyncConnection, turn: Turn) -> bool:
        """Whether every published answer that a turn gives is in force, and held until the transaction ends.

        One that is not goes from the shelf at once: the turn has to be made again without it.
        """
        ids = _ids(turn)
        if not ids:
            return True
        gone = ids - await published.held(connection, ids, self._clock())
        self._shelf = self._shelf.without(frozenset(f"{PREFIX}{answer_id}" for answer_id in gone))
        return not gone

    async def received(self, connection: AsyncConnection, turn: Turn, conversation_id: int, now: datetime) -> None:
        """Notes who got the answers of a turn: they are told when one is withdrawn."""
        for answer_id in sorted(_ids(turn)):
            await receive(connection, answer_id, conversation_id, now)

    def _answer(self, answer: published.PublicAnswer, wordings: tuple[str, ...]) -> Published:
        return Published(
            id=answer.id,
            code=answer.code,
            question=answer.question,
            text=answer.text,
            agency=answer.agency,
            given=day_of(answer.published_at),
            citations=tuple(Citation.model_validate(source) for source in answer.sources),
            url=f"{self._site}{PAGE}/{answer.code}",
            expires_at=answer.expires_at,
            wordings=wordings,
        )


def _ids(turn: Turn) -> frozenset[int]:
    """The published answers that a turn gives."""
    if turn.outcome is not Outcome.ANSWER:
        return frozenset()
    faqs = (ref.id for ref in turn.sources if ref.kind is RecordKind.FAQ and ref.id.startswith(PREFIX))
    return frozenset(int(ident.removeprefix(PREFIX)) for ident in faqs)
