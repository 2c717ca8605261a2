"""The sentences of this room, kept apart from its logic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml

from feed.deadlines import ZONE

_FOLDER = Path(__file__).parent / "data"


@cache
def _catalogue() -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for file in sorted(_FOLDER.glob("*.vi.yaml")):
        texts |= yaml.safe_load(file.read_text("utf-8"))
    return texts


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue. An unknown key or name is a `KeyError`."""
    return _catalogue()[key].format(**values)


def day_of(moment: datetime) -> date:
    """The day on a calendar in Vietnam."""
    return moment.astimezone(ZONE).date()


def day_words(day: date) -> str:
    """23/11/2026."""
    return f"{day:%d/%m/%Y}"
