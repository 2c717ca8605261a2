"""The way into this room: what citizens, officers and the background do with appointments.

Every method works in the transaction of the connection it is given (`store.engine.write`, for those that only look
`read`), so that a caller can write its own rows along with it. A refused step raises a `BookingError` and leaves
nothing behind even if the caller goes on and commits. On PostgreSQL locks are taken in one order: the conversation
(the caller's), then offices by id, then phones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from booking import (
    calendars,
    changes,
    codes,
    conflicts,
    holds,
    offers,
    overview,
    privacy,
    records,
    seats,
    settings,
    waiting,
)
from booking import counter as desk
from booking.calendar import day_bounds, today
from booking.calendars import Rules
from booking.context import Context
from booking.errors import NotFound
from booking.policy import BookingPolicy
from booking.types import (
    Appointment,
    Closure,
    Conflict,
    DayOffer,
    Figures,
    Hold,
    Move,
    Moved,
    OfficeCalendar,
    Origin,
    Person,
    QueueDisplay,
    Slot,
    SpecialDay,
    Ticket,
    Waiting,
    WaitWish,
    WeekDay,
    WeekHours,
    Wish,
)
from store.booking_tables import appointments
from store.clock import Clock, utc_now


class BookingService:
    """Booking for all offices. Keeps nothing in memory; any number of replicas may run on one database."""

    def __init__(
        self,
        key: bytes,
        clock: Clock = utc_now,
        policy: BookingPolicy | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`key` (at least 16 bytes, kept outside the database, the same on all replicas) makes secrets and the hashes
        that stand for phones: with another key the limits forget who booked before, and secrets that were given out
        keep opening their appointments but cannot be shown again. `policy` holds where an office has not set its own.
        """
        if len(key) < 16:
            raise ValueError("the key needs at least 16 bytes")
        self.context = Context(key, clock, policy or BookingPolicy(), uniform)

    # Looking for a time

    async def free_days(
        self,
        connection: AsyncConnection,
        office_id: str,
        group_id: str,
        first: date,
        last: date,
        minutes: int | None = None,
    ) -> list[DayOffer]:
        """Every day from `first` to `last` with what it has to offer for a visit of `minutes`."""
        rules, load = await self._offer(connection, office_id, group_id, first, last)
        return offers.free_days(rules, load, group_id, first, last, minutes, self.context.now())

    async def free_slots(
        self,
        connection: AsyncConnection,
        office_id: str,
        group_id: str,
        first: date,
        last: date,
        minutes: int | None = None,
    ) -> list[Slot]:
        """The times on which a visit of `minutes` can be booked, in order; `last` included."""
        rules, load = await self._offer(connection, office_id, group_id, first, last)
        return offers.free_slots(rules, load, group_id, first, last, minutes, self.context.now())

    # The citizen's appointment

    async def hold(self, connection: AsyncConnection, wish: Wish, origin: Origin) -> Hold:
        """Keeps a seat for some minutes. The holder's earlier hold, if there is one, is given back.

        Raises `SlotFull`, `SlotClosed`, `TooEarly` or `TooLate`.
        """
        async with connection.begin_nested():
            return await holds.hold(connection, self.context, wish, origin)

    async def release(self, connection: AsyncConnection, secret: str) -> None:
        """Gives a hold back. Anything that is no hold (any more) is left as it is."""
        async with connection.begin_nested():
            await holds.release(connection, self.context, secret)

    async def confirm(self, connection: AsyncConnection, secret: str, person: Person) -> Ticket:
        """Turns a hold into an appointment. Saying it again with the same phone gives the same ticket.

        Raises `NotFound`, `HoldExpired`, `SlotClosed` (closed since), `InvalidPerson`, `LimitReached` or
        `DayLimitReached`, `Barred`, `WrongState`.
        """
        async with connection.begin_nested():
            return await holds.confirm(connection, self.context, secret, person)

    async def find_by_secret(self, connection: AsyncConnection, secret: str) -> Ticket:
        """The appointment (or hold) that the secret opens, in whatever state. Raises `NotFound`."""
        record = await records.one(connection, appointments.c.secret_hash == codes.hash_of(secret))
        if record is None:
            raise NotFound
        return record.ticket(self.context.key)

    async def find_mine(self, connection: AsyncConnection, conversation_id: int) -> list[Ticket]:
        """What was booked in a conversation and is still to come or going on, holds too, by time."""
        mine = appointments.c.conversation_id == conversation_id
        found = await records.several(connection, mine, records.is_ahead(self.context.now()))
        return [record.ticket(self.context.key) for record in found]

    async def reschedule(self, connection: AsyncConnection, secret: str, starts_at: datetime) -> Ticket:
        """Moves an appointment to another time at the same office; the old seat returns after the usual delay.

        Raises `NotFound`, `WrongState` (only a confirmed one can be moved), `SlotFull`, `SlotClosed`, `TooEarly`,
        `TooLate` (the new time is too near, or the old one has come), `DayLimitReached`.
        """
        async with connection.begin_nested():
            return await changes.reschedule(connection, self.context, secret, starts_at)

    async def cancel(self, connection: AsyncConnection, secret: str) -> Appointment:
        """Cancels, or gives a hold back; a second time is no error.

        Raises `NotFound`, `WrongState` once checked in or missed, `TooLate` after its time has come.
        """
        async with connection.begin_nested():
            return await changes.cancel(connection, self.context, secret)

    async def wait_for(self, connection: AsyncConnection, wish: WaitWish, origin: Origin) -> Waiting:
        """Puts a conversation on the waiting list. When a seat frees, it is held for the first one, who gets one
        message (`NoticeKind.SEAT_FREE`) and confirms as usual. The same wish again keeps its place.

        Raises `TooEarly` or `TooLate` when none of the days can be booked; needs `origin.conversation_id`.
        """
        async with connection.begin_nested():
            return await waiting.wait_for(connection, self.context, wish, origin)

    async def waiting(self, connection: AsyncConnection, conversation_id: int) -> list[Waiting]:
        """What a conversation waits for."""
        return await waiting.waiting(connection, conversation_id)

    async def stop_waiting(self, connection: AsyncConnection, conversation_id: int) -> int:
        """Takes a conversation off the waiting list; returns from how many entries."""
        return await waiting.stop(connection, conversation_id)

    async def kept(self, connection: AsyncConnection, conversation_id: int) -> list[tuple[Appointment, date]]:
        """The appointments of a conversation that hold a name, by time, and the day on which it is deleted."""
        return await privacy.kept(connection, self.context, conversation_id)

    async def forget(self, connection: AsyncConnection, conversation_id: int) -> list[Ticket]:
        """Deletes name and phone of everything that is over, and the waiting; for a citizen who asks to be forgotten.

        Returns what is still to come: the office needs it; the citizen may cancel it first and ask again. Call it
        before the conversation is deleted, in one transaction.
        """
        async with connection.begin_nested():
            return await privacy.forget(connection, self.context, conversation_id)

    # The day at the office. `officer` is an account id, for the audit log. Other offices' codes are `NotFound`.

    async def day_list(self, connection: AsyncConnection, office_id: str, day: date) -> list[Appointment]:
        """Everybody of a day by time, the cancelled too; no holds and none that expired."""
        return await desk.day_list(connection, office_id, day)

    async def search(self, connection: AsyncConnection, office_id: str, text: str) -> list[Appointment]:
        """By reference, part of a name (accents do not matter) or the end of a phone, nearest day first; at most 50."""
        return await desk.search(connection, self.context, office_id, text)

    async def find(self, connection: AsyncConnection, office_id: str, code: str) -> Appointment:
        """By reference (in any way of typing it) or by the secret of a QR code. Raises `NotFound`."""
        return (await desk.find(connection, office_id, code)).view

    async def check_in(self, connection: AsyncConnection, office_id: str, code: str, officer: str) -> Appointment:
        """The citizen is here: gets a number. `code` as for `find`. A no-show of today who came after all, too.

        Raises `NotFound`, `WrongDay`, `WrongState`.
        """
        async with connection.begin_nested():
            return await desk.check_in(connection, self.context, office_id, code, officer)

    async def walk_in(
        self,
        connection: AsyncConnection,
        office_id: str,
        group_id: str,
        officer: str,
        *,
        name: str | None = None,
        minutes: int | None = None,
        procedure_code: str | None = None,
    ) -> Appointment:
        """A ticket for somebody without appointment: the next free walk-in seat of today, checked in at once.

        Online seats that can no longer be booked online (lead time) count as walk-in seats. Raises `SlotFull`, or
        `SlotClosed` when the office does not open any more today.
        """
        wish = Wish(office_id, group_id, self.context.now(), minutes, procedure_code)
        async with connection.begin_nested():
            return await desk.walk_in(connection, self.context, wish, name, officer)

    async def call_next(
        self, connection: AsyncConnection, office_id: str, group_id: str | None, counter: str, officer: str
    ) -> Appointment | None:
        """Calls the next of those who wait, of one group or of all, to a counter; None when nobody waits.

        Order: the booked time, or the check-in where that was later.
        """
        async with connection.begin_nested():
            return await desk.call_next(connection, self.context, office_id, group_id, counter, officer)

    async def finish(self, connection: AsyncConnection, office_id: str, reference: str, officer: str) -> Appointment:
        """The visit is done. Raises `NotFound` or `WrongState`."""
        async with connection.begin_nested():
            return await desk.finish(connection, self.context, office_id, reference, officer)

    async def no_show(self, connection: AsyncConnection, office_id: str, reference: str, officer: str) -> Appointment:
        """Did not come, or not when called. Raises `NotFound`, `WrongState`, or `NotYet` before the booked time."""
        async with connection.begin_nested():
            return await desk.no_show(connection, self.context, office_id, reference, officer)

    async def cancel_by_office(
        self, connection: AsyncConnection, office_id: str, reference: str, officer: str, why: str
    ) -> Appointment:
        """Cancels for the office; the citizen is told. Raises `NotFound` or `WrongState`."""
        async with connection.begin_nested():
            return await desk.cancel(connection, self.context, office_id, reference, officer, why)

    async def queue_display(self, connection: AsyncConnection, office_id: str) -> QueueDisplay:
        """Today's numbers for the waiting room."""
        return await desk.queue_display(connection, self.context, office_id)

    async def figures(self, connection: AsyncConnection, office_id: str, first: date, last: date) -> Figures:
        """Numbers of an office from `first` to `last`, both included."""
        return await overview.figures(connection, self.context, office_id, first, last)

    # The office's calendar. A change never drops an appointment: it returns those that no longer fit.

    async def calendar(
        self, connection: AsyncConnection, office_id: str, first: date | None = None, last: date | None = None
    ) -> OfficeCalendar:
        """Hours, slots, capacities; closures and special days from `first` (today) to `last` (the horizon)."""
        begin = first or today(self.context.now())
        end = last or begin + timedelta(days=(await self.policy(connection, office_id)).horizon_days)
        return (await calendars.load(connection, self.context, office_id, begin, end)).calendar

    async def policy(self, connection: AsyncConnection, office_id: str) -> BookingPolicy:
        """The rules that hold at an office."""
        return await calendars.policy_of(connection, self.context, office_id)

    async def week(
        self, connection: AsyncConnection, office_id: str, first: date, group_ids: Sequence[str] = ()
    ) -> list[WeekDay]:
        """Seven days from `first`: slots with their load of these groups (none: those that have capacity set or
        visits booked), and the appointments.
        """
        return await overview.week(connection, self.context, office_id, first, group_ids)

    async def set_hours(
        self, connection: AsyncConnection, office_id: str, hours: WeekHours, officer: str
    ) -> list[Conflict]:
        """Sets the weekly hours; they are no longer a default. Raises `InvalidCalendar`."""
        async with connection.begin_nested():
            return await settings.set_hours(connection, self.context, office_id, hours, officer)

    async def preview_hours(self, connection: AsyncConnection, office_id: str, hours: WeekHours) -> list[Conflict]:
        """What `set_hours` would hit; changes nothing."""
        return await settings.preview_hours(connection, self.context, office_id, hours)

    async def set_slot_minutes(self, connection: AsyncConnection, office_id: str, minutes: int, officer: str) -> None:
        """Sets how long a slot is: a divisor of 60 or a multiple of it that divides the day.

        Raises `InvalidCalendar`, or `CalendarInUse` while visits are to come.
        """
        async with connection.begin_nested():
            await settings.set_slot_minutes(connection, self.context, office_id, minutes, officer)

    async def set_capacity(
        self, connection: AsyncConnection, office_id: str, group_id: str, online: int, walk_in: int, officer: str
    ) -> list[Conflict]:
        """Sets the seats of a slot; 0 and 0: the office does not take this group. Raises `InvalidCalendar`."""
        async with connection.begin_nested():
            return await settings.set_capacity(connection, self.context, office_id, group_id, online, walk_in, officer)

    async def preview_capacity(
        self, connection: AsyncConnection, office_id: str, group_id: str, online: int, walk_in: int
    ) -> list[Conflict]:
        """What `set_capacity` would hit; changes nothing."""
        return await settings.preview_capacity(connection, self.context, office_id, group_id, online, walk_in)

    async def set_policy(
        self, connection: AsyncConnection, office_id: str, changes: dict[str, object], officer: str
    ) -> BookingPolicy:
        """Sets rules of one office by name, None takes one back to the default.

        Raises pydantic's `ValidationError`; `InvalidCalendar` for `slot_minutes`, see `set_slot_minutes`.
        """
        async with connection.begin_nested():
            return await settings.set_policy(connection, self.context, office_id, changes, officer)

    async def preview_closure(self, connection: AsyncConnection, office_id: str, closure: Closure) -> list[Conflict]:
        """The appointments that a closure would hit, with proposals; changes nothing (the "dry run")."""
        return await settings.preview_closure(connection, self.context, office_id, closure)

    async def add_closure(
        self, connection: AsyncConnection, office_id: str, closure: Closure, officer: str
    ) -> tuple[Closure, list[Conflict]]:
        """Closes the office for a time; nothing can be booked there from now on. Raises `InvalidCalendar`."""
        async with connection.begin_nested():
            return await settings.add_closure(connection, self.context, office_id, closure, officer)

    async def remove_closure(self, connection: AsyncConnection, office_id: str, closure_id: str, officer: str) -> None:
        """Opens it again. Raises `NotFound`."""
        async with connection.begin_nested():
            await settings.remove_closure(connection, self.context, office_id, closure_id, officer)

    async def set_special_day(
        self, connection: AsyncConnection, office_id: str | None, special: SpecialDay, officer: str
    ) -> list[Conflict]:
        """Opens or closes one day against weekly hours and holidays, at one office or (None) at all.

        An office's own word wins over that for all. Conflicts are those of the one office; for all see `conflicts`.
        """
        async with connection.begin_nested():
            return await settings.set_special_day(connection, self.context, office_id, special, officer)

    async def clear_special_day(
        self, connection: AsyncConnection, office_id: str | None, day: date, officer: str
    ) -> list[Conflict]:
        """Takes such a word back."""
        async with connection.begin_nested():
            return await settings.clear_special_day(connection, self.context, office_id, day, officer)

    async def conflicts(self, connection: AsyncConnection, office_id: str) -> list[Conflict]:
        """All appointments to come that do not fit the calendar as it is, with proposals, by time."""
        rules = await conflicts.current_rules(connection, self.context, office_id)
        return await conflicts.find(connection, self.context, rules)

    async def move_conflicts(
        self, connection: AsyncConnection, office_id: str, moves: Sequence[Move], officer: str
    ) -> list[Moved]:
        """Moves confirmed appointments, each for itself; citizens are told through their channel.

        Raises `NotFound` for a reference that is not of this office; a move that does not work is in the result.
        """
        async with connection.begin_nested():
            return await conflicts.move(connection, self.context, office_id, moves, officer)

    async def _offer(
        self, connection: AsyncConnection, office_id: str, group_id: str, first: date, last: date
    ) -> tuple[Rules, seats.Load]:
        rules = await calendars.load(connection, self.context, office_id, first, last)
        begin, end = day_bounds(first)[0], day_bounds(last)[1]
        load = await seats.load_of(connection, office_id, begin, end, self.context.now(), group_id=group_id)
        return rules, load
