"""From what is free and what was wished: the one time that is meant, or times to choose from and why not others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.types import ZONE, DayOffer, DayStatus, Slot
from bot.appointments.requests import Times
from bot.when.types import ALL_DAY, Clock, Days, ProblemKind, Wish

MOST = 6
"""Times shown at once; more do not help on a phone."""
_DAYS_TOLD = 2
"""Days of which it is said why they do not do."""


class Why(StrEnum):
    """Why nothing of what was wished can be had; the keys of the sentences are `book_` and the value."""

    DAY_FULL = "day_full"
    TIME_FULL = "time_full"
    DAY_CLOSED = "day_closed"
    DAY_HOLIDAY = "day_holiday"
    DAY_PAST = "day_past"
    TOO_FAR = "too_far"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    OUTSIDE = "outside"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason, and the day that it is about."""

    why: Why
    day: DayOffer | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to offer."""

    take: Slot | None = None
    """The one time that was meant: hold it without asking."""
    slots: tuple[Slot, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    full: tuple[date, date] | None = None
    """Days that are full, and could be waited for."""

    @property
    def day(self) -> date | None:
        """The day of the times offered, where they are all of one."""
        days = {slot.day for slot in self.slots}
        return days.pop() if len(days) == 1 else None


def propose(times: Times, wish: Wish | None, now: datetime, after: datetime | None = None) -> Proposal:
    """What to offer for a wish; `after` a time: only later ones, those wished first."""
    wish = wish or Wish()
    slots = [slot for slot in times.slots if after is None or slot.starts_at > after]
    wished = [slot for slot in slots if wish.admits(slot.starts_at)]
    if wished and after is None and _is_exact(wish, wished):
        return Proposal(take=wished[0])
    if wished:
        return Proposal(slots=_spread(wished), troubles=_said(wish, ProblemKind.VAGUE, ProblemKind.IMPOSSIBLE))
    if after is not None:
        return Proposal(slots=_spread(slots))
    troubles = _troubles(times, wish, now)
    return Proposal(slots=_nearest(slots, wish, now), troubles=troubles, full=_full(times, wish, now))


def _is_exact(wish: Wish, wished: Sequence[Slot]) -> bool:
    """Whether a single time was meant: a day and a clock time, or the earliest of all."""
    if wish.soonest:
        return True
    if wish.problems or len(wish.options) != 1:
        return False
    option = wish.options[0]
    one_day = option.days is not None and option.days.single is not None
    return one_day and isinstance(option.times, Clock) and (not option.times.about or len(wished) == 1)


def _spread(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The first times: all of one day, or two of each of several."""
    by_day: dict[date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.day, []).append(slot)
    if len(by_day) == 1:
        return tuple(_thinned(slots))
    picked = [slot for day in by_day.values() for slot in (day[0], *_middle(day))]
    return tuple(picked[:MOST])


def _thinned(slots: Sequence[Slot]) -> Iterable[Slot]:
    """At most `MOST`, from all over the day."""
    if len(slots) <= MOST + 2:
        return slots
    return [slots[n * (len(slots) - 1) // (MOST - 1)] for n in range(MOST)]


def _middle(day: Sequence[Slot]) -> list[Slot]:
    """The first time of the afternoon, or the one in the middle."""
    afternoon = [slot for slot in day[1:] if slot.starts_at.astimezone(ZONE).hour >= 12]
    return afternoon[:1] or list(day[len(day) // 2 : len(day) // 2 + 1] if len(day) > 1 else [])


def _nearest(slots: Sequence[Slot], wish: Wish, now: datetime) -> tuple[Slot, ...]:
    """The times nearest to what was wished, in their order."""
    target = _target(wish, now)
    if target is None:
        return _spread(slots)
    return tuple(sorted(sorted(slots, key=lambda slot: abs(slot.starts_at - target))[:MOST], key=lambda s: s.starts_at))


def _target(wish: Wish, now: datetime) -> datetime | None:
    """The first moment that was wished."""
    days, times = _first_days(wish), wish.times
    if days is None and not times:
        return None
    day = max(days.first, now.astimezone(ZONE).date()) if days else now.astimezone(ZONE).date()
    wished = times[0] if times else ALL_DAY
    return datetime.combine(day, wished.at if isinstance(wished, Clock) else wished.first, ZONE)


def _first_days(wish: Wish) -> Days | None:
    return min(wish.days, key=lambda days: days.first) if wish.days else None


def _troubles(times: Times, wish: Wish, now: datetime) -> tuple[Trouble, ...]:
    """Why nothing wished can be had: of the message itself, then of the days."""
    for kind, why in _PROBLEMS.items():
        if wish.has(kind):
            return (Trouble(why),)
    found = [_of_day(day, wish) for day in _wished_days(times, wish)[:_DAYS_TOLD]]
    if not found and wish.days:
        today = now.astimezone(ZONE).date()
        return (Trouble(Why.PAST if all(_is_over(days, today) for days in wish.days) else Why.TOO_FAR),)
    return tuple(dict.fromkeys(found))


def _of_day(day: DayOffer, wish: Wish) -> Trouble:
    if day.status is DayStatus.FREE:
        outside = wish.has(ProblemKind.OUTSIDE)
        return Trouble(Why.OUTSIDE) if outside else Trouble(Why.TIME_FULL, day)
    if day.status is DayStatus.TOO_FAR:
        return Trouble(Why.TOO_FAR)
    return Trouble(_STATUS[day.status], day)


def _wished_days(times: Times, wish: Wish) -> list[DayOffer]:
    if not wish.days or not times.days:
        return []
    wished = set(wish.dates(times.days[0].day, times.days[-1].day))
    return [day for day in times.days if day.day in wished]


def _full(times: Times, wish: Wish, now: datetime) -> tuple[date, date] | None:
    """From the first to the last of the wished days that are open and full."""
    bookable = now.astimezone(ZONE).date() + timedelta(days=times.horizon_days)
    full = [day.day for day in _wished_days(times, wish) if day.status is DayStatus.FULL and day.day <= bookable]
    return (full[0], full[-1]) if full else None


def _is_over(days: Days, today: date) -> bool:
    return days.last is not None and days.last < today


def _said(wish: Wish, *kinds: ProblemKind) -> tuple[Trouble, ...]:
    return tuple(Trouble(_PROBLEMS[kind]) for kind in kinds if wish.has(kind))


_PROBLEMS = {
    ProblemKind.IMPOSSIBLE: Why.IMPOSSIBLE,
    ProblemKind.PAST: Why.PAST,
    ProblemKind.VAGUE: Why.VAGUE,
}
_STATUS = {
    DayStatus.FULL: Why.DAY_FULL,
    DayStatus.CLOSED: Why.DAY_CLOSED,
    DayStatus.HOLIDAY: Why.DAY_HOLIDAY,
    DayStatus.TOO_SOON: Why.DAY_PAST,
}
