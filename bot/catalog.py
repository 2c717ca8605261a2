"""The bot's own sentences, kept apart from its logic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "messages.vi.yaml"


@cache
def _messages() -> Mapping[str, str]:
    loaded: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def say(key: str, **values: object) -> str:
    """The sentence `key` with its {names} filled in. A key or a name that does not exist is a `KeyError`."""
    return _messages()[key].format(**values)


def fragments() -> list[str]:
    """All wording that is the same in every message: each sentence, cut where a {name} is filled in."""
    return [part for text in _messages().values() for part in re.split(r"\{\w+\}", text) if part.strip()]
