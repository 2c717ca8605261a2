"""Everything that the dashboards and the monthly report say of a span of days, read in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feed import counting
from feed.counting import Dimension, Span, Tally
from feed.deadlines import ZONE
from feed.figures import BEFORE_DAYS, RECENT_DAYS, Point, Rise, Share, answered, over_time, peak_hours, rising
from feed.figures_cases import CaseFigures, case_figures
from feed.satisfaction import Figure, satisfaction
from store.engine import read

T = TypeVar("T")
TOPIC_DAYS = 92


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of the days from `first` to `last`."""

    first: date
    last: date
    commune: str | None
    """The office's id of the one commune that is looked at."""
    asked: int
    answered: Share
    outcomes: dict[str, int]
    """Messages by how they ended; "failed" where the engine broke."""
    channels: dict[str, int]
    kinds: dict[str, int]
    """"" for those without label."""
    fields: dict[str, Tally]
    communes: dict[str, Tally]
    """Empty where one is looked at."""
    moods: list[Point]
    felt: Share
    """The negative among the messages whose sentiment is known."""
    hours: list[list[int]]
    """By weekday and hour."""
    topics: dict[str, int]
    """People by topic, each day anew. Empty for more than `TOPIC_DAYS` days: a year has too many topics to add up."""
    rises: list[Rise]
    """In the last `RECENT_DAYS` days of the span, against the `BEFORE_DAYS` before."""
    cases: CaseFigures
    satisfied: list[Figure]
    """With answers and with appointments of the whole province; a commune has none here."""


async def overview(engine: AsyncEngine, span: Span, now: datetime, commune: str | None = None) -> Overview:
    """All figures of a span; only of one commune, where one is named. Read side by side, each on its own connection."""
    first, last = span
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    counts, risen, answers, satisfied = await asyncio.gather(
        _alone(engine, lambda it: counting.counts(it, span, commune, _dimensions(span, commune))),
        _alone(engine, lambda it: rises(it, last, commune)),
        _alone(engine, lambda it: case_figures(it, begin, end, now, commune)),
        _alone(engine, lambda it: satisfaction(it, begin, end, "subject")),
    )
    by_day = {date.fromisoformat(day): tally for day, tally in counts[Dimension.DAY].items()}
    total = sum(by_day.values(), Tally())
    return Overview(
        first=first,
        last=last,
        commune=commune,
        asked=total.asked,
        answered=answered([total]),
        outcomes=_asked(counts[Dimension.OUTCOME]),
        channels=_asked(counts[Dimension.CHANNEL]),
        kinds=_asked(counts[Dimension.KIND]),
        fields=counts[Dimension.FIELD],
        communes=counts.get(Dimension.COMMUNE, {}),
        moods=over_time(by_day, span),
        felt=Share(total.negative, total.felt),
        hours=peak_hours(counts[Dimension.HOUR]),
        topics={topic: tally.askers for topic, tally in counts.get(Dimension.TOPIC, {}).items()},
        rises=risen,
        cases=answers,
        satisfied=[] if commune else satisfied,
    )


async def _alone(engine: AsyncEngine, ask: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async with read(engine) as connection:
        return await ask(connection)


async def rises(connection: AsyncConnection, last: date, commune: str | None = None) -> list[Rise]:
    """Topics that rose in the last days up to `last`."""
    begin = last - timedelta(days=RECENT_DAYS - 1)
    recent = await counting.by_value(connection, Dimension.TOPIC, (begin, last), commune)
    earlier = begin - timedelta(days=BEFORE_DAYS), begin - timedelta(days=1)
    before = await counting.by_value(connection, Dimension.TOPIC, earlier, commune)
    return rising(
        {topic: tally.askers for topic, tally in recent.items()},
        {topic: tally.askers for topic, tally in before.items()},
    )


def _dimensions(span: Span, commune: str | None) -> list[Dimension]:
    left_out = {Dimension.TOPIC} if (span[1] - span[0]).days >= TOPIC_DAYS else set()
    left_out |= {Dimension.COMMUNE} if commune else set()
    return [dimension for dimension in Dimension if dimension not in left_out]


def _asked(tallies: dict[str, Tally]) -> dict[str, int]:
    return {value: tally.asked for value, tally in tallies.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
