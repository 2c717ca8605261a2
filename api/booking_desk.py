"""Carries out what the dialogue asks of the booking room, in the transaction of the turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.errors import (
    Barred,
    BookingError,
    HoldExpired,
    InvalidPerson,
    LimitReached,
    NotFound,
    SlotClosed,
    SlotFull,
    TooEarly,
    TooLate,
)
from booking.service import BookingService
from booking.types import Appointment, Hold, Origin, Person, State, Ticket
from bot.appointments.requests import (
    Booked,
    Cancel,
    Cancelled,
    Confirm,
    Done,
    FindTimes,
    Held,
    HoldSeat,
    ListMine,
    Mine,
    Move,
    Reason,
    Refused,
    Release,
    Request,
    Result,
    StopWaiting,
    Times,
    WaitFor,
    Waits,
)
from store import confided

MOST_ROUNDS = 8
"""Requests in one turn; a dialogue that asks for more goes round in circles."""
_REASONS: tuple[tuple[type[BookingError], Reason], ...] = (
    (SlotFull, Reason.FULL),
    (SlotClosed, Reason.CLOSED),
    (TooEarly, Reason.TOO_FAR),
    (TooLate, Reason.TOO_SOON),
    (LimitReached, Reason.LIMIT),
    (Barred, Reason.BARRED),
    (HoldExpired, Reason.EXPIRED),
    (NotFound, Reason.NOT_FOUND),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose turn it is."""

    conversation_id: int
    channel: str

    @property
    def origin(self) -> Origin:
        """Where a booking comes from; a conversation holds one seat at a time."""
        return Origin(self.channel, self.conversation_id, holder=f"conversation:{self.conversation_id}")


class BookingDesk:
    """The booking room as conversations reach it. `links` makes the addresses of a ticket that a channel can open."""

    def __init__(
        self, service: BookingService, links: Callable[[str, str], tuple[str | None, str | None]] | None = None
    ) -> None:
        self._service = service
        self._links = links or (lambda _channel, _reference: (None, None))

    async def fulfil(self, connection: AsyncConnection, caller: Caller, request: Request) -> Result:
        """Does what is asked. A refusal is a result; then nothing was changed."""
        try:
            return await self._do(connection, caller, request)
        except InvalidPerson as refused:
            await confided.forget(connection, caller.conversation_id, [refused.field])
            reason = Reason.NAME if refused.field == "name" else Reason.PHONE
            return Refused(reason, str(refused))
        except BookingError as refused:
            reason = next((reason for kind, reason in _REASONS if isinstance(refused, kind)), Reason.WRONG_STATE)
            return Refused(reason, str(refused))

    async def _do(self, connection: AsyncConnection, caller: Caller, request: Request) -> Result:
        match request:
            case FindTimes():
                return await self._times(connection, request)
            case HoldSeat(wish):
                hold = await self._service.hold(connection, wish, caller.origin)
                policy = await self._service.policy(connection, wish.office_id)
                return Held(_without_secret(hold), policy.keep_days)
            case Confirm():
                return await self._confirm(connection, caller, request)
            case Release():
                return await self._release(connection, caller)
            case ListMine():
                return await self._mine(connection, caller)
            case Cancel(reference):
                ticket = await self._own(connection, caller, reference)
                return Cancelled(_unnamed(await self._service.cancel(connection, ticket.secret)))
            case Move(reference, starts_at):
                ticket = await self._own(connection, caller, reference)
                moved = await self._service.reschedule(connection, ticket.secret, starts_at)
                return await self._booked(connection, caller, moved)
            case WaitFor(wish):
                return Waits(await self._service.wait_for(connection, wish, caller.origin))
            case StopWaiting():
                await self._service.stop_waiting(connection, caller.conversation_id)
                return Done()

    async def _times(self, connection: AsyncConnection, request: FindTimes) -> Times:
        asked = (request.office_id, request.group_id, request.first, request.last, request.minutes)
        calendar = await self._service.calendar(connection, request.office_id)
        policy = await self._service.policy(connection, request.office_id)
        return Times(
            request.office_id,
            tuple(await self._service.free_days(connection, *asked)),
            tuple(await self._service.free_slots(connection, *asked)),
            policy.horizon_days,
            policy.lead_minutes,
            calendar.hours_are_default,
        )

    async def _confirm(self, connection: AsyncConnection, caller: Caller, request: Confirm) -> Booked:
        held = next((t for t in await self._tickets(connection, caller) if t.appointment.state is State.HELD), None)
        if held is None:
            raise HoldExpired
        who = await confided.of(connection, caller.conversation_id, self._service.context.now())
        person = Person(who.name or "", who.phone or "", for_other=request.for_other, helper=request.helper)
        ticket = await self._service.confirm(connection, held.secret, person)
        await confided.forget(connection, caller.conversation_id)
        return await self._booked(connection, caller, ticket)

    async def _release(self, connection: AsyncConnection, caller: Caller) -> Done:
        for ticket in await self._tickets(connection, caller):
            if ticket.appointment.state is State.HELD:
                await self._service.release(connection, ticket.secret)
        await confided.forget(connection, caller.conversation_id)
        return Done()

    async def _mine(self, connection: AsyncConnection, caller: Caller) -> Mine:
        tickets = await self._tickets(connection, caller)
        waiting = await self._service.waiting(connection, caller.conversation_id)
        return Mine(tuple(_unnamed(ticket.appointment) for ticket in tickets), tuple(waiting))

    async def _booked(self, connection: AsyncConnection, caller: Caller, ticket: Ticket) -> Booked:
        view = ticket.appointment
        calendar = await self._service.calendar(connection, view.office_id, view.day, view.day)
        return Booked(_unnamed(view), calendar.hours_are_default, *self._links(caller.channel, view.reference))

    async def _own(self, connection: AsyncConnection, caller: Caller, reference: str) -> Ticket:
        """An appointment of this conversation. Another's is `NotFound`: a reference opens nothing."""
        for ticket in await self._tickets(connection, caller):
            if ticket.reference == reference:
                return ticket
        raise NotFound

    async def _tickets(self, connection: AsyncConnection, caller: Caller) -> list[Ticket]:
        return await self._service.find_mine(connection, caller.conversation_id)


def _unnamed(view: Appointment) -> Appointment:
    """Without name and phone, which no reply holds."""
    return replace(view, name=None, phone=None)


def _without_secret(hold: Hold) -> Hold:
    return replace(hold, secret="")
