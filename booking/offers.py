"""What can be booked: free slots and days, from calendar, rules and the seats that are taken. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from booking.calendar import closures_on, days_between, open_slots, plan_of, slots_for, slots_from, today
from booking.calendars import Rules
from booking.errors import SlotClosed, TooEarly, TooLate
from booking.policy import BookingPolicy
from booking.seats import Load
from booking.types import ZONE, DayOffer, DayStatus, OfficeCalendar, Share, Slot


def free_slots(
    rules: Rules, load: Load, group_id: str, first: date, last: date, minutes: int | None, now: datetime
) -> list[Slot]:
    """The times on which a visit can be booked online, in order."""
    earliest, latest = now + timedelta(minutes=rules.policy.lead_minutes), horizon(rules.policy, now)
    return [
        slot
        for day in days_between(max(first, today(now)), min(last, latest))
        for slot in free_on(rules.calendar, load, group_id, Share.ONLINE, day, minutes)
        if slot.starts_at >= earliest
    ]


def free_on(
    calendar: OfficeCalendar, load: Load, group_id: str, share: Share, day: date, minutes: int | None
) -> Iterator[Slot]:
    """The times of a day on which all slots of a visit have a free seat of the share, whatever the time is now."""
    count = slots_for(calendar, minutes)
    capacity = calendar.capacity(group_id)
    seats = capacity.online if share is Share.ONLINE else capacity.walk_in
    left = {slot: seats - load.get((group_id, slot, share), 0) for slot in open_slots(calendar, day)}
    for start in left:
        free = min(left.get(slot, 0) for slot in slots_from(calendar, start, count))
        if free > 0:
            yield Slot(start, start + timedelta(minutes=count * calendar.slot_minutes), free)


def free_days(
    rules: Rules, load: Load, group_id: str, first: date, last: date, minutes: int | None, now: datetime
) -> list[DayOffer]:
    """Every day with what it has to offer."""
    free: dict[date, int] = {}
    for slot in free_slots(rules, load, group_id, first, last, minutes, now):
        free[slot.day] = free.get(slot.day, 0) + 1
    return [_offer(rules, group_id, day, free.get(day, 0), now) for day in days_between(first, last)]


def check_time(policy: BookingPolicy, starts_at: datetime, now: datetime) -> None:
    """Raises `TooLate` within the lead time and `TooEarly` beyond the horizon."""
    if starts_at < now + timedelta(minutes=policy.lead_minutes):
        raise TooLate(policy.lead_minutes)
    if starts_at.astimezone(ZONE).date() > horizon(policy, now):
        raise TooEarly(policy.horizon_days)


def visit(calendar: OfficeCalendar, starts_at: datetime, minutes: int | None) -> list[datetime]:
    """The slots of a visit. Raises `SlotClosed` unless the office is open in all of them."""
    slots = slots_from(calendar, starts_at, slots_for(calendar, minutes))
    if not set(slots) <= set(open_slots(calendar, starts_at.astimezone(ZONE).date())):
        raise SlotClosed
    return slots


def horizon(policy: BookingPolicy, now: datetime) -> date:
    """The last day that can be booked."""
    return today(now) + timedelta(days=policy.horizon_days)


def _offer(rules: Rules, group_id: str, day: date, free: int, now: datetime) -> DayOffer:
    plan = plan_of(rules.calendar, day)
    if day < today(now):
        return DayOffer(day, DayStatus.TOO_SOON, 0, plan.reason)
    if plan.status is not DayStatus.FREE:
        return DayOffer(day, plan.status, 0, plan.reason)
    if free:
        return DayOffer(day, DayStatus.FREE, free, plan.reason)
    slots = open_slots(rules.calendar, day)
    if not slots or not rules.calendar.capacity(group_id).online:
        return DayOffer(day, DayStatus.CLOSED, 0, "; ".join(c.reason for c in closures_on(rules.calendar, day)))
    if day > horizon(rules.policy, now):
        return DayOffer(day, DayStatus.TOO_FAR, 0, plan.reason)
    if slots[-1] < now + timedelta(minutes=rules.policy.lead_minutes):
        return DayOffer(day, DayStatus.TOO_SOON, 0, plan.reason)
    return DayOffer(day, DayStatus.FULL, 0, plan.reason)
