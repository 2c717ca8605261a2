"""When a message may go out: nobody is written to at night. Pure functions, at the office's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from booking.calendar import at
from booking.policy import BookingPolicy
from booking.types import ZONE

_SOONEST = timedelta(hours=1)
"""A reminder that the night delays still has to come this long before the visit; else it comes the evening before."""


def is_quiet(policy: BookingPolicy, moment: datetime) -> bool:
    """Whether nobody may be written to now."""
    hour = moment.astimezone(ZONE).hour
    if policy.quiet_from > policy.quiet_until:
        return hour >= policy.quiet_from or hour < policy.quiet_until
    return policy.quiet_from <= hour < policy.quiet_until


def quiet_ends(policy: BookingPolicy, moment: datetime) -> datetime:
    """When the night is over that `moment` lies in."""
    morning = at(moment.astimezone(ZONE).date(), time(policy.quiet_until % 24))
    return morning if morning > moment else morning + timedelta(days=1)


def reminder_time(policy: BookingPolicy, wanted: datetime, visit: datetime) -> datetime:
    """`wanted`, or outside the night: in the morning if that is soon enough for the visit, else the evening before."""
    if not is_quiet(policy, wanted):
        return wanted
    morning = quiet_ends(policy, wanted)
    if morning + _SOONEST <= visit:
        return morning
    evening = at(wanted.astimezone(ZONE).date(), time(policy.quiet_from % 24)) - timedelta(hours=1)
    return evening if evening < wanted else evening - timedelta(days=1)
