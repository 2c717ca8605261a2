"""Where the engine and the report dialogue meet: what of a turn is the report's, and how its steps become turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.appointments.offices import OfficeFinder
from bot.cues import Cues
from bot.reports import choices, hearing, saying
from bot.reports.codes import code_in
from bot.reports.dialogue import Dialogue, Heard
from bot.reports.frame import Frame, Said
from bot.reports.memory import Report, Step
from bot.reports.requests import (
    DropReport,
    Joined,
    JoinReport,
    Known,
    ListReports,
    LookUp,
    Quoted,
    ReportRequest,
    ReportResult,
    ReportsOff,
    Sent,
    Similar,
    Unknown,
)
from bot.types import Choice, Message, Outcome, RecordKind, RecordRef, Reply, State, Turn
from index.aspects import Asked
from index.library import Library
from index.query import Query

_OWN = frozenset({Outcome.REPORT, Outcome.VOTE, Outcome.ERASED})


@dataclass(frozen=True, slots=True)
class ReportTurn:
    """The dialogue's part of one turn."""

    library: Library
    finder: OfficeFinder
    state: State
    message: Message

    def looked_up(self) -> Turn | None:
        """A message with the code of a report, or one that asks for one's own; None: neither."""
        if self.message.choice is not None:
            return None
        code = code_in(self.message.text)
        if code is not None:
            return self._turn(self._frame().pending(self.state.report, LookUp(code)))
        if hearing.asks_for_own(self.message.text):
            return self._turn(self._frame().pending(self.state.report, ListReports()))
        return None

    def tapped(self, choice: str) -> Turn | None:
        """A choice of the dialogue's, or a location for the report under way; None: neither."""
        said = self._dialogue().tap(choice) if choice.startswith(choices.PREFIX) or self._active else None
        return self._turn(said) if said else None

    def begun(self, query: Query, cues: Cues, asked: Asked) -> Turn | None:
        """A message that says that it is a report, or tells of a public problem; None: neither."""
        about = hearing.report_cues(query)
        by_cue = "report" in cues and "problems" not in about and not hearing.is_formal(about)
        if by_cue or hearing.is_said(query, about, asked):
            return self._turn(self._dialogue().begin(self.message.text))
        if self.state.report is None and hearing.is_problem(about, asked):
            return self._turn(self._dialogue().offer(self.message.text))
        return None

    def said(self, query: Query, asked: Asked) -> Turn | None:
        """A message that says that it is a report, while something else is under way; None for any other."""
        said = hearing.is_said(query, hearing.report_cues(query), asked)
        return self._turn(self._dialogue().begin(self.message.text)) if said else None

    def first_look(self, query: Query, cues: Cues, asked: Asked) -> Turn | None:
        """What a message does for the report under way; None: nothing."""
        if not self._active and not self._is_offered:
            return None
        heard = Heard(self.message.text, query, cues, hearing.report_cues(query), asked)
        said = self._dialogue().go_on(heard)
        return self._turn(said) if said else None

    def offered_too(self, turn: Turn) -> Turn:
        """A turn that knows no answer to what sounds like a complaint or proposal: a report is offered, too."""
        busy = self.state.report is not None or self.state.booking is not None
        known = turn.outcome is not Outcome.OUT_OF_SCOPE or turn.sources
        if busy or known or self.message.kind not in ("complaint", "proposal"):
            return turn
        what = hearing.one_line(self.message.text)[: hearing.LONGEST_WHAT]
        offer = saying.offer()
        reply = turn.reply.model_copy(update={"blocks": (*turn.reply.blocks, *offer.blocks), "choices": offer.choices})
        memory = Report(step=Step.OFFER, what=what)
        state = turn.state.model_copy(update={"report": memory, "offered": offer.choices})
        return turn.model_copy(update={"reply": reply, "state": state, "outcome": Outcome.REPORT})

    def threaded(self, turn: Turn) -> Turn | None:
        """The turn with the report's thread taken up again; None where no such thread comes first."""
        memory = turn.state.report
        if memory is None or turn.request is not None or turn.outcome in _OWN:
            own = turn.outcome is Outcome.REPORT and (turn.request is not None or memory is not None)
            return turn if own else None
        prompt = saying.going_on(memory.step)
        if prompt is None:
            return self._with(turn, None)
        if turn.state.booking is not None and (memory.shelved or turn.outcome is Outcome.BOOKING):
            return self._with(turn, memory.model_copy(update={"shelved": True})) if not memory.shelved else None
        held = turn.reply.choices if turn.outcome is Outcome.ASK_BACK else self._held
        reply = turn.reply.model_copy(update={"blocks": (*turn.reply.blocks, prompt), "choices": held})
        changed = {"report": memory.model_copy(update={"shelved": False}), "offered": held}
        refs = tuple(RecordRef(kind=RecordKind.OFFICE, id=ident) for ident in self._named_in(held))
        state = turn.state.model_copy(update=changed)
        return turn.model_copy(update={"reply": reply, "state": state, "sources": (*turn.sources, *refs)})

    def resumed(self, turn: Turn, result: ReportResult) -> Turn:
        """Goes on with a turn of the dialogue's after its request."""
        request = turn.request
        lead = turn.reply.blocks[:-1]
        said = self._told(turn.state.report, request, result)
        reply = said.reply.model_copy(update={"blocks": (*lead, *said.reply.blocks)})
        new = self._turn(Said(reply, said.memory, said.request, said.sources))
        return new.model_copy(update={"grounds": (*turn.grounds, *new.grounds, result)})

    def _told(self, memory: Report | None, request: object, result: ReportResult) -> Said:
        frame = self._frame()
        match result:
            case Similar(reports) if memory is not None:
                if not reports:
                    return frame.advance(memory)
                return frame.said(saying.ask_similar(reports, frame.commune), memory)
            case Sent():
                return frame.said(saying.sent(result), None)
            case Joined(state):
                return frame.said(saying.joined(state), None)
            case Known(reports):
                one = isinstance(request, LookUp) and reports
                reply = saying.state(reports[0], frame.commune(reports[0].commune)) if one else saying.mine(reports)
                return self._beside(reply, memory)
            case Unknown(code) if isinstance(request, JoinReport):
                lead = saying.text("not_joined", code=code)
                return frame.advance(memory, (lead,)) if memory else frame.advance(Report(), (lead,))
            case Unknown(code):
                return self._beside(Reply(blocks=(saying.text("unknown", code=code),)), memory)
            case ReportsOff():
                return frame.said(Reply(blocks=(saying.text("off"),)), None)
            case _:
                assert isinstance(request, DropReport)
                return frame.said(Reply(blocks=(saying.text("left"),)), None)

    def _beside(self, reply: Reply, memory: Report | None) -> Said:
        """A reply about other reports than the one under way, whose thread is taken up again."""
        prompt = saying.going_on(memory.step) if memory and self._active else None
        if prompt is not None:
            reply = reply.model_copy(update={"blocks": (*reply.blocks, prompt), "choices": self._held})
        return self._frame().said(reply, memory)

    @property
    def _active(self) -> bool:
        report = self.state.report
        shelved = report is not None and report.shelved and self.state.booking is not None
        return report is not None and not shelved and report.step is not Step.OFFER

    @property
    def _is_offered(self) -> bool:
        report = self.state.report
        return report is not None and report.step is Step.OFFER

    @property
    def _held(self) -> tuple[Choice, ...]:
        """The dialogue's choices of the last reply."""
        return tuple(choice for choice in self.state.offered if choice.id.startswith(choices.PREFIX))

    def _named_in(self, held: Sequence[Choice]) -> list[str]:
        """The centres whose communes are among the choices."""
        read = [choices.read(choice.id) for choice in held]
        return [ident for kind, ident in read if kind == choices.IS_OFFICE]

    def _with(self, turn: Turn, memory: Report | None) -> Turn:
        return turn.model_copy(update={"state": turn.state.model_copy(update={"report": memory})})

    def _frame(self) -> Frame:
        message = self.message
        return Frame(self.library, self.finder, message.given, message.told, message.photos)

    def _dialogue(self) -> Dialogue:
        return Dialogue(self._frame(), self.state.report, self.state.offered)

    def _turn(self, said: Said) -> Turn:
        request: ReportRequest | None = said.request
        state = self.state.model_copy(
            update={
                "offered": said.reply.choices, "pending_aspects": (), "pending_text": "", "plan": None,
                "last_outcome": Outcome.REPORT, "last_at": self.message.at, "report": said.memory,
            }
        )  # fmt: skip
        return Turn(
            state=state,
            reply=said.reply,
            outcome=Outcome.REPORT,
            sources=said.sources,
            request=request,
            grounds=self._quoted(said.memory),
            knowledge_version=self.library.version,
        )

    def _quoted(self, memory: Report | None) -> tuple[ReportResult, ...]:
        """The citizen's own words, which the reply may repeat."""
        own = (memory.what, saying.shown(memory.what), memory.place) if memory else ()
        return (Quoted((*own, str(self.message.photos))),)
