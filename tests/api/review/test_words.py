"""The catalogues of the review: every sentence and every name of a label is there, once, and none lies about unused."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import yaml

from api.review import reading
from api.review.inbox import CHANNELS
from feed import errors
from feed.case_states import Status
from feed.errors import FeedError
from feed.labels.types import Flag, Kind, Sentiment
from feed.redaction import Kind as Personal

ROOT = Path(reading.__file__).parents[2]
FILES = [*(ROOT / "api/templates/review").glob("*.html"), *(ROOT / "api/review").glob("*.py")]
SAID = "\n".join(file.read_text("utf-8") for file in FILES)
STEPS = "\n".join((ROOT / f"feed/{name}.py").read_text("utf-8") for name in ("cases", "answers"))
MADE_UP = {
    *(f"status_{status}" for status in (*Status, *reading.STATUSES)),
    *(f"deadline_{name}" for name in reading.DEADLINES),
    *(f"kind_{kind}" for kind in Kind),
    *(f"mood_{mood}" for mood in Sentiment),
    *(f"flag_{flag}" for flag in Flag),
    *(f"pii_{kind}" for kind in Personal),
    *(f"channel_{channel}" for channel in CHANNELS),
    *("origin_question", "origin_report", "actor_system", "actor_citizen"),
    *(f"action_{action}" for action in re.findall(r'"((?:case|answer|report)_[a-z_]+)"', STEPS) if "_id" not in action),
    *(f"said_{done}" for done in re.findall(r'code, officer, "([a-z-]+)"', SAID)),
    *("said_nhap", "said_chen", "said_mau", "said_mau-xoa"),
}
"""Sentences whose names are put together."""


def keys(file: str) -> list[str]:
    """The names in a catalogue, as often as they stand there."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return [line.partition(":")[0] for line in lines if re.match(r"[a-z][a-z0-9_-]*:", line)]


REVIEW = keys("api/data/review.vi.yaml")


def test_no_sentence_stands_twice() -> None:
    for file in ("api/data/review.vi.yaml", "feed/data/review.vi.yaml"):
        assert [key for key, count in Counter(keys(file)).items() if count > 1] == []


def test_every_sentence_that_is_asked_for_is_there() -> None:
    assert {key for key in MADE_UP if key not in REVIEW} == set()
    asked = set(re.findall(r'\b(?:r|review_text)\("([a-z0-9_-]+)"', SAID))
    assert {key for key in asked if key not in REVIEW and not key.endswith("_")} == set()


def test_every_sentence_is_asked_for() -> None:
    assert {key for key in REVIEW if key not in MADE_UP and f'"{key}"' not in SAID and f"'{key}'" not in SAID} == set()


def test_every_refusal_has_its_sentence() -> None:
    catalogue = yaml.safe_load((ROOT / "feed/data/review.vi.yaml").read_text("utf-8"))
    known = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, FeedError)]
    assert {error.key for error in known if error.key and error.key not in catalogue} == set()
    fields = re.findall(r'(?:Missing|required)\((?:[^()]*, )?"([a-z_]+)"', STEPS)
    assert {field for field in fields if f"review_missing_{field}" not in catalogue} == set()
