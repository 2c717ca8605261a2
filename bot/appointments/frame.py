"""What every step of the dialogue needs: the records, the message's time, and how a step ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from booking.types import ZONE, Wish
from bot.appointments import choices, saying
from bot.appointments.memory import Booking, Goal, Step
from bot.appointments.offices import OfficeFinder
from bot.appointments.requests import FindTimes, HoldSeat, Request
from bot.appointments.services import Service, minutes_of, service_of, services
from bot.appointments.venues import Reach, bookable, reach_of, takes
from bot.types import Block, Choice, RecordKind, RecordRef, Reply
from index.library import Library
from knowledge.models import Office, Procedure

_LOOK_AHEAD = 45
"""Days looked at; more than any office lets book, so that a day beyond can be told from one that is full."""
_FARTHEST = 400


@dataclass(frozen=True, slots=True)
class Said:
    """How a step ends: with a reply, or with a request whose result goes on. `memory` None: the booking is over."""

    reply: Reply
    memory: Booking | None = None
    request: Request | None = None
    sources: tuple[RecordRef, ...] = ()
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The records and the message that a step works with."""

    library: Library
    finder: OfficeFinder
    now: datetime
    given: frozenset[str]

    @property
    def today(self) -> date:
        """The day at the offices."""
        return self.now.astimezone(ZONE).date()

    def procedure(self, memory: Booking) -> Procedure | None:
        """What is to be done, if a procedure is known."""
        return self.library.knowledge.procedure(memory.code) if memory.code else None

    def office(self, memory: Booking) -> Office | None:
        """Where."""
        return self.library.knowledge.offices.get(memory.office) if memory.office else None

    def service(self, memory: Booking) -> Service:
        """The counter."""
        procedure = self.procedure(memory)
        return service_of(procedure) if procedure else services()[memory.group or ""]

    def matter(self, code: str | None, group: str) -> str:
        """What an appointment is for, in words."""
        procedure = self.library.knowledge.procedure(code) if code else None
        found = services().get(group)
        return procedure.display_name if procedure else found.name if found else group

    def office_name(self, ident: str) -> str:
        """The centre's name; its id where the knowledge no longer holds it."""
        office = self.library.knowledge.offices.get(ident)
        return office.name if office else ident

    def knows(self, subject: str) -> bool:
        """Whether a choice's subject is a counter, or a procedure that a counter takes."""
        procedure = self.library.knowledge.procedure(subject)
        return subject in services() or (procedure is not None and bookable(procedure))

    def refs(self, memory: Booking) -> tuple[RecordRef, ...]:
        """The records that a reply about this booking may speak of."""
        found = [RecordRef(kind=RecordKind.PROCEDURE, id=memory.code)] if memory.code else []
        return (*found, *([RecordRef(kind=RecordKind.OFFICE, id=memory.office)] if memory.office else []))

    # -- how steps end

    def pending(self, memory: Booking | None, request: Request, lead: Sequence[Block] = ()) -> Said:
        """Asks the booking room; `lead` is what is said before whatever comes of it."""
        reply = Reply(blocks=(*lead, saying.text("wait_a_moment")))
        return Said(reply, memory, request, self.refs(memory) if memory else (), memory.code if memory else None)

    def said(self, reply: Reply, memory: Booking | None = None, about: Booking | None = None) -> Said:
        """Ends with a reply. `about`: the booking that it speaks of, where none goes on."""
        subject = about or memory
        return Said(reply, memory, None, self.refs(subject) if subject else (), subject.code if subject else None)

    def advance(self, memory: Booking, lead: Sequence[Block] = ()) -> Said:
        """Asks for the first thing that is missing, or looks what is free."""
        if memory.goal is Goal.BOOK and memory.subject is None:
            return self.said(saying.ask_matter(*lead), _at(memory, Step.MATTER))
        procedure = self.procedure(memory)
        if memory.goal is Goal.BOOK and not bookable(procedure):
            return self._not_bookable(memory, lead)
        office = self.office(memory)
        if memory.goal is Goal.BOOK and office is not None and not takes(office, procedure):
            lead = (*lead, saying.text("not_at", office=office.name))
            return self._elsewhere(memory, lead)
        if office is None:
            return self._ask_office(memory, lead)
        return self.pending(_at(memory, Step.TIME), self.find_times(memory), lead)

    def find_times(self, memory: Booking) -> FindTimes:
        """What is free, as far ahead as can be booked, and on to the day that was wished."""
        wished = [days.first for days in memory.when.days] if memory.when else []
        far = max([_LOOK_AHEAD, *((day - self.today).days + 1 for day in wished)])
        last = self.today + timedelta(days=min(far, _FARTHEST))
        return FindTimes(memory.office or "", self._group(memory), self._minutes(memory), self.today, last)

    def hold(self, memory: Booking, at: datetime) -> HoldSeat:
        """Keep this time."""
        return HoldSeat(Wish(memory.office or "", self._group(memory), at, self._minutes(memory), memory.code))

    def subject(self, memory: Booking) -> str:
        """What choices say of the matter."""
        return memory.code or memory.group or ""

    def _group(self, memory: Booking) -> str:
        return memory.group if memory.goal is Goal.MOVE and memory.group else self.service(memory).id

    def _minutes(self, memory: Booking) -> int:
        return memory.minutes or minutes_of(self.service(memory), self.procedure(memory))

    def _not_bookable(self, memory: Booking, lead: Sequence[Block]) -> Said:
        procedure = self.procedure(memory)
        if procedure is None:
            return self.said(saying.ask_matter(*lead), _at(memory, Step.MATTER))
        key = "online_only" if reach_of(procedure) is Reach.ONLINE else "not_here"
        title = Block(kind="title", text=procedure.display_name)
        buttons = (Choice(id=f"p:{procedure.code}", label=procedure.display_name, code=procedure.code),)
        return self.said(Reply(blocks=(title, *lead, saying.text(key)), choices=buttons), None, memory)

    def _elsewhere(self, memory: Booking, lead: Sequence[Block]) -> Said:
        """The office named cannot take it: the province's is the only other, or the citizen's commune."""
        unplaced = memory.model_copy(update={"office": None})
        asked = self._ask_office(unplaced, lead)
        return replace(asked, sources=(*asked.sources, *self.refs(memory)))

    def _ask_office(self, memory: Booking, lead: Sequence[Block]) -> Said:
        procedure = self.procedure(memory)
        reach = reach_of(procedure)
        province = next((o for o in self.library.knowledge.offices.values() if o.level == "province"), None)
        if reach is Reach.PROVINCE and province is not None:
            placed = memory.model_copy(update={"office": province.id})
            return self.advance(placed, (*lead, saying.text("only_province", office=province.name)))
        button = None
        if province is not None and takes(province, procedure):
            button = saying.choice(choices.office(province.id, self.subject(memory)), "province")
        key = _REACHES.get(reach) if procedure else None
        lead = (*lead, saying.text("for", matter=procedure.display_name)) if procedure else lead
        return self.said(saying.ask_office(lead, key, button), _at(memory, Step.OFFICE))


_REACHES = {Reach.ANY: "office_any", Reach.COMMUNE: "office_own", Reach.BOTH: "office_both"}


def _at(memory: Booking, step: Step) -> Booking:
    return memory.model_copy(update={"step": step, "slot": None})
