"""The bot's own sentences, kept apart from its logic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_NAMES = tuple(f"{name}.vi.yaml" for name in ("messages", "booking", "rights", "reports", "ratings", "safety"))
_FILES = [Path(__file__).parent / "data" / name for name in _NAMES]


@cache
def _messages() -> Mapping[str, str]:
    loaded: list[dict[str, str]] = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in _FILES]
    return {key: text for texts in loaded for key, text in texts.items()}


def say(key: str, **values: object) -> str:
    """The sentence `key` with its {names} filled in. A key or a name that does not exist is a `KeyError`."""
    return _messages()[key].format(**values)


def fragments() -> list[str]:
    """All wording that is the same in every message: each sentence, cut where a {name} is filled in."""
    return [part for text in _messages().values() for part in re.split(r"\{\w+\}", text) if part.strip()]
