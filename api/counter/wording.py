"""The sentences of the counter's screens, kept apart from their logic."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parents[1] / "data" / "counter.vi.yaml"


@cache
def _catalogue() -> Mapping[str, str]:
    loaded: dict[str, str] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def counter_text(key: str, **values: object) -> str:
    """A sentence of the screens. An unknown key or name is a `KeyError`."""
    return _catalogue()[key].format(**values)


def says(key: str) -> str | None:
    """A sentence without names, if the catalogue has it."""
    return _catalogue().get(key)


def number_text(value: float) -> str:
    """A number as Vietnamese write it, without a needless part: 7,5 and 12."""
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
