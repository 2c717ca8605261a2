"""Which change of state may follow which. Whatever is not listed here is refused."""

from __future__ import annotations

from collections.abc import Mapping

from booking.errors import WrongState
from booking.types import State

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.CONFIRMED, State.EXPIRED}),
    State.CONFIRMED: frozenset({State.CONFIRMED, State.CHECKED_IN, State.CANCELLED, State.NO_SHOW}),
    State.CHECKED_IN: frozenset({State.SERVING, State.CANCELLED, State.NO_SHOW}),
    State.SERVING: frozenset({State.DONE, State.NO_SHOW}),
    State.NO_SHOW: frozenset({State.CHECKED_IN}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""A confirmed appointment that stays confirmed was moved; a no-show may still turn up on the same day."""


def check(old: State, new: State) -> None:
    """Raises `WrongState` unless `old` may become `new`."""
    if new not in TRANSITIONS[old]:
        raise WrongState(old)
