"""The report dialogue: what a message or a tap means to a report, and what is asked or requested next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.appointments.choices import read as read_place
from bot.appointments.hearing import speaks_of_appointments
from bot.appointments.offices import Named
from bot.appointments.venues import nearest
from bot.cues import Cues
from bot.reports import choices, hearing, saying
from bot.reports.frame import Frame, Said
from bot.reports.memory import Report, Step
from bot.reports.requests import DropReport, JoinReport, ListReports, LookUp, SendReport
from bot.types import Block, Choice
from index.aspects import Asked
from index.query import Query
from index.text import procedure_codes
from knowledge.models import Office

_SOCIAL = ("greeting", "thanks", "goodbye", "who")
_FEW = 4
_NEAREST = 4
_MOST_OFFICES = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """A message read in every way that a report may need."""

    text: str
    query: Query
    cues: Cues
    about: Cues
    asked: Asked

    @property
    def is_social(self) -> bool:
        """Whether it is a greeting, thanks or the like."""
        return any(cue in self.cues for cue in _SOCIAL) and len(self.query.words) <= _FEW

    @property
    def is_aside(self) -> bool:
        """Whether it is about a procedure or an appointment and not about the report."""
        return (
            self.is_social
            or hearing.is_question(self.asked, self.about)
            or bool(procedure_codes(self.text))
            or (speaks_of_appointments(self.query, self.cues) and "problems" not in self.about)
        )


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One message in its conversation. `memory` is the report under way."""

    frame: Frame
    memory: Report | None
    offered: tuple[Choice, ...] = ()

    def begin(self, text: str) -> Said:
        """A message that says that it is a report, perhaps with all that belongs to it."""
        memory = Report(what=hearing.matter_in(text))
        lead = (saying.text("noted_what", what=saying.shown(memory.what)),) if memory.what else ()
        return self._placed_by(memory, text, lead) if memory.what else self.frame.advance(memory)

    def offer(self, text: str) -> Said:
        """A message that tells of a problem: shall it be reported?"""
        what = hearing.one_line(text)[: hearing.LONGEST_WHAT]
        return self.frame.said(saying.offer(), Report(step=Step.OFFER, what=what))

    def go_on(self, heard: Heard) -> Said | None:
        """What the message does for the report; None: it is about something else."""
        memory = self.memory
        if memory is None:
            return None
        if memory.step is Step.OFFER:
            return self._offered(memory, heard.text)
        answered = self._short_answer(memory, heard.text)
        if answered is not None:
            return answered
        if hearing.answers(heard.text, "leave"):
            return self.leave()
        if heard.is_aside:
            return None
        return self._edited(memory, heard.text) or self._told(memory, heard)

    def leave(self) -> Said:
        """The report is given up."""
        return self.frame.pending(None, DropReport())

    # -- taps

    def tap(self, choice: str) -> Said | None:
        """A tapped choice; None: it is none of these, or leads nowhere (any more)."""
        kind, named = choices.read(choice)
        match kind:
            case choices.IS_LOOK:
                return self.frame.pending(self.memory, LookUp(named))
            case choices.IS_JOIN:
                return self.frame.pending(self.memory, JoinReport(named))
            case choices.MINE:
                return self.frame.pending(self.memory, ListReports())
            case choices.LEAVE:
                return self.leave()
            case choices.NEW:
                return self._begin_offered()
            case choices.PHOTO:
                return self._photo()
        return self._tap_within(self.memory, kind, named) if self.memory else None

    def _tap_within(self, memory: Report, kind: str, named: str) -> Said | None:
        place = read_place(kind)
        if place is not None and place.latitude is not None and place.longitude is not None:
            return self._near(memory, place.latitude, place.longitude)
        match kind:
            case choices.IS_OFFICE if named in self.frame.offices:
                chosen = {"commune": named, "placed": True, "compared": False}
                return self.frame.advance(memory.model_copy(update=chosen))
            case choices.NO_PLACE:
                return self.frame.advance(memory.model_copy(update={"placed": True}))
            case choices.OWN:
                return self.frame.advance(memory.model_copy(update={"compared": True}))
            case choices.NO_CALL:
                return self.frame.advance(memory.model_copy(update={"call_back": False}))
            case choices.CALL:
                return self._agreed_to_call(memory)
            case choices.SEND if memory.step is Step.SURE:
                return self.send(memory)
            case choices.SEND:
                return self.frame.again(memory)
            case choices.EDIT_WHAT:
                return self._edit(memory, "what", "")
            case choices.EDIT_PLACE:
                return self._edit(memory, "place", "")
            case choices.EDIT_CONTACT:
                return self._edit(memory, "contact", "")
        return None

    def _begin_offered(self) -> Said:
        memory = self.memory
        if memory is None or memory.step is not Step.OFFER:
            return self.frame.again(memory) if memory else self.frame.advance(Report())
        return self.begin(memory.what)

    def _photo(self) -> Said:
        count, memory = self.frame.photos, self.memory
        if memory is None or memory.step is Step.OFFER:
            return self.frame.said(saying.offer("offer_photo"), memory or Report(step=Step.OFFER))
        lead = saying.text("photo_kept", count=count) if count else saying.text("photo_none")
        return self.frame.again(memory, (lead,))

    # -- short answers

    def _offered(self, memory: Report, text: str) -> Said | None:
        if hearing.answers(text, "agree"):
            return self.begin(memory.what)
        if hearing.answers(text, "refuse") or hearing.answers(text, "leave"):
            return self.leave()
        return None

    def _short_answer(self, memory: Report, text: str) -> Said | None:
        """The message as no more than an answer to what was asked."""
        match memory.step:
            case Step.PLACE if hearing.answers(text, "unknown"):
                return self.frame.advance(memory.model_copy(update={"placed": True}))
            case Step.SIMILAR if hearing.answers(text, "own"):
                return self.frame.advance(memory.model_copy(update={"compared": True}))
            case Step.SIMILAR if hearing.answers(text, "join"):
                return self._join_offered(memory)
            case Step.CONTACT if hearing.answers(text, "refuse"):
                return self.frame.advance(memory.model_copy(update={"call_back": False}))
            case Step.CONTACT if hearing.answers(text, "agree"):
                return self._agreed_to_call(memory)
            case Step.SURE if hearing.answers(text, "agree"):
                return self.send(memory)
        return None

    def _join_offered(self, memory: Report) -> Said:
        read = [choices.read(choice.id) for choice in self.offered]
        codes = [named for kind, named in read if kind == choices.IS_JOIN]
        return self.frame.pending(memory, JoinReport(codes[0])) if len(codes) == 1 else self.frame.again(memory)

    def _agreed_to_call(self, memory: Report) -> Said:
        if "phone" in self.frame.given:
            return self.frame.advance(memory.model_copy(update={"call_back": True}))
        return self._ask_contact(memory, "ask_phone")

    def _ask_contact(self, memory: Report, key: str) -> Said:
        reply = saying.ask_contact((), known=False, key=key)
        return self.frame.said(reply, memory.model_copy(update={"step": Step.CONTACT, "call_back": None}))

    def send(self, memory: Report) -> Said:
        """It is right as it is."""
        if memory.call_back and "phone" not in self.frame.given:
            return self._ask_contact(memory, "phone_gone")
        place = (memory.commune, memory.latitude, memory.longitude)
        return self.frame.pending(memory, SendReport(memory.what, memory.place, *place, bool(memory.call_back)))

    # -- what is told

    def _told(self, memory: Report, heard: Heard) -> Said | None:
        begins_another = hearing.is_said(heard.query, heard.about, heard.asked) and hearing.matter_in(heard.text)
        if memory.step not in (Step.WHAT, Step.PLACE) and begins_another:
            return self.begin(heard.text)
        match memory.step:
            case Step.WHAT:
                return self._what(memory, heard)
            case Step.PLACE:
                return self._place(memory, heard.text)
            case Step.CONTACT | Step.SURE if self.frame.told:
                return self._contact(memory)
            case Step.SURE if (office := self._communes(heard.text, expected=True)) and office.one is not None:
                return self._place(_unplaced(memory), heard.text)
        return self.frame.again(memory, (saying.text("not_understood"),))

    def _what(self, memory: Report, heard: Heard) -> Said:
        if hearing.is_formal(heard.about):
            return self.frame.formal(memory)
        what = hearing.matter_in(heard.text)
        if not what:
            return self.frame.again(memory, (saying.text("not_understood"),))
        told = memory.model_copy(update={"what": what, "compared": False})
        return self.frame.advance(told) if told.placed else self._placed_by(told, heard.text)

    def _place(self, memory: Report, text: str) -> Said:
        """Where it is; asks once for the commune where none was named."""
        named = self._communes(text, expected=True)
        line = hearing.one_line(text)[: hearing.LONGEST_PLACE]
        place = ", ".join(part for part in (memory.place, line) if part)[: hearing.LONGEST_PLACE]
        told = memory.model_copy(update={"place": place, "asked_commune": True, "compared": False})
        if len(named.offices) > 1:
            return self._which(told, named.offices, "which_commune")
        if named.one is not None:
            bare = hearing.plain(line) == hearing.plain(named.one.commune or "") or not named.rest.strip()
            kept = {"place": memory.place if bare else place, "commune": named.one.id, "placed": True}
            return self.frame.advance(told.model_copy(update=kept))
        if memory.asked_commune:
            return self.frame.advance(told.model_copy(update={"placed": True}))
        return self.frame.said(saying.ask_place((), key="ask_commune"), told.model_copy(update={"step": Step.PLACE}))

    def _placed_by(self, memory: Report, text: str, lead: Sequence[Block] = ()) -> Said:
        """The report with the commune that its matter names, if it names one."""
        named = self._communes(text, expected=False)
        if len(named.offices) > 1:
            return self._which(memory, named.offices, "which_commune", lead)
        found = {"commune": named.one.id, "placed": True} if named.one else {}
        return self.frame.advance(memory.model_copy(update=found), lead)

    def _near(self, memory: Report, latitude: float, longitude: float) -> Said:
        """A shared location: it is kept, and the communes around it are offered."""
        where = {"latitude": latitude, "longitude": longitude, "asked_commune": True, "compared": False}
        told = memory.model_copy(update=where)
        if not told.what:
            return self.frame.advance(told)
        communes = [office for office in self.frame.offices.values() if office.level == "commune"]
        return self._which(told, nearest(communes, latitude, longitude, _NEAREST), "near_commune")

    def _which(self, memory: Report, offices: Sequence[Office], key: str, lead: Sequence[Block] = ()) -> Said:
        shown = list(offices[:_MOST_OFFICES])
        pairs = [(office.id, office.commune or office.name) for office in shown]
        asking = memory.model_copy(update={"step": Step.PLACE, "commune": None, "placed": False})
        return self.frame.said(saying.ask_place(lead, pairs, key), asking, shown)

    def _contact(self, memory: Report) -> Said:
        if "phone" in self.frame.given:
            return self.frame.advance(memory.model_copy(update={"call_back": True}))
        return self._ask_contact(memory, "phone_wrong" if "phone" in self.frame.told else "ask_phone")

    def _communes(self, text: str, *, expected: bool) -> Named:
        """The communes named; the province's own centre is no place of a problem."""
        found = self.frame.finder.find(hearing.without_centres(text), expected=expected)
        communes = tuple(office for office in found.offices if office.level == "commune")
        return Named(communes, found.rest)

    # -- corrections

    def _edited(self, memory: Report, text: str) -> Said | None:
        part = hearing.edited(text)
        return self._edit(memory, *part) if part else None

    def _edit(self, memory: Report, part: str, said: str) -> Said:
        match part:
            case "what":
                what = hearing.matter_in(said)
                return self.frame.advance(memory.model_copy(update={"what": what, "compared": False}))
            case "place":
                anew = _unplaced(memory)
                return self._place(anew, said) if said else self.frame.advance(anew)
        if self.frame.told:
            return self._contact(memory)
        return self.frame.advance(memory.model_copy(update={"call_back": None}))


def _unplaced(memory: Report) -> Report:
    nowhere = {"place": "", "commune": None, "latitude": None, "longitude": None}
    return memory.model_copy(update=nowhere | {"placed": False, "asked_commune": False, "compared": False})
