"""The catalogue of the figures: every sentence that is asked for is there, once, and all are used; numbers in words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

from api.figures import wording
from bot.types import Outcome
from feed.figures import Share
from feed.labels.types import Kind

ROOT = Path(wording.__file__).parents[1]
FILES = [
    *(ROOT / "templates/figures").glob("*.html"),
    *(ROOT / "figures").glob("*.py"),
    *(ROOT / "report").glob("*.py"),
]
KEYS = re.findall(r"^([a-z0-9_]+):", (ROOT / "data/figures.vi.yaml").read_text("utf-8"), re.MULTILINE)
SAID = " ".join(file.read_text("utf-8") for file in FILES)
COUNTED = [outcome for outcome in Outcome if outcome not in (Outcome.VOTE, Outcome.ERASED)]
MADE_UP = [
    *(f"outcomes_{value}" for value in (*COUNTED, "failed")),
    *(f"kinds_{value}" for value in (*Kind, "unknown")),
]
BEGINS = ("channels_", "panel_", "head_", "fact_", "live_")
"""Of keys that are put together."""


def test_no_sentence_stands_twice() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []


def test_every_sentence_that_is_asked_for_is_there() -> None:
    asked = re.findall(r'\b(?:f|figures_text)\("([a-z0-9_]+)"[,)]', SAID)
    assert sorted({*asked, *MADE_UP} - set(KEYS)) == []


def test_every_sentence_is_used() -> None:
    rest = [key for key in KEYS if key not in MADE_UP and not key.startswith(BEGINS)]
    assert [key for key in rest if not re.search(rf'"{key}"|f"{key.rsplit("_", 1)[0]}_\{{', SAID)] == []


def test_numbers_are_written_as_in_vietnamese() -> None:
    assert wording.count(1_234_567) == "1.234.567"
    assert wording.percent(0.125) == "12,5 %"
    assert wording.percent(None) == "–"
    assert wording.share_text(Share(0, 0)) == "–"
    assert wording.share_text(Share(35, 100)) == "35 % (26,4–44,7 %)"
    assert [wording.hours(value) for value in (None, 7.5, 60.0)] == ["–", "7,5 giờ", "2,5 ngày"]
    assert [wording.chance(value) for value in (0.04567, 1e-9)] == ["0,0457", "< 0,0001"]


def test_spans_are_short() -> None:
    assert wording.span_label(date(2026, 11, 22), date(2026, 11, 22)) == "22/11"
    assert wording.span_label(date(2026, 11, 16), date(2026, 11, 22)) == "16–22/11"
    assert wording.span_label(date(2026, 10, 28), date(2026, 11, 3)) == "28/10–03/11"
