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
    messages = _messages("messages.vi.yaml")
    endings = ("_heading", "_unknown", "in_person", "online", "post")
    unused = [
        key
        for key in messages
        if f'"{key}"' not in code and not key.startswith(_BUILT) and not key.endswith(endings)
    ]
    assert unused == []


def test_every_message_of_booking_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (_ROOM / "appointments").rglob("*.py"))
    code += (_ROOM.parent / "api" / "notices.py").read_text(encoding="utf-8")
    code += (_ROOM.parent / "api" / "pipeline.py").read_text(encoding="utf-8")
    built = ("book_going_on_", "book_link_", "book_day_")
    keys = [key for key in _messages("booking.vi.yaml") if not key.startswith(built)]
    said = set(re.findall(r'"([a-z_]+)"', code))
    unused = [key for key in keys if key not in said and not said & {key[5:], key.removeprefix("book_choice_")}]
    assert unused == []


def test_every_message_about_data_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (_ROOM / "rights").rglob("*.py"))
    said = set(re.findall(r'"([a-z_]+)"', code))
    keys = [key.removeprefix("data_") for key in _messages("rights.vi.yaml")]
    assert [key for key in keys if not said & {key, f"data_{key}", key.removeprefix("choice_")}] == []


@pytest.mark.parametrize(
    ("file", "built"),
    [
        ("reports.vi.yaml", ("report_going_on_",)),
        ("ratings.vi.yaml", ("rate_star_", "rate_reason_", "rate_thanks_")),
        ("safety.vi.yaml", ("safe_danger", "safe_self_harm")),
    ],
)
def test_every_message_of_a_thread_is_used(file: str, built: tuple[str, ...]) -> None:
    rooms = (_ROOM / name for name in ("reports", "ratings", "safety"))
    code = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    said = set(re.findall(r'"([a-z_]+)"', code))
    keys = [key for key in _messages(file) if not key.startswith(built)]
    bare = {key: key.partition("_")[2] for key in keys}
    assert [key for key in keys if not said & {key, bare[key], bare[key].removeprefix("choice_")}] == []


def test_every_message_asked_for_exists() -> None:
    messages = {key for file in (_ROOM / "data").glob("*.vi.yaml") for key in _messages(file.name)}
    code = "\n".join(path.read_text(encoding="utf-8") for path in _ROOM.rglob("*.py"))
    asked = set(re.findall(r'(?<!_)say\(\s*"([a-z0-9_]+)"', code))
    assert asked - messages == set()


def _messages(file: str) -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((_ROOM / "data" / file).read_text(encoding="utf-8"))
    return loaded


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("hotline")
