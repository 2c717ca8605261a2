"""What a tapped choice means to the dialogue."""

from __future__ import annotations

from dataclasses import dataclass

from booking.types import WaitWish
from bot.appointments import choices
from bot.appointments.choices import Tap
from bot.appointments.dialogue import Dialogue
from bot.appointments.frame import Frame, Said
from bot.appointments.memory import Booking, Goal
from bot.appointments.requests import Cancel, ListMine, Move, StopWaiting, WaitFor
from bot.appointments.services import services
from bot.appointments.venues import takes


@dataclass(frozen=True, slots=True)
class Taps:
    """The taps of one turn."""

    dialogue: Dialogue

    @property
    def frame(self) -> Frame:
        """What the dialogue works with."""
        return self.dialogue.frame

    @property
    def memory(self) -> Booking | None:
        """The booking under way."""
        return self.dialogue.memory

    def tap(self, choice: str) -> Said | None:
        """A tapped choice; None: it leads nowhere (any more)."""
        tap = choices.read(choice)
        if tap is None or not self._known(tap):
            return None
        simple = self._simple(tap)
        return simple or self._chosen(tap)

    def book(self, code: str) -> Said:
        """The button under a procedure's answer."""
        memory = self.memory if self.memory and self.memory.goal is Goal.BOOK else Booking()
        chosen = {"code": code, "group": None, "slot": None, "choosing": False}
        return self.frame.advance(memory.model_copy(update=chosen))

    def _known(self, tap: Tap) -> bool:
        known = tap.subject is None or self.frame.knows(tap.subject)
        return known and (tap.office is None or tap.office in self.frame.library.knowledge.offices)

    def _simple(self, tap: Tap) -> Said | None:
        match tap.kind, tap.reference, tap.at:
            case "x", _, _:
                return self.dialogue.leave()
            case "l", _, _:
                return self.frame.pending(Booking(goal=Goal.VIEW), ListMine())
            case "a", _, _:
                return self.dialogue.accept()
            case "u", _, _:
                return self.frame.pending(None, StopWaiting())
            case "m", str(reference), _:
                when = self.memory.when if self.memory and self.memory.goal is Goal.MOVE else None
                return self.frame.pending(Booking(goal=Goal.MOVE, reference=reference, when=when), ListMine())
            case "c", str(reference), _:
                return self.frame.pending(Booking(goal=Goal.CANCEL, reference=reference), ListMine())
            case "y", str(reference), _:
                return self.frame.pending(None, Cancel(reference))
            case "t", str(reference), at if at is not None:
                memory = self.memory if self.memory and self.memory.reference == reference else None
                return self.frame.pending(memory or Booking(goal=Goal.MOVE, reference=reference), Move(reference, at))
        return None

    def _chosen(self, tap: Tap) -> Said | None:
        """Counter, office or time."""
        memory = self._with_subject(tap)
        if tap.kind == "p" and tap.latitude is not None and tap.longitude is not None:
            if memory.subject is None:
                return self.frame.advance(memory)
            return self.dialogue.near(memory, tap.latitude, tap.longitude)
        if tap.office is not None:
            memory = memory.model_copy(update={"office": tap.office})
        if tap.kind == "s" and tap.at is not None and tap.office is not None:
            return self._at_once(memory, tap)
        if tap.kind == "h":
            memory = memory.model_copy(update={"helper": True, "for_other": True, "when": None})
        if tap.kind == "n":
            return self.frame.advance(memory.model_copy(update={"after": tap.at, "choosing": True}))
        if tap.kind == "w" and tap.first is not None and tap.last is not None:
            seat = self.frame.find_times(memory)
            wish = WaitWish(seat.office_id, seat.group_id, tap.first, tap.last, seat.minutes, memory.code)
            return self.frame.pending(memory, WaitFor(wish))
        return self.frame.advance(memory)

    def _at_once(self, memory: Booking, tap: Tap) -> Said:
        office, procedure = self.frame.office(memory), self.frame.procedure(memory)
        if tap.at is None or office is None or not takes(office, procedure):
            return self.frame.advance(memory)
        return self.frame.pending(memory, self.frame.hold(memory, tap.at))

    def _with_subject(self, tap: Tap) -> Booking:
        memory = self.memory if self.memory and self.memory.goal is Goal.BOOK else Booking()
        memory = memory.model_copy(update={"choosing": False, "after": None, "slot": None})
        if tap.subject is None:
            return memory
        of_group = tap.subject in services()
        return memory.model_copy(
            update={"group": tap.subject if of_group else None, "code": None if of_group else tap.subject}
        )
