"""Where the engine and the booking dialogue meet: what of a turn is the dialogue's, and how its steps become turns."""

from __future__ import annotations

from dataclasses import dataclass

from bot.appointments.choices import PREFIX
from bot.appointments.dialogue import Dialogue
from bot.appointments.frame import Frame, Said
from bot.appointments.hearing import Heard, hear
from bot.appointments.memory import Step
from bot.appointments.offices import OfficeFinder
from bot.appointments.requests import Result
from bot.appointments.results import Results
from bot.appointments.tapping import Taps
from bot.reports.requests import ReportRequest
from bot.rights.requests import DataRequest
from bot.types import Candidate, Choice, Message, Outcome, State, Topic, Turn, history
from index.library import Library

_ASIDE = frozenset({Outcome.OUT_OF_SCOPE, Outcome.SMALL_TALK})
"""What the engine could make nothing of, while the booking waits for an answer."""


@dataclass(frozen=True, slots=True)
class BookingTurn:
    """The dialogue's part of one turn."""

    library: Library
    finder: OfficeFinder
    state: State
    message: Message

    def tapped(self, choice: str) -> Turn | None:
        """A choice of the dialogue's; None when it leads nowhere."""
        said = Taps(self._dialogue()).tap(choice)
        return self._turn(said) if said else None

    def asked_for(self, code: str) -> Turn:
        """The button under the answer about a procedure."""
        return self._turn(Taps(self._dialogue()).book(code))

    def begun(self) -> Turn:
        """A message that speaks of appointments."""
        return self._turn(self._dialogue().start(self._heard()))

    def first_look(self) -> Turn | None:
        """What a message does for the booking under way; None: nothing."""
        said = self._dialogue().go_on(self._heard()) if self.state.booking else None
        return self._turn(said) if said else None

    def threaded(self, turn: Turn) -> Turn:
        """A turn about something else, with the booking's thread taken up again at its end."""
        dialogue = self._dialogue()
        prompt = dialogue.prompt()
        own = turn.outcome in (Outcome.BOOKING, Outcome.VOTE)
        if self.state.booking is None or own or prompt is None:
            return turn
        again = dialogue.not_understood() if turn.outcome in _ASIDE and not turn.procedures else None
        if again is not None:
            return self._turn(again)
        offered, refs = dialogue.held_choices()
        if turn.outcome is Outcome.ASK_BACK:
            offered, refs = turn.reply.choices, ()
        reply = turn.reply.model_copy(update={"blocks": (*turn.reply.blocks, prompt), "choices": offered})
        state = turn.state.model_copy(update={"booking": self.state.booking, "offered": offered})
        return turn.model_copy(update={"reply": reply, "state": state, "sources": (*turn.sources, *refs)})

    def resumed(self, turn: Turn, result: Result) -> Turn:
        """Goes on with a turn of the dialogue's after its request."""
        if turn.request is None or isinstance(turn.request, DataRequest | ReportRequest):
            return turn
        lead = turn.reply.blocks[:-1]
        said = Results(self._frame()).told(turn.state.booking, turn.request, result, lead)
        new = self._turn(said)
        sources = tuple(dict.fromkeys((*turn.sources, *new.sources)))
        procedures = new.procedures or turn.procedures
        return new.model_copy(
            update={"sources": sources, "grounds": (*turn.grounds, result), "procedures": procedures}
        )

    def _own_choices(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.state.offered if choice.id.startswith((PREFIX, "b:")))

    def _heard(self) -> Heard:
        booking = self.state.booking
        expected = booking is not None and booking.step is Step.OFFICE
        return hear(self.library, self.finder, self.message, place_expected=expected)

    def _frame(self) -> Frame:
        return Frame(self.library, self.finder, self.message.at, self.message.given)

    def _dialogue(self) -> Dialogue:
        topics = self.state.topics
        topic = topics[-1].id if topics and topics[-1].kind == "procedure" else None
        served = topic if topic and self.library.knowledge.procedure(topic) else None
        return Dialogue(self._frame(), self.state.booking, served, self._own_choices())

    def _turn(self, said: Said) -> Turn:
        topics = self.state.topics
        code = said.topic
        if code is not None:
            topics = history(topics, Topic(kind="procedure", id=code, at=self.message.at))
        procedure = self.library.knowledge.procedure(code) if code else None
        named = (Candidate(code=procedure.code, name=procedure.display_name, probability=1.0),) if procedure else ()
        state = self.state.model_copy(
            update={
                "topics": topics, "offered": said.reply.choices, "pending_aspects": (), "pending_text": "",
                "last_outcome": Outcome.BOOKING, "last_at": self.message.at, "plan": None, "booking": said.memory,
            }
        )  # fmt: skip
        return Turn(
            state=state,
            reply=said.reply,
            outcome=Outcome.BOOKING,
            sources=said.sources,
            procedures=named,
            request=said.request,
            knowledge_version=self.library.version,
        )
