"""Shows and deletes what is kept of a conversation, when its citizen asks for it, in the transaction of the turn."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.errors import NotFound, TooLate, WrongState
from booking.service import BookingService
from booking.types import ZONE, Appointment, State
from bot.rights.requests import (
    DataDeleted,
    DataKept,
    DataRequest,
    DataResult,
    DeleteData,
    KeptAppointment,
    RetentionRules,
)
from feed import reports
from feed.report_telling import withdraw_all
from store import confided, erasure

_RECENT = 5
_LONGEST = 160
"""Characters of a message that are shown."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose data it is, and the message that asks."""

    conversation_id: int
    message_id: int


class DataDesk:
    """A citizen's data as conversations reach them."""

    def __init__(self, booking: BookingService, rules: RetentionRules) -> None:
        self._booking = booking
        self._rules = rules

    async def fulfil(self, connection: AsyncConnection, asking: Asking, request: DataRequest) -> DataResult:
        """Does what is asked, in the caller's transaction, with the conversation locked."""
        if isinstance(request, DeleteData):
            return await self._delete(connection, asking)
        return await self._show(connection, asking.conversation_id)

    async def _show(self, connection: AsyncConnection, conversation_id: int) -> DataKept:
        now = self._booking.context.now()
        log = await erasure.kept_of(connection, conversation_id, _RECENT)
        waiting = await self._booking.waiting(connection, conversation_id)
        told = await confided.of(connection, conversation_id, now)
        return DataKept(
            since=log.since.astimezone(ZONE).date(),
            messages=log.messages,
            recent=tuple(_short(text) for text in log.recent),
            votes=log.votes,
            appointments=await self._appointments(connection, conversation_id),
            waiting=len(waiting),
            confided=bool(told.given),
            rules=self._rules,
            reports=tuple(sent.code for sent in await reports.of_conversation(connection, conversation_id)),
        )

    async def _delete(self, connection: AsyncConnection, asking: Asking) -> DataDeleted:
        """Appointments first: cancelling needs the conversation they belong to."""
        mine = asking.conversation_id
        cancelled = await self._cancel(connection, mine)
        await self._booking.forget(connection, mine)
        remaining = await self._appointments(connection, mine)
        await withdraw_all(connection, mine, self._booking.context.now())
        erased = await erasure.erase(connection, mine, asking.message_id, self._booking.context.now())
        return DataDeleted(erased.messages, erased.votes, tuple(cancelled), remaining)

    async def _cancel(self, connection: AsyncConnection, conversation_id: int) -> list[Appointment]:
        """Cancels what is to come, by office, which is the order of locks; one whose time has come stays."""
        cancelled = []
        tickets = await self._booking.find_mine(connection, conversation_id)
        for ticket in sorted(tickets, key=lambda ticket: ticket.appointment.office_id):
            with suppress(NotFound, TooLate, WrongState):
                view = await self._booking.cancel(connection, ticket.secret)
                if ticket.appointment.state is not State.HELD:
                    cancelled.append(_unnamed(view))
        return sorted(cancelled, key=lambda view: view.starts_at)

    async def _appointments(self, connection: AsyncConnection, conversation_id: int) -> tuple[KeptAppointment, ...]:
        found = await self._booking.kept(connection, conversation_id)
        return tuple(self._kept(view, until) for view, until in found)

    def _kept(self, view: Appointment, until: date) -> KeptAppointment:
        to_come = view.state is State.CONFIRMED and view.starts_at > self._booking.context.now()
        return KeptAppointment(_unnamed(view), until, to_come)


def _unnamed(view: Appointment) -> Appointment:
    return replace(view, name=None, phone=None)


def _short(text: str) -> str:
    """One line of a message, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
