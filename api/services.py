"""What the application works with: database, knowledge, pipeline, counters, background work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from api.catalogue import Catalogue, catalogue_of
from api.limiter import Limiter
from api.metrics import Metrics
from api.pipeline import Pipeline
from api.staff.passwords import Passwords
from booking.service import BookingService
from index.artefact import ArtefactUnusable, LibraryHolder, NamedEmbedder
from index.library import Library
from store.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request may need."""

    database: AsyncEngine
    pipeline: Pipeline
    catalogue: Callable[[], Catalogue]
    """The knowledge in force. Raises `ArtefactUnusable` while there is none."""
    metrics: Metrics
    limiter: Limiter
    booking: BookingService
    refresh: Callable[[], bool] = lambda: False
    """Looks for a newer build; cheap when there is none. Runs in a thread."""
    background: tuple[Callable[[], Awaitable[None]], ...] = ()
    """Started with the application, cancelled at its end: workers, pollers."""
    clock: Clock = utc_now
    passwords: Passwords = field(default_factory=Passwords)
    """Hashes and checks officers' passwords."""


@dataclass(slots=True)
class Shelf:
    """The library in force, also before the first build: the service starts without one and says so."""

    data_dir: Path
    embedder: NamedEmbedder | None = None
    _holder: LibraryHolder | None = None
    _catalogue: Catalogue | None = field(default=None)

    def library(self) -> Library:
        """The library in force. Raises `ArtefactUnusable` while there is none."""
        if self._holder is None:
            raise ArtefactUnusable(str(self.data_dir))
        return self._holder()

    def catalogue(self) -> Catalogue:
        """The library in force, as pages show it. Raises `ArtefactUnusable` while there is none."""
        library = self.library()
        if self._catalogue is None or self._catalogue.knowledge is not library.knowledge:
            self._catalogue = catalogue_of(library)
        return self._catalogue

    def refresh(self) -> bool:
        """Opens the first build or swaps in a newer one; whether anything changed."""
        if self._holder is not None:
            return self._holder.refresh()
        try:
            self._holder = LibraryHolder(self.data_dir, self.embedder)
        except ArtefactUnusable:
            return False
        return True
