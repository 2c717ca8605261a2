"""Statistics of what citizens ask, without any database: shares with intervals, mood over time, rising topics."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from feed.counting import UNKNOWN, Span, Tally
from feed.satisfaction import wilson

LEVEL = 0.05
"""False discovery rate of rising topics: of those shown, one in twenty at most rose by chance, on average."""
RECENT_DAYS, BEFORE_DAYS = 7, 28
FEWEST_TO_TEST = 5
"""Of people who asked about a topic in both spans together; fewer could not stand out, whatever they did."""
_MOST_DAYS_APART, _MOST_WEEKS_APART = 31, 27 * 7


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """0 to 1; None where there is nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval (Wilson); None where there is nothing."""
        return wilson(self.part, self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a line over time."""

    first: date
    last: date
    asked: int
    negative: Share
    """Among the messages whose sentiment is known."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A topic that is asked about more than chance explains."""

    topic: str
    recent: int
    """People in the last `RECENT_DAYS` days, each day anew."""
    before: int
    """In the `BEFORE_DAYS` days before."""
    expected: float
    """How many there would have been, had the topic kept its part of what is asked."""
    chance: float
    """Probability of so many or more, if so (one-sided)."""


def answered(tallies: Iterable[Tally]) -> Share:
    """Answered by the bot, among what it answered or had to refuse; asking back, booking and small talk are neither."""
    total = sum(tallies, Tally())
    return Share(total.answered, total.answered + total.refused)


def over_time(by_day: Mapping[date, Tally], span: Span) -> list[Point]:
    """The span in days, weeks from Monday, or months, so that there are about thirty points at most."""
    return [_point(first, last, by_day) for first, last in steps(span)]


def steps(span: Span) -> list[Span]:
    """A span cut into days, weeks or months, the first and the last perhaps not whole."""
    first, last = span
    found: list[Span] = []
    while first <= last:
        end = min(last, _end_of_step(first, (last - span[0]).days + 1))
        found.append((first, end))
        first = end + timedelta(days=1)
    return found


def _end_of_step(first: date, days: int) -> date:
    if days <= _MOST_DAYS_APART:
        return first
    if days <= _MOST_WEEKS_APART:
        return first + timedelta(days=6 - first.weekday())
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _point(first: date, last: date, by_day: Mapping[date, Tally]) -> Point:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    total = sum((by_day.get(day, Tally()) for day in days), Tally())
    return Point(first, last, total.asked, Share(total.negative, total.felt))


def peak_hours(by_hour: Mapping[str, Tally]) -> list[list[int]]:
    """Messages by weekday (Monday first) and hour."""
    grid = [[0] * 24 for _ in range(7)]
    for value, tally in by_hour.items():
        weekday, hour = value.split("-")
        grid[int(weekday) - 1][int(hour)] = tally.asked
    return grid


def rising(recent: Mapping[str, int], before: Mapping[str, int]) -> list[Rise]:
    """Topics whose part of what is asked has grown by more than chance explains, the surest first.

    Given how many people asked about a topic in both spans together, those of the recent one are binomial if nothing
    has changed, with the recent span's part of everything that was asked. What is tested is therefore the topic's part:
    a week in which everything is asked more lets no topic rise. Of all topics tested those are told that keep the false
    discovery rate below `LEVEL` (Benjamini and Hochberg 1995).
    """
    all_recent, all_before = sum(recent.values()), sum(before.values())
    if not all_recent or not all_before:
        return []
    part = all_recent / (all_recent + all_before)
    topics = sorted({*recent, *before} - {UNKNOWN})
    tested = [
        _rise(topic, recent.get(topic, 0), before.get(topic, 0), part)
        for topic in topics
        if recent.get(topic, 0) + before.get(topic, 0) >= FEWEST_TO_TEST
    ]
    return [rise for rise in discoveries(tested) if rise.recent > rise.expected]


def _rise(topic: str, recent: int, before: int, part: float) -> Rise:
    together = recent + before
    return Rise(topic, recent, before, together * part, at_least(recent, together, part))


def discoveries(tested: Sequence[Rise], level: float = LEVEL) -> list[Rise]:
    """Those that may be told when all of them were tested, by rising probability."""
    ordered = sorted(tested, key=lambda rise: (rise.chance, rise.topic))
    good = [rank for rank, rise in enumerate(ordered, 1) if rise.chance <= level * rank / len(ordered)]
    return ordered[: max(good, default=0)]


def at_least(successes: int, trials: int, probability: float) -> float:
    """P(X ≥ successes) of a binomial X, summed exactly."""
    if successes <= 0:
        return 1.0
    if probability <= 0 or successes > trials:
        return 0.0
    if probability >= 1:
        return 1.0
    ways = math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    term = math.exp(ways + successes * math.log(probability) + (trials - successes) * math.log1p(-probability))
    total, odds = 0.0, probability / (1 - probability)
    for count in range(successes, trials + 1):
        total += term
        if term < total * 1e-17 and count > trials * probability:
            break
        term *= odds * (trials - count) / (count + 1)
    return min(1.0, total)


def middle(values: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return median(values) if values else None
