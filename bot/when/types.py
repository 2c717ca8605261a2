"""What a message wishes: days and times of day, what it rules out, where it says so, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import TypeVar

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam's time: UTC+7 the whole year, without daylight saving."""
EVERY_DAY = frozenset(range(1, 8))
"""All weekdays by ISO number: Monday is 1."""
WORKING_DAYS = frozenset(range(1, 6))
ABOUT = 30
"""How many minutes "khoảng 9h" may be off."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Days:
    """A run of days, both ends included, of which only some weekdays may be meant."""

    first: date
    last: date | None
    """None: open-ended, as in "từ thứ tư trở đi"."""
    weekdays: frozenset[int] = EVERY_DAY

    @classmethod
    def only(cls, day: date) -> Days:
        """A single day."""
        return cls(day, day)

    @property
    def single(self) -> date | None:
        """The day, where it is only one."""
        return self.first if self.first == self.last else None

    def admits(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last) and day.isoweekday() in self.weekdays

    def __str__(self) -> str:
        run = f"{self.first}" if self.single else f"{self.first}..{self.last or ''}"
        return run if self.weekdays == EVERY_DAY else f"{run}@{''.join(map(str, sorted(self.weekdays)))}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time by the clock."""

    at: time
    about: bool = False
    """Whether half an hour earlier or later will do."""
    inferred: bool = False
    """Whether the afternoon was concluded from the hour alone: "3 giờ" at an office is 15:00."""

    def admits(self, start: time) -> bool:
        """Whether something that begins at `start` is in time."""
        return abs(_minutes(start) - _minutes(self.at)) <= (ABOUT if self.about else 0)

    def __str__(self) -> str:
        return f"{'~' if self.about else ''}{self.at:%H:%M}{'?' if self.inferred else ''}"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the day: from `first` until before `before`."""

    first: time
    before: time | None
    """None: until midnight."""
    inferred: bool = False
    """Whether the afternoon was concluded from the hours alone."""

    def admits(self, start: time) -> bool:
        """Whether something that begins at `start` begins in it."""
        return self.first <= start and (self.before is None or start < self.before)

    def __str__(self) -> str:
        before = f"{self.before:%H:%M}" if self.before else "24:00"
        return f"{self.first:%H:%M}-{before}{'?' if self.inferred else ''}"


Times = Clock | Window
"""A time of day, exact or not."""
ALL_DAY = Window(time(0), None)


@dataclass(frozen=True, slots=True)
class Option:
    """Days and the times on them; what is None was not said."""

    days: Days | None
    times: Times | None

    def admits(self, start: datetime) -> bool:
        """Whether a start, in Vietnam's time, is one of them."""
        return (self.days is None or self.days.admits(start.date())) and (
            self.times is None or self.times.admits(start.time())
        )

    def __str__(self) -> str:
        return f"{self.days or '*'} {self.times or '*'}"


Span = tuple[int, int]
"""Where something stands in the message: its first character and the one after its last."""


class ProblemKind(StrEnum):
    """Why a wish needs a further word; a closed list."""

    PAST = "past"
    """The day or time is over; the option is kept."""
    IMPOSSIBLE = "impossible"
    """No such day or time: 31/2, 25h. It is in no option."""
    AMBIGUOUS = "ambiguous"
    """It can be read in two ways; the option holds the likelier one, `readings` both."""
    OUTSIDE = "outside"
    """A time at which no office is open: before 6:30 or from 17:00. The option is kept."""
    VAGUE = "vague"
    """Some day, but which is not said: "mai mốt", "vài bữa nữa". It is in no option."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of the message."""

    kind: ProblemKind
    span: Span
    readings: tuple[Days, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message says about when. Empty (false) where it says nothing."""

    options: tuple[Option, ...] = ()
    """Any of them will do; none given: any day, any time."""
    without: tuple[Option, ...] = ()
    """Ruled out, whatever the options say."""
    soonest: bool = False
    """Whether the earliest is wanted."""
    problems: tuple[Problem, ...] = ()
    spans: tuple[Span, ...] = ()
    """The places in the message that were read, in their order, not overlapping."""

    def __bool__(self) -> bool:
        return bool(self.options or self.without or self.soonest or self.problems)

    @property
    def days(self) -> tuple[Days, ...]:
        """All days wished, in the order said."""
        return _distinct(option.days for option in self.options)

    @property
    def times(self) -> tuple[Times, ...]:
        """All times of day wished, in the order said."""
        return _distinct(option.times for option in self.options)

    def has(self, kind: ProblemKind) -> bool:
        """Whether there is a problem of this kind."""
        return any(problem.kind is kind for problem in self.problems)

    def admits(self, start: datetime) -> bool:
        """Whether a slot that begins at `start` is what was wished. A naive start counts as Vietnam's."""
        local = start.astimezone(VIETNAM) if start.tzinfo else start
        wanted = not self.options or any(option.admits(local) for option in self.options)
        return wanted and not any(option.admits(local) for option in self.without)

    def dates(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last` on which anything can be wished, in their order."""
        closed = [option.days for option in self.without if option.times is None and option.days]
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            wanted = not self.days or any(_on(option, day) for option in self.options)
            if wanted and not any(days.admits(day) for days in closed):
                yield day

    def then(self, later: Wish) -> Wish:
        """This wish after a later message: what that says of days, or of times, replaces what was said before."""
        days = later.days or self.days
        times = later.times or self.times
        paired = later.options if later.days and later.times else _product(days, times)
        ruled_out = later.without if later.days else (*self.without, *later.without)
        return Wish(paired, ruled_out, self.soonest or later.soonest, later.problems, later.spans)

    def rest(self, text: str) -> str:
        """The message without what was read, for whoever looks for a procedure and an office in it."""
        kept, at = [], 0
        for start, end in self.spans:
            kept.append(text[at:start])
            at = end
        return " ".join("".join([*(f"{part} " for part in kept), text[at:]]).split())


def _on(option: Option, day: date) -> bool:
    return option.days is None or option.days.admits(day)


def _product(days: tuple[Days, ...], times: tuple[Times, ...]) -> tuple[Option, ...]:
    if not days and not times:
        return ()
    return tuple(Option(day, at) for day in (days or (None,)) for at in (times or (None,)))


def _distinct(values: Iterable[_T | None]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
