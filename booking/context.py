"""What every step needs besides the database: the key, the time, the rules, the dice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.policy import BookingPolicy
from store.clock import Clock


@dataclass(frozen=True, slots=True)
class Context:
    """The same for all requests of a process."""

    key: bytes
    clock: Clock
    policy: BookingPolicy
    uniform: Callable[[float, float], float]

    def now(self) -> datetime:
        """The current time."""
        return self.clock()

    def release_delay(self, policy: BookingPolicy) -> timedelta:
        """After how long a cancelled seat returns: random, so that nobody can wait for it to the second."""
        return timedelta(minutes=self.uniform(policy.release_minutes_from, policy.release_minutes_to))
