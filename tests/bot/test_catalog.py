"""Every sentence the logic asks for exists, and none stands unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import bot
from bot.catalog import say

_ROOM = Path(bot.__file__).parent
_BUILT = ("fee_", "choice_", "level_", "online_", "example_", "original", "copy", "plan_no_")
"""Keys put together in the logic, such as `fee_` with a status."""


def test_every_message_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in _ROOM.rglob("*.py"))
    messages = yaml.safe_load((_ROOM / "data" / "messages.vi.yaml").read_text(encoding="utf-8"))
    endings = ("_heading", "_unknown", "in_person", "online", "post")
    unused = [
        key
        for key in messages
        if f'"{key}"' not in code and not key.startswith(_BUILT) and not key.endswith(endings)
    ]
    assert unused == []


def test_every_message_asked_for_exists() -> None:
    messages = yaml.safe_load((_ROOM / "data" / "messages.vi.yaml").read_text(encoding="utf-8"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in _ROOM.rglob("*.py"))
    asked = set(re.findall(r'say\(\s*"([a-z0-9_]+)"', code))
    assert asked - messages.keys() == set()


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("hotline")
