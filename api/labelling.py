"""What the question log says about a message besides its text: labels, place, field.

A message is labelled at the door, where it is whole: what redaction takes out may tell the place or the feeling.
Labelling never breaks a turn: what goes wrong is counted and logged, and the message stays without labels.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import structlog

from api.metrics import Metrics
from bot.types import Turn
from feed.labels import Classifier, load_classifier
from feed.labels.words import LONGEST
from index.artefact import ArtefactUnusable
from index.library import Library
from knowledge.models import Office

_log = structlog.get_logger("api.labelling")
SURE = "sure"
"""Of a message's labels the flags that its citizen is answered by; they are for the turn, not for the log."""
COMMAND = "/"
"""With it begins what is meant for the service itself."""
Labels = dict[str, Any]
"""Values of the question log's columns of the same names, and `SURE`."""


class Labelling:
    """Labels messages as they come in, and completes them with what their turn found."""

    def __init__(
        self, library: Callable[[], Library], metrics: Metrics | None = None, classifier: Classifier | None = None
    ) -> None:
        self._library = library
        self._metrics = metrics or Metrics()
        self._classifier = classifier or load_classifier()

    async def of_message(self, text: str, choice: str | None) -> Labels | None:
        """The labels of a message as it was typed; None for a tap and for a command, which say nothing themselves."""
        if choice is not None or not text.strip() or text.lstrip().startswith(COMMAND):
            return None
        return await asyncio.to_thread(self._labels, text[:LONGEST])

    def of_turn(self, labels: Labels | None, turn: Turn, matched: str | None) -> Labels:
        """A message's labels with the field of the procedure of this code, and the commune that is talked about."""
        made = {name: value for name, value in (labels or {}).items() if name != SURE}
        booking = turn.state.booking
        try:
            knowledge = self._library().knowledge
            procedure = knowledge.procedure(matched) if matched else None
            made["field"] = procedure.field if procedure else None
            if made.get("commune_id") is None and booking and booking.office:
                made["commune_id"] = _commune_id(knowledge.offices.get(booking.office))
        except ArtefactUnusable:
            pass  # without knowledge there is neither field nor place
        except Exception:
            self._failed("turn")
        return made

    def _labels(self, text: str) -> Labels | None:
        try:
            labels = asdict(self._classifier.label(text))
        except Exception:
            self._failed("labels")
            labels = {}
        return labels | {"commune_id": self._commune(text)}

    def _commune(self, text: str) -> str | None:
        try:
            return commune_of(self._library(), text)
        except ArtefactUnusable:
            return None
        except Exception:
            self._failed("place")
            return None

    def _failed(self, part: str) -> None:
        self._metrics.unlabelled.labels(part=part).inc()
        _log.exception("labelling_failed", part=part)


def commune_of(library: Library, text: str) -> str | None:
    """The office of the one commune that a text names."""
    return _commune_id(library.places.commune(library.analyse(text)))


def _commune_id(office: Office | None) -> str | None:
    return office.id if office is not None and office.commune else None
