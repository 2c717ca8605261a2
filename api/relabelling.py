"""Labels the stored, redacted question log anew, in small steps; corrections are never touched."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from api.labelling import COMMAND, commune_of
from feed.labels import Classifier
from feed.relabelling import Stored, Values, next_unlabelled, write_labels
from index.library import Library
from store.engine import read, write

BATCH = 200
"""Questions labelled in one go: a transaction of some ten milliseconds."""


async def relabel(engine: AsyncEngine, classifier: Classifier, library: Library | None) -> int:
    """Labels all typed questions that have no labels of this model; returns how many. May be stopped at any time."""
    done, last = 0, 0
    while True:
        async with read(engine) as connection:
            batch = await next_unlabelled(connection, classifier.version, last, BATCH)
        if not batch:
            return done
        labelled = await asyncio.to_thread(_all, batch, classifier, library)
        async with write(engine) as connection:
            await write_labels(connection, labelled)
        done, last = done + len(labelled), batch[-1].id


def _all(batch: list[Stored], classifier: Classifier, library: Library | None) -> list[Values]:
    return [_values(entry, classifier, library) for entry in batch if not entry.text.lstrip().startswith(COMMAND)]


def _values(entry: Stored, classifier: Classifier, library: Library | None) -> Values:
    """A place that was seen before redaction stays."""
    labels: dict[str, Any] = classifier.label(entry.text).logged
    field, commune_id = entry.field, entry.commune_id
    if library is not None:
        procedure = library.knowledge.procedure(entry.procedure_code) if entry.procedure_code else None
        field = procedure.field if procedure else field
        commune_id = commune_id or commune_of(library, entry.text)
    return Values(entry.id, labels | {"field": field, "commune_id": commune_id})
