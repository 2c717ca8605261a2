"""Statistics against plain computations of the same thing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.counting import Tally
from feed.figures import LEVEL, Rise, Share, answered, at_least, discoveries, over_time, peak_hours, rising, steps

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
COUNTS = st.dictionaries(st.sampled_from(["", "p:1", "p:2", "c:3", "c:4", "p:5"]), st.integers(0, 60))


@given(st.integers(0, 40), st.integers(0, 40), st.fractions(0, 1))
def test_the_tail_of_the_binomial_is_exact(successes: int, trials: int, probability: float) -> None:
    exact = sum(
        comb(trials, count) * probability**count * (1 - probability) ** (trials - count)
        for count in range(successes, trials + 1)
    )
    assert at_least(successes, trials, float(probability)) == pytest.approx(float(exact), rel=1e-9, abs=1e-15)


def test_the_tail_stays_exact_with_many_trials() -> None:
    assert at_least(5_000, 10_000, 0.5) == pytest.approx(0.5 + comb(10_000, 5_000) / 2**10_001, rel=1e-6)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_are_those_of_benjamini_and_hochberg(chances: list[float]) -> None:
    found = discoveries([Rise(f"{number:02}", 1, 1, 1.0, chance) for number, chance in enumerate(chances)])
    ordered = sorted(chances)
    good = [rank for rank in range(1, len(ordered) + 1) if ordered[rank - 1] <= LEVEL * rank / len(ordered)]
    assert [rise.chance for rise in found] == ordered[: max(good, default=0)]


@given(COUNTS, COUNTS)
def test_what_rises_is_above_its_expectation_and_was_named(recent: dict[str, int], before: dict[str, int]) -> None:
    for rise in rising(recent, before):
        assert rise.topic
        assert rise.recent == recent[rise.topic]
        assert rise.recent > rise.expected
        assert rise.chance <= LEVEL


def test_the_largest_topic_does_not_rise_by_being_large() -> None:
    recent = {"p:large": 500, "p:new": 30, "p:steady": 70}
    before = {"p:large": 2_050, "p:new": 20, "p:steady": 330}
    assert [rise.topic for rise in rising(recent, before)] == ["p:new"]


def test_a_busy_week_lets_nothing_rise() -> None:
    before = {"p:1": 200, "p:2": 100, "p:3": 40}
    assert rising({topic: count * 2 for topic, count in before.items()}, before) == []


def test_few_false_alarms_where_nothing_has_changed() -> None:
    """Twenty topics, a hundred times, from one distribution: as good as never does anything seem to rise."""
    dice, alarms = random.Random(5), 0
    for _ in range(100):
        recent = {f"p:{topic}": sum(dice.random() < 0.2 for _ in range(50)) for topic in range(20)}
        before = {topic: 50 - count for topic, count in recent.items()}
        alarms += bool(rising(recent, before))
    assert alarms <= 100 * LEVEL * 2


@given(DAYS, st.integers(0, 800))
def test_steps_cover_every_day_once(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    days = [
        begin + timedelta(days=number)
        for begin, end in steps((first, last))
        for number in range((end - begin).days + 1)
    ]
    assert days == [first + timedelta(days=number) for number in range(more + 1)]
    assert len(steps((first, last))) <= 32


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 1)), st.tuples(*[st.integers(0, 9)] * 3), max_size=20))
def test_the_line_over_time_adds_up(days: dict[date, tuple[int, int, int]]) -> None:
    by_day = {
        day: Tally(asked=sum(felt) + 1, negative=felt[0], neutral=felt[1], positive=felt[2])
        for day, felt in days.items()
    }
    points = over_time(by_day, (date(2026, 1, 1), date(2026, 3, 1)))
    assert sum(point.asked for point in points) == sum(tally.asked for tally in by_day.values())
    assert sum(point.negative.part for point in points) == sum(felt[0] for felt in days.values())
    assert sum(point.negative.whole for point in points) == sum(sum(felt) for felt in days.values())


def test_peak_hours_begin_with_monday() -> None:
    grid = peak_hours({"0-23": Tally(asked=7), "1-00": Tally(asked=3), "6-08": Tally(asked=1)})
    assert (grid[6][23], grid[0][0], grid[5][8], sum(map(sum, grid))) == (7, 3, 1, 11)


def test_the_answered_share_leaves_out_what_was_neither() -> None:
    found = answered([Tally(asked=10, answered=6), Tally(asked=5, refused=2)])
    assert (found.part, found.whole, found.value) == (6, 8, 0.75)
    assert found.interval is not None
    assert found.interval[0] < 0.75 < found.interval[1]
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None
