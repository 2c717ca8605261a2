"""The catalogue of the counter's screens: every sentence that is asked for is there, once; times in words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest

from api.counter import wording
from api.counter.wording import closed, closed_on, number_text
from api.texts import counter_text
from booking.calendar import at
from booking.types import ZONE, Closure, ConflictKind, Share, State

ROOT = Path(wording.__file__).parents[1]
FILES = [*(ROOT / "templates/counter").glob("*.html"), *(ROOT / "counter").glob("*.py")]
KEYS = [line.partition(":")[0] for line in (ROOT / "data/counter.vi.yaml").read_text().splitlines() if ":" in line]
KEYS = [key for key in KEYS if re.fullmatch(r"[a-z0-9_-]+", key)]
MADE_UP = [
    *(f"state_{state}" for state in State),
    *(f"share_{share}" for share in Share),
    *(f"hit_{kind}" for kind in ConflictKind),
]
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)


def test_no_sentence_stands_twice() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_sentence_that_is_asked_for_is_there(file: Path) -> None:
    asked = re.findall(r'\b(?:c|counter_text)\(f?"([a-z0-9_-]+)"[,)]', file.read_text())
    assert [key for key in asked if key not in KEYS] == []


def test_sentences_whose_names_are_made_up_are_there() -> None:
    assert [key for key in MADE_UP if key not in KEYS] == []


@pytest.mark.parametrize(
    ("begin", "end", "said", "on_friday"),
    [
        (at(THURSDAY, time()), at(FRIDAY, time()), "cả ngày thứ năm 26/11/2026", None),
        (at(THURSDAY, time(12)), at(FRIDAY, time()), "từ 12:00 đến hết ngày thứ năm 26/11/2026", None),
        (at(FRIDAY, time()), at(FRIDAY, time(12)), "đến 12:00 thứ sáu 27/11/2026", "đến 12:00"),
        (at(FRIDAY, time(13)), at(FRIDAY, time(15)), "từ 13:00 đến 15:00 thứ sáu 27/11/2026", "13:00–15:00"),
        (
            at(THURSDAY, time()),
            at(date(2026, 11, 28), time()),
            "cả ngày, từ thứ năm 26/11/2026 đến hết thứ sáu 27/11/2026",
            "cả ngày",
        ),
        (
            at(THURSDAY, time(9)),
            at(FRIDAY, time(10)),
            "từ 09:00 thứ năm 26/11/2026 đến 10:00 thứ sáu 27/11/2026",
            "đến 10:00",
        ),
    ],
)
def test_closures_are_told_as_people_say_them(begin, end, said, on_friday) -> None:  # type: ignore[no-untyped-def]
    assert begin.tzinfo is ZONE
    closure = Closure(begin, end, "Họp")
    assert closed(closure) == said
    if on_friday:
        assert closed_on(closure, FRIDAY) == on_friday


def test_numbers_are_written_as_in_vietnamese() -> None:
    assert [number_text(value) for value in (12, 7.5, 0.04, 100.0)] == ["12", "7,5", "0", "100"]


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        counter_text("no_such_sentence")
