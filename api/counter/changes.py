"""Changes of an office's calendar as officers ask for them, each tried before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.service import BookingService
from booking.types import Capacity, Closure, Conflict, Slot, SpecialDay, WeekHours

_AHEAD = timedelta(days=14)
_CHOICES = 6


class Change(Protocol):
    """Something that an officer wants to change."""

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """Makes the change. Raises `BookingError`."""


@dataclass(frozen=True, slots=True)
class NewHours:
    """Other weekly hours."""

    hours: WeekHours

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.set_hours(connection, office_id, self.hours, account)


@dataclass(frozen=True, slots=True)
class NewSlotLength:
    """Slots of another length."""

    minutes: int

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.set_slot_minutes(connection, office_id, self.minutes, account)


@dataclass(frozen=True, slots=True)
class NewCapacities:
    """Other numbers of seats; those that are as before are not written again."""

    by_group: Mapping[str, Capacity]

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        calendar = await booking.calendar(connection, office_id)
        for group, wanted in self.by_group.items():
            if calendar.capacity(group) != wanted:
                await booking.set_capacity(connection, office_id, group, wanted.online, wanted.walk_in, account)


@dataclass(frozen=True, slots=True)
class NewClosure:
    """A time in which the office is closed."""

    closure: Closure

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.add_closure(connection, office_id, self.closure, account)


@dataclass(frozen=True, slots=True)
class ClosureTakenBack:
    """A closure that is none after all."""

    closure_id: str

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.remove_closure(connection, office_id, self.closure_id, account)


@dataclass(frozen=True, slots=True)
class NewSpecialDay:
    """Other hours on one day, whatever week and holidays say."""

    special: SpecialDay

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.set_special_day(connection, office_id, self.special, account)


@dataclass(frozen=True, slots=True)
class SpecialDayTakenBack:
    """A day that is an ordinary one after all."""

    day: date

    async def apply(self, booking: BookingService, connection: AsyncConnection, office_id: str, account: str) -> None:
        """See `Change`."""
        await booking.clear_special_day(connection, office_id, self.day, account)


@dataclass(frozen=True, slots=True)
class Hit:
    """An appointment that a change hits, and where it could go."""

    conflict: Conflict
    choices: tuple[Slot, ...]
    """The proposal first, then other free times near it; empty: nothing is free."""


async def try_out(
    booking: BookingService, connection: AsyncConnection, office_id: str, change: Change, account: str
) -> list[Hit]:
    """What a change would hit that nothing hits yet: it is made and taken back. Raises `BookingError`."""
    before = {conflict.appointment.reference for conflict in await booking.conflicts(connection, office_id)}
    trial = await connection.begin_nested()
    await change.apply(booking, connection, office_id, account)
    found = await booking.conflicts(connection, office_id)
    hits = await with_choices(
        booking, connection, [conflict for conflict in found if conflict.appointment.reference not in before]
    )
    await trial.rollback()
    return hits


async def with_choices(
    booking: BookingService, connection: AsyncConnection, conflicts: Iterable[Conflict]
) -> list[Hit]:
    """Each conflict with other free times near the proposal, under the calendar as the transaction sees it."""
    known: dict[tuple[str, int, date], list[Slot]] = {}
    hits = []
    for conflict in conflicts:
        view, proposal = conflict.appointment, conflict.proposal
        if proposal is None:
            hits.append(Hit(conflict, ()))
            continue
        key = (view.group_id, view.minutes, proposal.day)
        if key not in known:
            last = proposal.day + _AHEAD
            known[key] = await booking.free_slots(
                connection, view.office_id, view.group_id, proposal.day, last, view.minutes
            )
        others = (slot for slot in known[key] if slot.starts_at not in (view.starts_at, proposal.starts_at))
        hits.append(Hit(conflict, (proposal, *_nearest(others, proposal.starts_at))))
    return hits


def _nearest(slots: Iterable[Slot], wanted: datetime) -> list[Slot]:
    near = sorted(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))[:_CHOICES]
    return sorted(near, key=lambda slot: slot.starts_at)
