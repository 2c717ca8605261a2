"""The bot's own sentences, kept apart from its logic."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_FILE = Path(__file__).parent / "data" / "messages.vi.yaml"


@cache
def _messages() -> Mapping[str, str]:
    loaded: dict[str, str] = YAML(typ="safe").load(_FILE)
    return loaded


def say(key: str, **values: object) -> str:
    """The sentence `key` with its {names} filled in. A key or a name that does not exist is a `KeyError`."""
    return _messages()[key].format(**values)
