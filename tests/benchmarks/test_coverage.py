"""Coverage against error, bins of probability, and the calibration error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coverage import THRESHOLDS, Judged, bins, calibration_error, curve_table, judged, report
from benchmarks.opening import Opened, read_cases

MESSAGES = [
    Judged(answer=0.96, first=0.9, due=True, right=True),
    Judged(answer=0.85, first=0.8, due=True, right=False),
    Judged(answer=0.25, first=0.3, due=False, right=False),
    Judged(answer=0.05, first=0.1, due=True, right=True),
]
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50)


def test_a_higher_threshold_answers_fewer() -> None:
    lines = curve_table(MESSAGES).splitlines()
    assert len(lines) == 2 + len(THRESHOLDS)
    assert lines[2] == "| 0.00 | 4 | 100.0 | 50.0 | 66.7 |"
    assert "| 0.80 | 2 | 50.0 | 50.0 | 33.3 |" in lines
    assert lines[-1] == "| 0.98 | 0 | 0.0 | – | 0.0 |"


@given(pairs)
def test_bins_hold_every_message_once_and_in_order(found: list[tuple[float, bool]]) -> None:
    made = bins([share for share, _ in found], [truth for _, truth in found])
    assert sum(item.count for item in made) == len(found)
    assert [item.mean for item in made] == sorted(item.mean for item in made)
    assert sum(item.count * item.share for item in made) == pytest.approx(sum(truth for _, truth in found))
    assert 0 <= calibration_error(made) <= 1


def test_true_probabilities_have_no_error_and_false_ones_have() -> None:
    assert calibration_error(bins([0.75] * 4, [True, True, True, False])) == pytest.approx(0.0)
    assert calibration_error(bins([1.0, 1.0], [False, False])) == pytest.approx(1.0)
    assert calibration_error([]) == 0.0


def test_a_set_is_judged_by_its_messages_that_stand_alone(opened: Opened, question_set: Path) -> None:
    messages = judged(opened.library, read_cases(question_set, opened.library))
    assert [item.due for item in messages] == [True, True, False]
    assert messages[0].right
    assert not messages[2].right
    assert all(0 <= share <= 1 for item in messages for share in (item.answer, item.first))
    assert report("small", messages).startswith("small: 3 messages, 2 to be answered at once")
