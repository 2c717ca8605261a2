"""The booking dialogue: what a message or a tap means to a booking, and what is asked or requested next."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from booking.types import WaitWish
from bot.appointments import choices, saying
from bot.appointments.frame import Frame, Said
from bot.appointments.hearing import Heard, matter_in
from bot.appointments.memory import Booking, Goal, Step
from bot.appointments.requests import Cancel, Confirm, ListMine, Release, StopWaiting, WaitFor
from bot.appointments.results import BOTH
from bot.appointments.venues import bookable, nearest, takes
from bot.decide import Decision, Kind
from bot.types import Block, Choice, RecordKind, RecordRef, Reply
from bot.when.read import read
from bot.when.types import ProblemKind, Wish

_HOUR = re.compile(r"\s*(\d{1,2})\s*")
_REFERENCE = re.compile(r"\b([0-9A-Z]{2})[-\s]?([0-9A-Z]{4})\b")
_SURE = 0.3
"""Probability from which on a matter is taken for the one meant. Lower than for an answer: the citizen reads it again
before anything is booked."""
_NEAREST = 4
_MOST_OFFICES = 8


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One message in its conversation. `memory` is the booking under way, `topic` what was talked about last."""

    frame: Frame
    memory: Booking | None
    topic: str | None
    offered: tuple[Choice, ...] = ()
    """The dialogue's choices of the last reply."""

    # -- a message that begins a booking, or asks for those there are

    def start(self, heard: Heard) -> Said:
        """A message that speaks of appointments."""
        goal = _goal(heard)
        if heard.does("stop_waiting"):
            return self.frame.pending(None, StopWaiting())
        if heard.does("accept"):
            return self.accept()
        if goal is not Goal.BOOK:
            wish = heard.wish or None
            return self.frame.pending(Booking(goal=goal, when=wish, reference=_reference(heard.query.text)), ListMine())
        memory = self.memory if self.memory and self.memory.goal is Goal.BOOK else Booking()
        return self._filled(memory.model_copy(update={"slot": None, "choosing": False}), heard, with_matter=True)

    def accept(self) -> Said:
        """The seat offered from the waiting list is taken."""
        return self.frame.pending(Booking(accepting=True), ListMine())

    # -- a message while a booking is under way

    def go_on(self, heard: Heard) -> Said | None:
        """What the message does for the booking; None: it is about something else."""
        memory = self.memory
        if memory is None:
            return None
        if memory.goal is not Goal.BOOK and heard.does("book"):
            return replace(self, memory=None).start(heard)
        if memory.goal is Goal.BOOK and _goal(heard) is Goal.VIEW:
            return self.frame.pending(memory.model_copy(update={"viewing": True}), ListMine())
        if heard.does("stop_waiting") or (_goal(heard) is not Goal.BOOK and memory.step is not Step.SURE):
            return self.start(heard)
        if memory.step is Step.SURE:
            return self._sure(memory, heard) or self._not_understood(memory, heard)
        if _leaves(heard):
            return self.leave()
        if memory.step is Step.WHICH:
            return self._which(memory, heard) or self._not_understood(memory, heard)
        if heard.does("wait"):
            return self._wait(memory, heard)
        if heard.told:
            return self._person(memory, heard)
        return self._more(memory, heard) or self._not_understood(memory, heard)

    def leave(self) -> Said:
        """The booking is given up; an appointment that was to be changed stays."""
        if self.memory and self.memory.goal is not Goal.BOOK:
            return self.frame.said(Reply(blocks=(saying.text("left_kept"),)))
        return self.frame.pending(None, Release(), (saying.text("left"),))

    def _more(self, memory: Booking, heard: Heard) -> Said | None:
        """Time, place or matter; a question is answered elsewhere."""
        fresh = memory.model_copy(update={"choosing": False, "after": None})
        if heard.does("later", "earlier", "other_day") and not heard.wish.options and memory.office:
            return self._other_times(fresh, heard)
        hour = _HOUR.fullmatch(heard.query.text) if memory.step is Step.TIME else None
        if hour:
            heard = replace(heard, wish=read(f"{hour[1]} giờ", self.frame.now))
        if heard.asks and not heard.wish and not (heard.named.offices and memory.step is Step.OFFICE):
            return None
        correcting = "correction" in heard.cues or "booking" in heard.cues
        with_matter = memory.step is Step.MATTER or correcting
        if not (heard.wish or heard.named.offices or with_matter):
            return None
        said = self._filled(fresh, heard, with_matter=with_matter)
        told_nothing = not (heard.wish or heard.named.offices) and said.memory == fresh and said.request is None
        return None if told_nothing and memory.step is not Step.MATTER else said

    def _filled(self, memory: Booking, heard: Heard, *, with_matter: bool) -> Said:
        """The booking with what the message says added, then what is still missing."""
        memory = _with_people(memory, heard)
        if heard.wish:
            memory = memory.model_copy(update={"when": (memory.when or Wish()).then(heard.wish)})
        if heard.named.one is not None:
            memory = memory.model_copy(update={"office": heard.named.one.id})
        if with_matter and memory.goal is Goal.BOOK:
            found = self._with_matter(memory, heard)
            if isinstance(found, Said):
                return found
            memory = found
            if memory.subject is None and self.offered and memory.step is Step.MATTER:
                return self._same_again(memory, heard)
        if len(heard.named.offices) > 1 and memory.subject:
            return self._which_office(memory, heard)
        able = memory.subject is not None and bookable(self.frame.procedure(memory))
        noted = heard.wish.options and able and memory.office is None
        return self.frame.advance(memory, (saying.text("noted_time"),) if noted else ())

    # -- the matter

    def _same_again(self, memory: Booking, heard: Heard) -> Said:
        """Time or place was told where the matter was asked for: kept, and asked again."""
        lead = (saying.text("noted"),) if heard.wish.options or heard.named.offices else ()
        reply = Reply(blocks=(*lead, saying.text("which_of")), choices=self.offered)
        return replace(self.frame.said(reply, memory), sources=self._refs_of_matters())

    def _refs_of_matters(self) -> tuple[RecordRef, ...]:
        """The procedures among which the matter was to be chosen, and the groups that word them."""
        codes = {choice.code for choice in self.offered if choice.code}
        groups = self.frame.library.knowledge.groups.values()
        asked = [group.id for group in groups if codes and codes <= {variant.code for variant in group.variants}]
        refs = [RecordRef(kind=RecordKind.PROCEDURE, id=code) for code in sorted(codes)]
        return (*refs, *(RecordRef(kind=RecordKind.GROUP, id=ident) for ident in asked))

    def _with_matter(self, memory: Booking, heard: Heard) -> Booking | Said:
        """The booking with its matter, or the question which one."""
        found = matter_in(self.frame.library, heard, None)
        if found.service is not None:
            return memory.model_copy(update={"group": found.service.id, "code": None})
        if found.decision is None:
            return self._of_topic(memory)
        return self._decided(memory, found.decision)

    def _of_topic(self, memory: Booking) -> Booking:
        """Nothing was named: what was talked about, unless something is known."""
        if memory.subject is not None or self.topic is None:
            return memory
        return memory.model_copy(update={"code": self.topic, "group": None})

    def _decided(self, memory: Booking, decision: Decision) -> Booking | Said:
        knowledge = self.frame.library.knowledge
        asking = memory.model_copy(update={"step": Step.MATTER})
        if decision.kind is Kind.ANSWER and decision.target and decision.score >= _SURE:
            return memory.model_copy(update={"code": decision.target, "group": None})
        if decision.kind is Kind.GROUP and decision.target:
            group = knowledge.groups[decision.target[2:]]
            reply = saying.ask_which_matter(group.question, [(v.code, v.label) for v in group.variants])
            return replace(self.frame.said(reply, asking), sources=(RecordRef(kind=RecordKind.GROUP, id=group.id),))
        if decision.kind is Kind.CHOOSE:
            codes = [item.target for item in decision.candidates]
            known = [p for code in codes if (p := knowledge.procedure(code)) is not None]
            question = saying.text("which_of").text
            reply = saying.ask_which_matter(question, [(p.code, p.display_name) for p in known])
            refs = tuple(RecordRef(kind=RecordKind.PROCEDURE, id=p.code) for p in known)
            return replace(self.frame.said(reply, asking), sources=refs)
        if memory.subject is not None:
            return memory
        return self.frame.said(saying.ask_matter(saying.text("unknown_matter")), asking)

    # -- place, time, person

    def _which_office(self, memory: Booking, heard: Heard) -> Said:
        procedure = self.frame.procedure(memory)
        able = [office for office in heard.named.offices if takes(office, procedure)]
        if len(able) <= 1:
            only = able[0] if able else heard.named.offices[0]
            return self.frame.advance(memory.model_copy(update={"office": only.id}))
        return self._offer_offices(memory, [office.id for office in able[:_MOST_OFFICES]], "which_of_offices")

    def _offer_offices(self, memory: Booking, ids: list[str], key: str) -> Said:
        offices = [self.frame.library.knowledge.offices[ident] for ident in ids]
        reply = saying.ask_which_office((), offices, self.frame.subject(memory), key)
        refs = tuple(RecordRef(kind=RecordKind.OFFICE, id=ident) for ident in ids)
        asking = memory.model_copy(update={"office": None, "step": Step.OFFICE, "slot": None})
        return replace(self.frame.said(reply, asking), sources=(*self.frame.refs(memory), *refs))

    def near(self, memory: Booking, latitude: float, longitude: float) -> Said:
        """The centres nearest to a shared place."""
        procedure = self.frame.procedure(memory)
        able = [office for office in self.frame.library.knowledge.offices.values() if takes(office, procedure)]
        close = [office.id for office in nearest(able, latitude, longitude, _NEAREST)]
        return self._offer_offices(memory, close, "nearest") if close else self.frame.advance(memory)

    def _other_times(self, memory: Booking, heard: Heard) -> Said:
        """Other times than those shown: on other days, or all over again."""
        shown = [tap for choice in self.offered if (tap := choices.read(choice.id)) and tap.kind == "n"]
        last = shown[0].at if shown else memory.slot
        after = last if heard.does("later") and not heard.does("earlier") else None
        return self.frame.advance(memory.model_copy(update={"choosing": True, "after": after, "when": None}))

    def _wait(self, memory: Booking, heard: Heard) -> Said:
        """Onto the waiting list for the days that were wished."""
        when = (memory.when or Wish()).then(heard.wish) if heard.wish else memory.when
        days = when.days if when else ()
        if memory.office is None or memory.subject is None or not days or days[0].last is None:
            return self.frame.said(Reply(blocks=(saying.text("no_waiting_day"),)), memory)
        seat = self.frame.find_times(memory)
        wish = WaitWish(seat.office_id, seat.group_id, days[0].first, days[0].last, seat.minutes, memory.code)
        return self.frame.pending(memory, WaitFor(wish))

    def _person(self, memory: Booking, heard: Heard) -> Said | None:
        """A name or a phone came: the seat is booked once both are there."""
        memory = _with_people(memory, heard)
        if memory.slot is None:
            return self._more(memory, heard) or self._not_understood(memory, heard)
        if heard.given >= BOTH:
            return self.frame.pending(memory, Confirm(memory.for_other, memory.helper))
        missing = saying.missing_person(heard.given, for_other=memory.for_other)
        if heard.told - heard.given:
            missing = saying.text("phone_wrong")
        return self.frame.said(Reply(blocks=(missing,), choices=(saying.leave(),)), memory)

    # -- appointments that there are

    def _sure(self, memory: Booking, heard: Heard) -> Said | None:
        if heard.does("refuse", "leave") and not heard.does("cancel"):
            return self.leave()
        if heard.does("agree", "cancel") and memory.reference:
            return self.frame.pending(None, Cancel(memory.reference))
        return None

    def _which(self, memory: Booking, heard: Heard) -> Said | None:
        reference = _reference(heard.query.text)
        if reference is None and not heard.wish:
            return None
        return self.frame.pending(memory.model_copy(update={"reference": reference, "when": heard.wish}), ListMine())

    # -- keeping the thread

    def held_choices(self) -> tuple[tuple[Choice, ...], tuple[RecordRef, ...]]:
        """The choices to repeat after something else was answered, with the records they name.

        Times are not repeated but offered to be looked up again: they may be gone by now.
        """
        memory = self.memory
        if memory is None:
            return (), ()
        if memory.step is Step.TIME and memory.office:
            again = choices.move(memory.reference) if memory.reference else None
            again = again or choices.office(memory.office, self.frame.subject(memory))
            return (saying.choice(again, "times_again"), saying.keep() if memory.reference else saying.leave()), ()
        if memory.step is Step.WHICH:
            return (saying.choice(choices.MINE, "mine"), saying.keep()), ()
        taps = [tap for choice in self.offered if (tap := choices.read(choice.id)) and tap.kind == "o"]
        refs = [RecordRef(kind=RecordKind.OFFICE, id=tap.office) for tap in taps if tap.office]
        return self.offered, (*refs, *self._refs_of_matters())

    def prompt(self) -> Block | None:
        """What the booking waits for, to be said after something else was answered."""
        if self.memory is None or self.memory.goal is Goal.VIEW:
            return None
        return saying.text(f"going_on_{self.memory.step.value}")

    def not_understood(self) -> Said | None:
        """The message was none of what was asked for, nor anything else."""
        memory = self.memory
        if memory is None or memory.goal is Goal.VIEW:
            return None
        if memory.step is Step.MATTER:
            return self.frame.said(saying.ask_matter(saying.text("unknown_matter")), memory)
        if memory.step is Step.TIME and memory.goal is Goal.BOOK:
            return self.frame.advance(memory.model_copy(update={"choosing": True}), (saying.text("not_understood"),))
        unknown = {Step.OFFICE: "office_unknown", Step.PERSON: "person_unknown"}
        key = unknown.get(memory.step, f"going_on_{memory.step.value}")
        offered, refs = self.held_choices()
        return replace(self.frame.said(Reply(blocks=(saying.text(key),), choices=offered), memory), sources=refs)

    def _not_understood(self, memory: Booking, heard: Heard) -> Said | None:
        """A short message that asks nothing was meant as an answer."""
        return self.not_understood() if heard.is_short and memory.step is not Step.MATTER else None


def _goal(heard: Heard) -> Goal:
    for goal in (Goal.MOVE, Goal.CANCEL, Goal.VIEW):
        if heard.does(goal.value):
            return goal
    return Goal.BOOK


def _leaves(heard: Heard) -> bool:
    """ "thôi khỏi", but not "thôi, chiều mốt đi"."""
    vague = heard.wish.has(ProblemKind.VAGUE)
    return heard.does("leave") and not (heard.wish and not vague) and not heard.named.offices and not heard.told


def _with_people(memory: Booking, heard: Heard) -> Booking:
    helper = memory.helper or heard.does("helper")
    return memory.model_copy(update={"helper": helper, "for_other": memory.for_other or helper or heard.does("other")})


def _reference(text: str) -> str | None:
    """An appointment's code as somebody types it."""
    found = _REFERENCE.search(text.upper())
    return f"{found[1]}-{found[2]}" if found and any(c.isdigit() for c in found[0]) else None
