"""Goes on with what the booking room told: times to offer, a seat held, an appointment made, moved or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.types import ZONE, Appointment, State
from bot.appointments import saying
from bot.appointments.frame import Frame, Said
from bot.appointments.memory import Booking, Goal, Step
from bot.appointments.proposing import propose
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
from bot.appointments.venues import Reach, near_first, reach_of
from bot.types import Block, RecordKind, RecordRef, Reply
from bot.when.types import Clock, Days, Option, Wish
from knowledge.models import Office

_TIME_GONE = frozenset({Reason.FULL, Reason.CLOSED, Reason.TOO_FAR, Reason.TOO_SOON})
_NEIGHBOURS = 2
BOTH = frozenset({"name", "phone"})


@dataclass(frozen=True, slots=True)
class Results:
    """What follows from a result."""

    frame: Frame

    def told(self, memory: Booking | None, request: Request, result: Result, lead: Sequence[Block]) -> Said:
        """Goes on after `request`; `lead` was to be said before its result."""
        current = memory or Booking(goal=Goal.VIEW)
        match result:
            case Times():
                return self._times(current, result, lead)
            case Held():
                return self._held(current, result, lead)
            case Booked():
                return self._booked(current, result, moved=isinstance(request, Move))
            case Mine():
                return self._mine(current, result)
            case Cancelled():
                return self._cancelled(result)
            case Waits():
                return self._waits(result)
            case Done():
                return self._done(request, memory, lead)
            case Refused():
                return self._refused(current, request, result, lead)

    def _times(self, memory: Booking, times: Times, lead: Sequence[Block]) -> Said:
        office = self.frame.office(memory)
        if office is None:
            return self.frame.advance(memory, lead)
        found = propose(times, memory.when, self.frame.now, memory.after)
        if found.take is not None and not memory.choosing:
            if memory.goal is Goal.MOVE and memory.reference:
                return self.frame.pending(memory, Move(memory.reference, found.take.starts_at), lead)
            return self.frame.pending(memory, self.frame.hold(memory, found.take.starts_at), lead)
        if found.take is not None:
            found = propose(times, None, self.frame.now)
        moving = memory.reference if memory.goal is Goal.MOVE else None
        near = self._neighbours(memory, office) if found.full and moving is None else []
        reply = saying.offer(lead, times, found, office, self.frame.subject(memory), moving, near)
        said = self.frame.said(reply, memory.model_copy(update={"step": Step.TIME, "choosing": False, "after": None}))
        refs = tuple(RecordRef(kind=RecordKind.OFFICE, id=other.id) for other in near)
        return replace(said, sources=(*said.sources, *refs))

    def _neighbours(self, memory: Booking, office: Office) -> list[Office]:
        """The nearest centres that could take it as well, where any may."""
        procedure = self.frame.procedure(memory)
        if reach_of(procedure) is not Reach.ANY:
            return []
        return near_first(self.frame.library.knowledge.offices.values(), office)[:_NEIGHBOURS]

    def _held(self, memory: Booking, seat: Held, lead: Sequence[Block]) -> Said:
        first = memory.slot is None
        kept = memory.model_copy(
            update={"slot": seat.hold.starts_at, "step": Step.PERSON, "accepting": False}
        )
        if self.frame.given >= BOTH:
            return self.frame.pending(kept, Confirm(kept.for_other, kept.helper), lead)
        return self._ask_person(kept, seat, lead, first=first)

    def _ask_person(self, memory: Booking, seat: Held, lead: Sequence[Block], *, first: bool) -> Said:
        office = self.frame.office(memory)
        if office is None:
            return self.frame.advance(memory, lead)
        matter = self.frame.matter(memory.code, seat.hold.group_id)
        missing = saying.missing_person(self.frame.given, for_other=memory.for_other or memory.helper)
        return self.frame.said(saying.held(lead, seat, office, matter, missing, first=first), memory)

    def _booked(self, memory: Booking, result: Booked, *, moved: bool) -> Said:
        view = result.appointment
        about = Booking(code=view.procedure_code, group=view.group_id, office=view.office_id)
        office, procedure = self.frame.office(about), self.frame.procedure(about)
        if office is None:
            return self.frame.said(Reply(blocks=(saying.text("line_code", reference=view.reference),)))
        matter = self.frame.matter(view.procedure_code, view.group_id)
        reply = saying.booked(result, office, matter, procedure, moved=moved, helper=memory.helper and not moved)
        return self.frame.said(reply, None, about)

    # -- what the conversation has

    def _mine(self, memory: Booking, found: Mine) -> Said:
        if memory.accepting:
            return self._accepted(memory, found)
        if memory.viewing:
            reply = self._list(found)
            prompt = saying.text(f"going_on_{memory.step.value}")
            reply = reply.model_copy(update={"blocks": (*reply.blocks, prompt)})
            return self.frame.said(reply, memory.model_copy(update={"viewing": False}))
        confirmed = [view for view in found.appointments if view.state is State.CONFIRMED]
        if memory.goal is Goal.VIEW or not confirmed:
            return self.frame.said(self._list(found))
        wanted = _meant(memory, confirmed)
        if len(wanted) != 1:
            cancelling = memory.goal is Goal.CANCEL
            reply = saying.which("which_cancel" if cancelling else "which_move", wanted, cancelling)
            return self.frame.said(reply, memory.model_copy(update={"step": Step.WHICH}))
        view = wanted[0]
        chosen = memory.model_copy(
            update={
                "reference": view.reference, "office": view.office_id, "group": view.group_id,
                "code": view.procedure_code, "minutes": view.minutes, "step": Step.SURE,
            }
        )  # fmt: skip
        if memory.goal is Goal.CANCEL:
            return self.frame.said(saying.sure(view, self.frame.office_name(view.office_id)), chosen)
        office = self.frame.office_name(view.office_id)
        lead = saying.text("move_ask", reference=view.reference, at=saying.moment(view.starts_at), office=office)
        return self.frame.advance(chosen, (lead,))

    def _list(self, found: Mine) -> Reply:
        lines = [self._line(view) for view in found.appointments]
        waiting = [saying.waiting_line(entry, self.frame.office_name(entry.wish.office_id)) for entry in found.waiting]
        return saying.mine(found, lines, waiting)

    def _line(self, view: Appointment) -> str:
        matter = self.frame.matter(view.procedure_code, view.group_id)
        return saying.line(view, self.frame.office_name(view.office_id), matter)

    def _accepted(self, memory: Booking, found: Mine) -> Said:
        """Takes the seat that was held for one who waited: the hold is renewed, and who comes is asked for."""
        view = next((view for view in found.appointments if view.state is State.HELD), None)
        if view is None:
            return self.frame.said(Reply(blocks=(saying.text("hold_lost"),)))
        kept = memory.model_copy(
            update={
                "goal": Goal.BOOK, "office": view.office_id, "group": view.group_id, "code": view.procedure_code,
                "minutes": view.minutes, "slot": view.starts_at, "step": Step.PERSON, "accepting": False,
            }
        )  # fmt: skip
        if self.frame.given >= BOTH:
            return self.frame.pending(kept, Confirm(kept.for_other, kept.helper))
        missing = saying.missing_person(self.frame.given, for_other=False)
        return self.frame.said(Reply(blocks=(missing,), choices=(saying.leave(),)), kept)

    def _cancelled(self, result: Cancelled) -> Said:
        view = result.appointment
        block = saying.text("cancelled", reference=view.reference, at=saying.moment(view.starts_at))
        return self.frame.said(Reply(blocks=(block,)))

    def _waits(self, result: Waits) -> Said:
        entry = result.waiting
        office = self.frame.office_name(entry.wish.office_id)
        block = saying.text("waits", office=office, days=saying.days(entry), place=entry.place)
        about = Booking(office=entry.wish.office_id, code=entry.wish.procedure_code)
        return self.frame.said(Reply(blocks=(block,)), None, about)

    def _done(self, request: Request, memory: Booking | None, lead: Sequence[Block]) -> Said:
        if isinstance(request, StopWaiting):
            return self.frame.said(Reply(blocks=(saying.text("waiting_over"),)), memory)
        return self.frame.said(Reply(blocks=tuple(lead) or (saying.text("left"),)))

    # -- refusals

    def _refused(self, memory: Booking, request: Request, why: Refused, lead: Sequence[Block]) -> Said:
        told = Block(kind="text", text=why.text)
        again = memory.model_copy(update={"choosing": True, "slot": None})
        match request:
            case HoldSeat() | Move() if why.reason in _TIME_GONE:
                return self.frame.advance(self._at_time(again, request), (told,))
            case Confirm() if why.reason is Reason.EXPIRED and memory.slot is not None and not memory.choosing:
                renewed = memory.model_copy(update={"choosing": True})
                return self.frame.pending(renewed, self.frame.hold(memory, memory.slot), lead)
            case Confirm() if why.reason in (Reason.CLOSED, Reason.EXPIRED):
                return self.frame.advance(again, (told,))
            case Confirm() if why.reason in (Reason.NAME, Reason.PHONE):
                key = "phone_wrong" if why.reason is Reason.PHONE else "name_wrong"
                return self.frame.said(Reply(blocks=(saying.text(key),), choices=(saying.leave(),)), memory)
            case Confirm():
                return self.frame.pending(None, Release(), (*lead, told, saying.text("limit_hint")))
            case FindTimes() | HoldSeat() | Move() | ListMine() | Cancel() | WaitFor() | StopWaiting() | Release():
                return self.frame.said(Reply(blocks=(*lead, told)))

    def _at_time(self, memory: Booking, request: HoldSeat | Move) -> Booking:
        """Where only a button said the time: offers what is near it."""
        at = request.wish.starts_at if isinstance(request, HoldSeat) else request.starts_at
        return memory if memory.when else memory.model_copy(update={"when": wish_at(at)})


def _meant(memory: Booking, views: Sequence[Appointment]) -> list[Appointment]:
    """The appointments that are meant: the one named, those on a day that was said, or all."""
    named = [view for view in views if view.reference == memory.reference]
    if named:
        return named
    said = memory.when if memory.goal is Goal.CANCEL else None
    on_day = [view for view in views if said and said.admits(view.starts_at)]
    return on_day or list(views)


def wish_at(at: datetime) -> Wish:
    """The wish for exactly this time."""
    local = at.astimezone(ZONE)
    return Wish((Option(Days.only(local.date()), Clock(local.time())),))
