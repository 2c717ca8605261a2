"""The day's people in the order in which a counter needs them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.types import Appointment, State

_LONG = 30
"""Minutes from which a wait is marked as long; ours, no rule."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody of today."""

    view: Appointment
    waited: int = 0
    """Whole minutes since it was their turn; below zero: so much before their time."""

    @property
    def is_long(self) -> bool:
        """Whether somebody should look after them."""
        return self.waited >= _LONG


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody of a day."""

    serving: tuple[Turn, ...]
    waiting: tuple[Turn, ...]
    """In the order in which they will be called."""
    expected: tuple[Turn, ...]
    """Booked and not here yet, by time."""
    over: tuple[Turn, ...]
    """Done, missed, cancelled; latest first."""

    def count(self, state: State) -> int:
        """How many of those who are over ended like this."""
        return sum(turn.view.state == state for turn in self.over)

    def at(self, counter: str) -> Turn | None:
        """Whom a counter serves."""
        return next((turn for turn in self.serving if turn.view.counter == counter), None)

    def find(self, reference: str) -> Appointment | None:
        """Somebody of the day."""
        everybody = (*self.serving, *self.waiting, *self.expected, *self.over)
        return next((turn.view for turn in everybody if turn.view.reference == reference), None)

    def ahead_of(self, reference: str) -> int | None:
        """How many will be called before somebody; None: not waiting."""
        waiting = [turn.view.reference for turn in self.waiting]
        return waiting.index(reference) if reference in waiting else None


def line_up(views: Iterable[Appointment], now: datetime) -> Line:
    """Puts a day's list in order."""
    views = list(views)
    serving = sorted(_in(views, State.SERVING), key=lambda view: view.called_at or now, reverse=True)
    waiting = sorted(_in(views, State.CHECKED_IN), key=lambda view: (turn_of(view), view.number or 0))
    over = sorted(
        _in(views, State.DONE, State.NO_SHOW, State.CANCELLED), key=lambda view: view.changed_at, reverse=True
    )
    return Line(
        tuple(Turn(view, _minutes(now, view.called_at)) for view in serving),
        tuple(Turn(view, _minutes(now, turn_of(view))) for view in waiting),
        tuple(Turn(view, _minutes(now, view.starts_at)) for view in _in(views, State.CONFIRMED)),
        tuple(Turn(view) for view in over),
    )


def turn_of(view: Appointment) -> datetime:
    """When somebody's turn is: at the booked time, or at the check-in where that was later."""
    return max(view.starts_at, view.checked_in_at or view.starts_at)


def _in(views: Iterable[Appointment], *states: State) -> list[Appointment]:
    return [view for view in views if view.state in states]


def _minutes(now: datetime, since: datetime | None) -> int:
    return 0 if since is None else (now - since) // timedelta(minutes=1)
