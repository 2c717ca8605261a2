"""What every step of the report dialogue needs: the records, the message, and how a step ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.appointments.offices import OfficeFinder
from bot.reports import saying
from bot.reports.memory import Report, Step
from bot.reports.requests import FindSimilar, ReportRequest
from bot.types import Block, RecordKind, RecordRef, Reply
from index.library import Library
from knowledge.models import Office

_FORMAL = ("giải quyết khiếu nại lần đầu", "giải quyết tố cáo")
"""Procedures of complaints and denunciations by law, as they are looked for in the knowledge."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a step ends: with a reply, or with a request whose result goes on. `memory` None: no report is under way."""

    reply: Reply
    memory: Report | None = None
    request: ReportRequest | None = None
    sources: tuple[RecordRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The records and the message that a step works with."""

    library: Library
    finder: OfficeFinder
    given: frozenset[str]
    """What of "name" and "phone" was confided; the dialogue never sees them themselves."""
    told: frozenset[str]
    """What of it this message told."""
    photos: int

    @property
    def offices(self) -> Mapping[str, Office]:
        """The centres by id."""
        return self.library.knowledge.offices

    def commune(self, ident: str | None) -> str | None:
        """A commune's name."""
        office = self.offices.get(ident) if ident else None
        return (office.commune or office.name) if office else None

    def said(self, reply: Reply, memory: Report | None, offices: Iterable[Office] = ()) -> Said:
        """Ends with a reply; `offices`: those that it names."""
        idents = [*([memory.commune] if memory and memory.commune else []), *(office.id for office in offices)]
        return Said(reply, memory, None, tuple(RecordRef(kind=RecordKind.OFFICE, id=ident) for ident in idents))

    def pending(self, memory: Report | None, request: ReportRequest, lead: Sequence[Block] = ()) -> Said:
        """Asks the feed; `lead` is what is said before whatever comes of it."""
        return Said(Reply(blocks=(*lead, saying.text("wait"))), memory, request)

    def advance(self, memory: Report, lead: Sequence[Block] = ()) -> Said:
        """Asks for the first thing that is missing, or whether it shall be sent."""
        if not memory.what:
            return self.said(saying.ask_what(lead), _at(memory, Step.WHAT))
        if not memory.placed:
            return self.said(saying.ask_place(lead), _at(memory, Step.PLACE))
        if not memory.compared:
            asking = _at(memory, Step.SIMILAR).model_copy(update={"compared": True})
            request = FindSimilar(memory.what, memory.commune, memory.latitude, memory.longitude)
            return self.pending(asking, request, lead)
        if memory.call_back is None:
            return self.said(saying.ask_contact(lead, known="phone" in self.given), _at(memory, Step.CONTACT))
        reply = saying.summary(memory, self.commune(memory.commune), self.photos, lead)
        return self.said(reply, _at(memory, Step.SURE))

    def again(self, memory: Report, lead: Sequence[Block] = ()) -> Said:
        """Asks once more what was asked."""
        if memory.step is Step.SIMILAR:
            memory = memory.model_copy(update={"compared": False})
        return self.advance(memory, lead)

    def formal(self, memory: Report | None) -> Said:
        """Where complaints and denunciations by law go: the procedures that the knowledge holds."""
        found = [self._named(name) for name in _FORMAL]
        named = [procedure for procedure in found if procedure is not None]
        refs = tuple(RecordRef(kind=RecordKind.PROCEDURE, id=code) for code, _ in named)
        return Said(saying.formal(named, goes_on=memory is not None), memory, None, refs)

    def _named(self, name: str) -> tuple[str, str] | None:
        """The most likely procedure whose name holds the last two words of this one."""
        kernel = " ".join(name.split()[2:4])
        for candidate in self.library.rank(self.library.analyse(name)).candidates:
            procedure = self.library.knowledge.procedure(candidate.target)
            if procedure is not None and kernel in procedure.name.lower():
                return procedure.code, procedure.display_name
        return None


def _at(memory: Report, step: Step) -> Report:
    return memory.model_copy(update={"step": step})
