"""The rules of booking with their defaults. An office may differ in any of them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from booking.types import Capacity


class BookingPolicy(BaseModel):
    """Rules that an office follows. The defaults are ours, not an office's word; no law sets these numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead_minutes: int = Field(default=120, ge=0)
    """How long before it begins a slot can still be booked or moved to."""
    horizon_days: int = Field(default=30, ge=1, le=366)
    """How many days ahead can be booked, today not counted."""
    hold_minutes: int = Field(default=10, ge=1)
    offer_minutes: int = Field(default=30, ge=1)
    """How long a seat is held for the first of the waiting list."""
    most_open: int = Field(default=2, ge=1)
    """Appointments to come on one phone, over all offices."""
    most_per_day: int = Field(default=1, ge=1)
    """On one phone, day and office; for a community helper: for one name."""
    most_open_helper: int = Field(default=5, ge=1)
    release_minutes_from: float = Field(default=2.0, ge=0)
    release_minutes_to: float = Field(default=10.0, ge=0)
    """A cancelled seat is free again after a random time between these, so that it cannot be passed on."""
    no_shows: int = Field(default=2, ge=1)
    """This many within `no_show_days`, and the phone books nothing for `barred_days` after the last one."""
    no_show_days: int = Field(default=60, ge=1)
    barred_days: int = Field(default=30, ge=1)
    remind_day_hours: float = Field(default=24.0, gt=0)
    remind_hours: float = Field(default=2.0, gt=0)
    rate_minutes: int = Field(default=60, ge=1)
    """How long after a visit has ended somebody is asked how it was."""
    quiet_from: int = Field(default=21, ge=0, le=24)
    quiet_until: int = Field(default=7, ge=0, le=24)
    """Nobody is written to between these hours."""
    keep_days: int = Field(default=30, ge=0)
    """Name and phone are deleted this long after the visit; the keyed hash of the phone after `no_show_days`, too."""
    online_seats: int = Field(default=2, ge=0)
    walk_in_seats: int = Field(default=1, ge=0)
    """Per slot and service group, where an office has set nothing."""
    slot_minutes: int = Field(default=30, ge=5, le=240)

    @property
    def default_capacity(self) -> Capacity:
        """Seats of a slot where an office has set nothing."""
        return Capacity(self.online_seats, self.walk_in_seats, is_default=True)
